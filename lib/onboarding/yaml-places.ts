import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import { EditRefused } from "./plan-types";

/** A YAML file whose entries can be found by line. Lines count from 0; ranges end before their second number. */
export class YamlPlaces {
  private readonly counter = new LineCounter();
  private readonly document: Document.Parsed;

  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {
    const options = { lineCounter: this.counter, keepSourceTokens: true, prettyErrors: false };
    this.document = parseDocument(text, options);
  }

  map(...path: readonly string[]): YAMLMap | undefined {
    const found = this.find(path);
    return isMap(found) ? found : undefined;
  }

  seq(...path: readonly string[]): YAMLSeq | undefined {
    const found = this.find(path);
    return isSeq(found) ? found : undefined;
  }

  /** Offsets of the value at `path` in the text, comments behind it left out. */
  range(...path: readonly string[]): readonly [number, number] | undefined {
    const node = this.find(path);
    const range = isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
    return range ? [range[0], range[1]] : undefined;
  }

  /**
   * The text in which lines can be added below the key at `path`: without an empty `{}` or `[]`, or a `null`, that stands
   * behind it. @throws EditRefused if something else does
   */
  opened(...path: readonly string[]): string {
    const node = this.find(path);
    if (!isNode(node) || (isCollection(node) && !node.flow)) return this.text;
    const [start, end] = this.range(...path) ?? [0, 0];
    const written = this.text.slice(start, end);
    const isNothing = isScalar(node) ? node.value === null : /^[[{]\s*[\]}]$/.test(written);
    if (!isNothing) {
      const how = isAlias(node) ? "as an alias" : "in braces";
      throw this.refusal(this.keyLine(...path), `${path.join(".")}: is written ${how}`);
    }
    return written === "" ? this.text : this.text.slice(0, start).trimEnd() + this.text.slice(end);
  }

  /** That what stands on a line has a form that can't be edited here. */
  refusal(line: number | undefined, what: string): EditRefused {
    const repair = "Write it as an indented block, one entry per line, without anchors and aliases.";
    return new EditRefused(`${this.file}:${(line ?? 0) + 1}`, what, repair);
  }

  /** Refuses to take an entry out that an alias elsewhere in the file repeats. */
  requireUnshared({ name, firstLine, endLine }: PlacedEntry): void {
    const anchors = new Set<string>();
    visit(this.document, (_, node) => {
      if (!isNode(node)) return;
      const line = this.line(node.range?.[0] ?? 0);
      const isWithin = line >= firstLine && line < endLine;
      if (isAlias(node) && !isWithin && anchors.has(node.source)) {
        const what = `repeats with *${node.source} what stands in ${name}`;
        throw new EditRefused(`${this.file}:${line + 1}`, what, "Write it out here first.");
      }
      if (isWithin && !isAlias(node) && node.anchor !== undefined) anchors.add(node.anchor);
    });
  }

  /** The line on which the key at `path` is written. */
  keyLine(...path: readonly string[]): number | undefined {
    const parent = this.find(path.slice(0, -1));
    if (!isMap(parent)) return undefined;
    return entriesOf(parent)
      .find(({ name }) => name === path.at(-1))
      ?.at.map((offset) => this.line(offset))[0];
  }

  /** The entries of a block mapping in the order of the file, each with its lines, nested ones included. */
  mapEntries(map: YAMLMap): readonly PlacedEntry[] {
    return entriesOf(map).map(({ name, at: [start, end] }) => this.place(name, start, end));
  }

  /** The items of a block sequence; `nameOf` says what an item is called. The dash's line counts. */
  seqItems(seq: YAMLSeq, nameOf: (item: Node) => string): readonly PlacedEntry[] {
    const token = seq.srcToken?.type === "block-seq" ? seq.srcToken : undefined;
    return (seq.items as readonly Node[]).map((item, index) => {
      const [start, end] = item.range ?? [0, 0];
      const dash = token?.items[index]?.start.find(({ type }) => type === "seq-item-ind")?.offset ?? start;
      return this.place(nameOf(item), dash, Math.max(end, dash + 1));
    });
  }

  private place(name: string, start: number, end: number): PlacedEntry {
    const first = this.line(start);
    const indent = start - (this.counter.lineStarts[first] ?? 0);
    return { name, firstLine: first, endLine: this.line(Math.max(start, end - 1)) + 1, indent };
  }

  private find(path: readonly string[]): unknown {
    let node: unknown = this.document.contents;
    for (const key of path) node = isCollection(node) ? node.get(key, true) : undefined;
    return node;
  }

  private line(offset: number): number {
    return this.counter.linePos(offset).line - 1;
  }
}

export interface PlacedEntry {
  readonly name: string;
  readonly firstLine: number;

  /** The line after the entry's last line that has content. */
  readonly endLine: number;

  /** Columns before the key or the dash. */
  readonly indent: number;
}

/** Name and offsets of each entry: from the key to the end of what it holds, the comments behind it left out. */
function entriesOf(map: YAMLMap): readonly { readonly name: string; readonly at: readonly [number, number] }[] {
  return map.items.flatMap(({ key, value }) => {
    if (!isScalar(key) || !key.range) return [];
    const held = (value as Node | null)?.range;
    const end = held && held[1] > held[0] ? held[1] : key.range[1];
    return [{ name: String(key.value), at: [key.range[0], Math.max(end, key.range[1])] as const }];
  });
}
