import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type ParsedNode,
  parseDocument,
  type Scalar,
  visit,
  type YAMLMap,
} from "yaml";
import type { z } from "zod";
import type { Position, Report } from "../diagnostics";
import { explainIssue, type Found, type Known, knownKey } from "./issues";
import { explainYamlError, nestsTooDeep, parserWords, tooLargeToParse } from "./yaml-errors";
import { keyText, treeProblems } from "./yaml-tree";

export type Path = readonly PropertyKey[];

/** Lines and columns of the mistakes in the YAML of a file, which no schema need tell again. */
interface Told {
  readonly keys: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

interface KeyedPair {
  readonly key: Scalar;
  readonly value: unknown;
}

/** A YAML document that remembers where each of its values was written. */
export class Source {
  /** Reads YAML. What is no YAML, or a kind of YAML that nobody needs and attackers like, is reported. */
  static read(file: string, text: string, report: Report): Source | undefined {
    const lines = new LineCounter();
    const at = (offset: number): Position => {
      const { line, col } = lines.linePos(offset);
      return { file, line: Math.max(1, line), column: Math.max(1, col) };
    };
    const refuse = (rule: string, summary: string, detail?: string, place = { file, line: 1, column: 1 }) => {
      report({ severity: "error", rule, summary, ...(detail === undefined ? {} : { detail }), at: place });
      return undefined;
    };
    const deep = tooLargeToParse(text) ?? nestsTooDeep(text);
    if (deep !== undefined) return refuse(deep.rule, deep.summary, deep.detail);
    // Whether keys stand twice is checked by treeProblems: the parser takes quadratic time for it.
    const options = { lineCounter: lines, prettyErrors: false, merge: true, uniqueKeys: false } as const;
    const document = withoutStackTraces(() => parseDocument(text, options));
    const broken = atMost(MAX_REPORTED, document.errors, report, file);
    for (const problem of broken) report({ ...explainYamlError(problem), at: at(problem.pos[0]) });
    if (broken.length > 0) return undefined;
    if (document.directives.yaml.version !== "1.2") {
      return refuse(
        "yaml/version",
        `the file asks for YAML ${document.directives.yaml.version}`,
        "Remove the %YAML line.",
      );
    }
    if (document.contents === null || (isScalar(document.contents) && document.contents.value === null)) {
      const isOneLine = text.includes("\r") && !text.includes("\n");
      return isOneLine
        ? refuse("yaml/empty", "nothing in the file is read: its lines end in CR alone", "End them with LF, or CR LF.")
        : refuse("yaml/empty", "the file is empty: nothing in it is read", "Fill it or remove it.");
    }
    const odd = atMost(MAX_REPORTED, treeProblems(document), report, file);
    for (const { offset, isFatal: _, tag: __, ...problem } of odd)
      report({ severity: "error", ...problem, at: at(offset) });
    const doubted = document.warnings.filter(({ message }) => !odd.some(({ tag }) => tag && message.endsWith(tag)));
    for (const problem of doubted) report({ ...explainYamlError(problem), at: at(problem.pos[0]) });
    if (odd.some(({ isFatal }) => isFatal)) return undefined;
    const toldAt = (problems: typeof odd) => new Set(problems.map(({ offset }) => lineAndColumn(at(offset))));
    const told: Told | undefined =
      odd.length + doubted.length === 0
        ? undefined
        : { keys: toldAt(odd.filter(({ tag }) => !tag)), values: toldAt(odd.filter(({ tag }) => tag)) };
    try {
      return new Source(file, document, document.toJS({ maxAliasCount: 1000 }), at, told);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const summary = `the values of this file can not be put together: ${parserWords(reason)}`;
      return refuse("yaml/alias", summary, "Write the values out.", at(blamedAlias(document)));
    }
  }

  private readonly pairs = new WeakMap<Node, ReadonlyMap<string, KeyedPair>>();

  private constructor(
    readonly file: string,
    private readonly document: Document.Parsed<ParsedNode>,
    /** The whole document as plain values. */
    readonly value: unknown,
    private readonly at: (offset: number) => Position,
    /** If there is any, the values serve to tell the other mistakes, and for nothing else. */
    private readonly told: Told | undefined,
  ) {}

  /** Returns the value if it satisfies `schema` and the YAML is right; otherwise reports each mistake and returns undefined. */
  parse<T>(schema: z.ZodType<T>, report: Report, path: Path = [], value: unknown = this.value): T | undefined {
    const known: Known = new Map();
    const result = schema.safeParse(value, {
      error: (issue) => {
        // Only here does an issue still know its schema, and with it the keys that exist.
        if (issue.code === "unrecognized_keys") known.set(knownKey(issue.path ?? [], issue.keys), keysOf(issue.inst));
        if (issue.code === "invalid_type") known.set(knownKey(issue.path ?? [], []), keysOf(issue.inst));
        return undefined;
      },
    });
    if (result.success) return this.told === undefined ? result.data : undefined;
    for (const issue of atMost(MAX_REPORTED, result.error.issues, report, this.file)) {
      for (const { path: blamed, ...diagnostic } of explainIssue(issue, path, known, (where) => this.found(where))) {
        if (!this.isTold(blamed)) report({ ...diagnostic, at: this.positionOf(blamed) });
      }
    }
    return undefined;
  }

  /** Whether a mistake of the YAML was told of the key at `path`, or of a value that it lies in. */
  private isTold(path: Path): boolean {
    if (this.told === undefined) return false;
    const values = path.map((_, index) => this.nodeAt(path.slice(0, index + 1))?.range?.[0]);
    const starts = values.flatMap((start) => (start === undefined ? [] : [lineAndColumn(this.at(start))]));
    const { keys, values: tagged } = this.told;
    return keys.has(lineAndColumn(this.positionOf(path))) || starts.some((start) => tagged.has(start));
  }

  /** The position of the key or list item at `path`, or of the nearest parent that exists. */
  positionOf(path: Path): Position {
    for (let depth = path.length; depth > 0; depth--) {
      const node = this.keyOrItem(path.slice(0, depth));
      if (node?.range) return this.at(node.range[0]);
    }
    const start = this.document.contents?.range?.[0];
    return this.at(start ?? 0);
  }

  /** The text at `path`, if it is one that stands without quotes. */
  unquotedAt(path: Path): string | undefined {
    const node = this.nodeAt(path);
    return isScalar(node) && node.type === "PLAIN" && typeof node.value === "string" ? node.value : undefined;
  }

  /** What stands at `path`, as it was written: `1.10` is the number 1.10 and not 1.1. */
  private found(path: Path): Found {
    const node = this.nodeAt(path);
    if (isMap(node)) return { kind: "mapping" };
    if (isSeq(node)) return { kind: "list" };
    if (!isScalar(node)) return { kind: "nothing" };
    if (node.value === null) return { kind: "empty" };
    const source = typeof node.source === "string" ? node.source : String(node.value);
    switch (typeof node.value) {
      case "string":
        return { kind: "text", text: node.value };
      case "boolean":
        return { kind: "boolean", text: source };
      default:
        return { kind: "number", text: source };
    }
  }

  private keyOrItem(path: Path): Node | undefined {
    const parent = this.nodeAt(path.slice(0, -1));
    const last = path.at(-1);
    if (isMap(parent)) return this.pairsOf(parent).get(String(last))?.key;
    if (isSeq(parent)) {
      const item = parent.items[Number(last)];
      return isNode(item) ? item : undefined;
    }
    return undefined;
  }

  private nodeAt(path: Path): Node | undefined {
    let node: unknown = this.document.contents;
    for (const key of path) {
      node = isAlias(node) ? node.resolve(this.document) : node;
      if (isMap(node)) node = this.pairsOf(node).get(String(key))?.value;
      else node = isSeq(node) ? node.items[Number(key)] : undefined;
    }
    const resolved = isAlias(node) ? node.resolve(this.document) : node;
    return isNode(resolved) ? resolved : undefined;
  }

  /** Maps with thousands of keys are asked for many of them: looked through once. */
  private pairsOf(map: YAMLMap): ReadonlyMap<string, KeyedPair> {
    const kept = this.pairs.get(map);
    if (kept !== undefined) return kept;
    const pairs = new Map<string, KeyedPair>();
    for (const { key, value } of map.items) if (isScalar(key)) pairs.set(keyText(key), { key, value });
    this.pairs.set(map, pairs);
    return pairs;
  }
}

/** Where the alias stands that leads nowhere; else the first one. */
function blamedAlias(document: Document.Parsed<ParsedNode>): number {
  let first: Alias | undefined;
  let lost: Alias | undefined;
  visit(document, {
    Alias(_, alias) {
      first ??= alias;
      if (alias.resolve(document) !== undefined) return undefined;
      lost = alias;
      return visit.BREAK;
    },
  });
  return (lost ?? first)?.range?.[0] ?? 0;
}

/** The parser's errors say where the text is wrong; half a million of them with stack traces fill the memory. */
function withoutStackTraces<T>(work: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

/** Nobody reads more mistakes of one file than this, and a hostile file has a million. */
const MAX_REPORTED = 1000;

/** The first so many; that there are more is itself reported. */
function atMost<T>(limit: number, items: readonly T[], report: Report, file: string): readonly T[] {
  if (items.length <= limit) return items;
  const summary = `the file holds ${items.length - limit} more mistakes like the ${limit} that are listed`;
  report({ severity: "error", rule: "file/more", summary, at: { file, line: 1, column: 1 } });
  return items.slice(0, limit);
}

function lineAndColumn({ line, column }: Position): string {
  return `${line}:${column}`;
}

/** The keys of a zod object schema; none for anything else. */
function keysOf(schema: unknown): readonly string[] {
  const shape = (schema as { _zod?: { def?: { shape?: object } } } | undefined)?._zod?.def?.shape;
  return shape === undefined ? [] : Object.keys(shape);
}
