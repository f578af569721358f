import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  read as readWithCallback,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { promisify } from "node:util";
import { syntheticBytes } from "./synthetic";

/** A run of bytes: a file of the content store, a few bytes in base64, or a synthetic stream. */
export type ContentPart =
  | { readonly inline: string; readonly size: number }
  | { readonly sha256: string; readonly size: number }
  | { readonly seed: string; readonly size: number };

/** The bytes of an object. Composed objects have several parts, empty ones none. */
export type Content = readonly ContentPart[];

/** Up to this size bytes go with the metadata: creating a file takes longer than all the rest of an upload. */
const INLINE = 2 << 10;

/** Up to this size bytes are read at once: cheaper than a stream. */
const READ_AT_ONCE = 2 << 20;
const CHUNK = 1 << 18;

const read = promisify(readWithCallback);

/** Files named by the SHA-256 of what is in them, kept as long as an object refers to them. */
export class ContentStore {
  private readonly folder: string;
  private readonly folders = new Set<string>();
  private readonly references = new Map<string, number>();

  constructor(folder: string) {
    this.folder = join(folder, "content");
    mkdirSync(this.folder, { recursive: true });
  }

  /** Keeps bytes that are in memory. The caller refers to them before its next `await`. */
  keep(bytes: Buffer, sha256: string): Content {
    if (bytes.length === 0) return [];
    if (bytes.length <= INLINE) return [{ inline: bytes.toString("base64"), size: bytes.length }];
    // A file without references may be the half-written one of a process that was killed.
    if (!this.references.has(sha256)) writeFileSync(this.place(sha256), bytes);
    return [{ sha256, size: bytes.length }];
  }

  /** Keeps a file by moving it here. The caller refers to it before its next `await`. */
  adopt(path: string, sha256: string, size: number): Content {
    if (size === 0 || this.references.has(sha256)) rmSync(path, { force: true });
    else renameSync(path, this.place(sha256));
    return size === 0 ? [] : [{ sha256, size }];
  }

  /** Counts one more object with this content. */
  refer(content: Content): void {
    for (const part of content) {
      if ("sha256" in part) this.references.set(part.sha256, (this.references.get(part.sha256) ?? 0) + 1);
    }
  }

  /** Counts one object less; bytes that nothing refers to any more are deleted. */
  release(content: Content): void {
    for (const part of content) {
      if (!("sha256" in part)) continue;
      const left = (this.references.get(part.sha256) ?? 0) - 1;
      if (left > 0) {
        this.references.set(part.sha256, left);
      } else {
        this.references.delete(part.sha256);
        rmSync(this.path(part.sha256), { force: true });
      }
    }
  }

  /** Deletes files that nothing refers to: what a killed process left behind. */
  sweep(): void {
    for (const first of readdirSync(this.folder)) {
      for (const name of readdirSync(join(this.folder, first))) {
        if (!this.references.has(name)) rmSync(join(this.folder, first, name), { force: true });
      }
    }
  }

  /** Bytes `start` to `end` (exclusive): a buffer if they are few. What was opened stays readable if it is deleted. */
  read(content: Content, start: number, end: number): Buffer | Readable {
    const ranges = cut(content, start, end);
    if (end - start > READ_AT_ONCE) return this.stream(ranges);
    const pieces = ranges.flatMap(({ part, from, to }) =>
      "sha256" in part ? [this.readFile(part.sha256, from, to)] : [...generated(part, from, to)],
    );
    return pieces.length === 1 && pieces[0] !== undefined ? pieces[0] : Buffer.concat(pieces);
  }

  private readFile(sha256: string, from: number, to: number): Buffer {
    const bytes = Buffer.allocUnsafe(to - from);
    const descriptor = openSync(this.path(sha256), "r");
    try {
      for (let done = 0; done < bytes.length; ) {
        const count = readSync(descriptor, bytes, done, bytes.length - done, from + done);
        if (count === 0)
          throw new Error(`${this.path(sha256)}: shorter than it should be; the file was changed from outside`);
        done += count;
      }
    } finally {
      closeSync(descriptor);
    }
    return bytes;
  }

  /** Files are opened here and now, so that a deletion before the first byte is sent takes nothing away. */
  private stream(ranges: readonly Range[]): Readable {
    const opened = ranges.map(({ part, ...range }) => ({
      ...range,
      source: "sha256" in part ? openSync(this.path(part.sha256), "r") : part,
    }));
    const stream = Readable.from(chunksOf(opened), { objectMode: false, highWaterMark: 2 * CHUNK });
    // By now no read is under way any more, whether the stream ended or was given up.
    return stream.once("close", () => {
      for (const { source } of opened) if (typeof source === "number") closeSync(source);
    });
  }

  /** Where a file is to be put; its folder is made when the first one comes. */
  private place(sha256: string): string {
    const first = sha256.slice(0, 2);
    if (!this.folders.has(first)) mkdirSync(join(this.folder, first), { recursive: true });
    this.folders.add(first);
    return this.path(sha256);
  }

  private path(sha256: string): string {
    return join(this.folder, sha256.slice(0, 2), sha256);
  }
}

type Generated = Exclude<ContentPart, { sha256: string }>;

/** Ranges of open files, by their descriptors, and of bytes that are in no file. */
async function* chunksOf(
  ranges: readonly { readonly source: number | Generated; readonly from: number; readonly to: number }[],
): AsyncGenerator<Buffer> {
  for (const { source, from, to } of ranges) {
    if (typeof source !== "number") {
      yield* generated(source, from, to);
      continue;
    }
    for (let position = from; position < to; ) {
      const wanted = Math.min(CHUNK, to - position);
      const { bytesRead, buffer } = await read(source, Buffer.allocUnsafe(wanted), 0, wanted, position);
      if (bytesRead === 0) throw new Error("a content file is shorter than it should be; it was changed from outside");
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }
}

/** Bytes that are in no file. */
function* generated(part: Generated, from: number, to: number): Generator<Buffer> {
  if ("inline" in part) yield Buffer.from(part.inline, "base64").subarray(from, to);
  else yield* syntheticBytes(part.seed, from, to);
}

interface Range {
  readonly part: ContentPart;
  readonly from: number;
  readonly to: number;
}

/** The pieces of each part that make up a range of the whole. */
function cut(content: Content, start: number, end: number): readonly Range[] {
  const ranges: Range[] = [];
  let offset = 0;
  for (const part of content) {
    const from = Math.max(0, start - offset);
    const to = Math.min(part.size, end - offset);
    if (from < to) ranges.push({ part, from, to });
    offset += part.size;
  }
  return ranges;
}
