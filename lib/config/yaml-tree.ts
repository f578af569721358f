import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, type ParsedNode, type Scalar } from "yaml";
import { quote } from "../model/suggest";

/** A mistake in how a document is put together, with the offset of the node that is to blame. */
export interface TreeProblem {
  readonly rule: string;
  readonly summary: string;
  readonly detail: string;
  readonly offset: number;

  /** As the parser spells it, if the mistake is a tag. */
  readonly tag?: string;

  /** Whether the values can't be put together with it. With the others the rest of the file can be checked as well. */
  readonly isFatal?: true;
}

/** Tags of what YAML writes without any. */
const PLAIN_TAG = /^!$|^tag:yaml\.org,2002:(str|int|float|bool|null|map|seq)$/;

/** With all aliases written out, a document must not hold more than this many values. */
const MAX_UNFOLDED = 2_000_000;

/**
 * Keys that stand twice, keys that are no text, tags that make something else of a value, and aliases that unfold into too much. The parser's own check of keys
 * compares each with all others, which takes minutes for a file of megabytes; this one takes a single walk.
 */
export function treeProblems(document: Document.Parsed<ParsedNode>): readonly TreeProblem[] {
  const problems: TreeProblem[] = [];
  const pending: unknown[] = [document.contents];
  let nodes = 0;
  let aliases = 0;
  let firstAlias = 0;
  while (pending.length > 0) {
    const node = pending.pop();
    nodes += 1;
    const tag = isNode(node) ? node.tag : undefined;
    if (tag !== undefined && !PLAIN_TAG.test(tag)) {
      const summary = `the tag ${quote(tag.replace("tag:yaml.org,2002:", "!!"))} is not known here`;
      const offset = (node as Node).range?.[0] ?? 0;
      problems.push({ rule: "yaml/tag", summary, detail: "Remove the tag.", offset, tag });
    }
    if (isAlias(node)) {
      if (aliases === 0) firstAlias = node.range?.[0] ?? 0;
      aliases += 1;
    } else if (isSeq(node)) for (const item of node.items) pending.push(item);
    else if (isMap(node)) {
      for (const problem of keyProblems(node)) problems.push(problem);
      for (const { value } of node.items) pending.push(value);
    }
  }
  if (aliases * nodes > MAX_UNFOLDED) {
    const summary = `the file uses ${aliases} aliases (*name) on ${nodes} values, which may unfold into too many`;
    problems.push({ rule: "yaml/alias", summary, detail: "Write the values out.", offset: firstAlias, isFatal: true });
  }
  return problems;
}

/** As the values have it: a key that is null is one without text. */
export function keyText({ value }: Scalar): string {
  // The parser has a symbol for the merge key, which may stand more than once.
  return typeof value === "symbol" ? "<<" : String(value ?? "");
}

function* keyProblems(map: Node & { readonly items: readonly { readonly key: unknown }[] }): Generator<TreeProblem> {
  const seen = new Set<string>();
  for (const { key } of map.items) {
    const offset = (key as Node | null)?.range?.[0] ?? map.range?.[0] ?? 0;
    if (!isScalar(key)) {
      yield {
        rule: "yaml/key",
        summary: "a key is a mapping, a list or an alias",
        detail: "Keys are plain text.",
        offset,
        isFatal: true,
      };
      continue;
    }
    const text = keyText(key);
    if (text === "__proto__") {
      yield { rule: "yaml/key", summary: `the key ${quote(text)} is not allowed`, detail: "Remove it.", offset };
    } else if (seen.has(text) && text !== "<<") {
      const detail = "Only one of the two can hold. Remove the other.";
      yield {
        rule: "yaml/duplicate-key",
        summary: `the key ${quote(text)} stands twice in one mapping`,
        detail,
        offset,
      };
    }
    seen.add(text);
  }
}
