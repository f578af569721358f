import { isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type YAMLMap, type YAMLSeq } from "yaml";

/** A YAML file whose entries can be found by line. Lines count from 0; ranges end before their second number. */
export class YamlPlaces {
  private readonly counter = new LineCounter();
  private readonly root: Node | null;

  constructor(private readonly text: string) {
    this.root = parseDocument(text, { lineCounter: this.counter, prettyErrors: false }).contents;
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

  /** The text without the value at `path`, such as `{}`: its key stays. */
  without(...path: readonly string[]): string {
    const [start, end] = this.range(...path) ?? [this.text.length, this.text.length];
    return this.text.slice(0, start).trimEnd() + this.text.slice(end);
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
    return (seq.items as readonly Node[]).map((item) => {
      const [start, end] = item.range ?? [0, 0];
      return this.place(nameOf(item), start, end);
    });
  }

  private place(name: string, start: number, end: number): PlacedEntry {
    const first = this.line(start);
    const before = this.text.slice(this.counter.lineStarts[first] ?? 0, start);
    const hasDash = /^\s*- *$/.test(before) || /^\s*-\s/.test(before);
    const indent = hasDash
      ? before.indexOf("-")
      : before.length - before.trimStart().length || start - (this.counter.lineStarts[first] ?? 0);
    return { name, firstLine: first, endLine: this.line(Math.max(start, end - 1)) + 1, indent };
  }

  private find(path: readonly string[]): unknown {
    let node: unknown = this.root;
    for (const key of path) node = isMap(node) ? node.get(key, true) : undefined;
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
