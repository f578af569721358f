import {
  closeSync,
  existsSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  statSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";

/** One change: a value put under a key, or, without a value, the key deleted. */
export type JournalEntry = readonly [collection: string, key: string, value?: unknown];

const FILE = "metadata.jsonl";

/** Lines are joined up to this many characters before they are written. */
const BLOCK = 1 << 20;

/**
 * The store's file: one line of JSON per commit, appended.
 *
 * A line counts only with its line feed, so what a killed process left unfinished is cut off at the next start. Data
 * handed to the kernel survives the process; nothing is synced to the platter, so a power cut may cost the last seconds.
 */
export class Journal {
  private readonly path: string;
  private descriptor: number;
  private written = 0;

  constructor(folder: string) {
    mkdirSync(folder, { recursive: true });
    this.path = join(folder, FILE);
    this.descriptor = openSync(this.path, existsSync(this.path) ? "r+" : "w+");
  }

  /** Feeds every entry to `apply` in the order in which they were written, then stands ready to append. */
  replay(apply: (entry: JournalEntry) => void): void {
    let good = 0;
    for (const { line, end } of lines(this.descriptor)) {
      const entries = parse(line);
      if (entries === undefined) {
        throw new Error(
          `${this.path}: damaged at byte ${good}: not a line of JSON. The file was changed from outside; restore it or delete the state folder`,
        );
      }
      for (const entry of entries) apply(entry);
      this.written += entries.length;
      good = end;
    }
    if (statSync(this.path).size > good) ftruncateSync(this.descriptor, good);
    this.reopen();
  }

  append(entries: readonly JournalEntry[]): void {
    writeAll(this.descriptor, `${JSON.stringify(entries)}\n`);
    this.written += entries.length;
  }

  /** True once most of the file describes values that are gone. */
  isWasteful(live: number): boolean {
    return this.written > 4 * live + 20_000;
  }

  /** Replaces the file by one that holds just these values; the change of files is atomic. */
  rewrite(entries: Iterable<JournalEntry>): void {
    const temporary = `${this.path}.new`;
    const descriptor = openSync(temporary, "w");
    let block = "";
    this.written = 0;
    for (const entry of entries) {
      block += `${JSON.stringify([entry])}\n`;
      this.written += 1;
      if (block.length > BLOCK) {
        writeAll(descriptor, block);
        block = "";
      }
    }
    writeAll(descriptor, block);
    closeSync(descriptor);
    renameSync(temporary, this.path);
    this.reopen();
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private reopen(): void {
    closeSync(this.descriptor);
    this.descriptor = openSync(this.path, "a");
  }
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let done = 0; done < bytes.length; ) done += writeSync(descriptor, bytes, done);
}

function parse(line: string): readonly JournalEntry[] | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Complete lines of a file, each with the position just behind it. */
function* lines(descriptor: number): Iterable<{ readonly line: string; readonly end: number }> {
  const chunk = Buffer.allocUnsafe(4 << 20);
  let rest = Buffer.alloc(0);
  let position = 0;
  let end = 0;
  for (;;) {
    const count = readSync(descriptor, chunk, 0, chunk.length, position);
    if (count === 0) return;
    position += count;
    const bytes = rest.length === 0 ? chunk.subarray(0, count) : Buffer.concat([rest, chunk.subarray(0, count)]);
    let start = 0;
    for (let feed = bytes.indexOf(10); feed !== -1; feed = bytes.indexOf(10, start)) {
      end += feed + 1 - start;
      yield { line: bytes.toString("utf8", start, feed), end };
      start = feed + 1;
    }
    rest = Buffer.from(bytes.subarray(start));
  }
}
