import { createHash } from "node:crypto";
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";
import type { Digests, StoredObject } from "../cloud/object-store";

/**
 * Digests of objects that were read before, per service, bucket, object and generation. A hint only in speed: an entry is
 * the result of a full read, of the object itself or of what it was uploaded from.
 */
export interface VerificationCache {
  find(endpoint: string, object: StoredObject): Digests | undefined;
  add(endpoint: string, object: StoredObject, digests: Digests): void;
}

export const noCache: VerificationCache = { find: () => undefined, add() {} };

/** About 130,000 objects. Of a file that grows beyond this the newest half of as much is kept. */
const MAX_FILE_BYTES = 32 * 1024 * 1024;
const MAX_FILES = 64;
const SUFFIX = ".verified.ndjson";

/**
 * Keeps one append-only file per service and bucket. Each line is written at once, so a run that is killed loses nothing;
 * a line that is half written or not understood is skipped, and spoils no other. The first line names the bucket: a file
 * that was renamed or copied is not believed. Any error of the file system means no cache, never a failed run.
 */
export function openCache(folder: string): VerificationCache {
  const buckets = new Map<string, BucketCache | undefined>();

  function bucketCache(endpoint: string, bucket: string): BucketCache | undefined {
    const key = `${endpoint} ${bucket}`;
    if (!buckets.has(key)) buckets.set(key, openBucket(folder, { endpoint, bucket }));
    return buckets.get(key);
  }

  return {
    find(endpoint, object) {
      const entry = bucketCache(endpoint, object.bucket)?.entries.get(entryKey(object));
      if (entry === undefined || entry.size !== object.size) return undefined;
      return object.crc32c === undefined || object.crc32c === entry.crc32c ? entry : undefined;
    },
    add(endpoint, object, digests) {
      const cache = bucketCache(endpoint, object.bucket);
      if (cache === undefined || cache.entries.has(entryKey(object))) return;
      cache.entries.set(entryKey(object), digests);
      const { size, sha256, sha512, crc32c } = digests;
      attempt(() => {
        const line = JSON.stringify([object.name, object.generation, size, sha256, sha512, crc32c]);
        withFile(cache.file, constants.O_RDWR | constants.O_APPEND, (fd) => appendLine(fd, line));
      });
    },
  };
}

interface BucketCache {
  readonly file: string;
  readonly entries: Map<string, Digests>;
}

function openBucket(folder: string, owner: { readonly endpoint: string; readonly bucket: string }) {
  const header = JSON.stringify({ artifacts: "verified objects", version: 1, ...owner });
  const file = join(folder, createHash("sha256").update(header).digest("hex").slice(0, 32) + SUFFIX);
  const entries = new Map<string, Digests>();
  const opened = attempt(() => {
    makeFolder(resolve(folder));
    if (isOpenToOthers(folder)) return false;
    const { lines, isWhole } = readLines(file, header) ?? { lines: [], isWhole: false };
    if (!isWhole) {
      rewrite(file, [header, ...lines]);
      makeRoom(folder);
    }
    for (const line of lines) readEntry(line, entries);
    return true;
  });
  return opened ? { file, entries } : undefined;
}

/** Level by level: Node's own recursion never ends where the system lets nobody make a folder, as in /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(dirname(folder));
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    // Another process may have been quicker.
    if (!existsSync(folder)) throw error;
  }
}

/** Who may put files there could tell us what any object holds. */
function isOpenToOthers(folder: string): boolean {
  const { uid, mode } = statSync(folder);
  const isOurs = process.getuid === undefined || uid === process.getuid() || uid === 0;
  return !isOurs || (mode & 0o002) !== 0;
}

/** The entries of a file that begins with the header, or the newest of them; undefined if there is no such file. */
function readLines(file: string, header: string): { lines: readonly string[]; isWhole: boolean } | undefined {
  if (lstatSync(file, { throwIfNoEntry: false }) === undefined) return undefined;
  return withFile(file, constants.O_RDONLY, (fd) => {
    const { size } = fstatSync(fd);
    const start = `${header}\n`;
    if (readText(fd, 0, Buffer.byteLength(start)) !== start) return undefined;
    const isWhole = size <= MAX_FILE_BYTES;
    const text = isWhole ? readText(fd, 0, size) : readText(fd, size - MAX_FILE_BYTES / 2, MAX_FILE_BYTES / 2);
    // The first line is the header or the rest of one; what follows the last newline was cut off by a kill.
    return { lines: text.split("\n").slice(1, -1), isWhole };
  });
}

/** In one write, so that lines of two processes never mix. What a kill has cut off keeps its line to itself. */
function appendLine(fd: number, line: string): void {
  const isCutOff = readText(fd, fstatSync(fd).size - 1, 1) !== "\n";
  writeFileSync(fd, `${isCutOff ? "\n" : ""}${line}\n`);
}

function readText(fd: number, position: number, length: number): string {
  const bytes = Buffer.alloc(length);
  let filled = 0;
  for (let read = -1; read !== 0 && filled < length; filled += read) {
    read = readSync(fd, bytes, filled, length - filled, position + filled);
  }
  return bytes.toString("utf8", 0, filled);
}

/** Opens a regular file and nothing else: a pipe in its place would be waited for, a link leads who knows where. */
function withFile<T>(file: string, flags: number, work: (fd: number) => T): T {
  const fd = openSync(file, flags | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if (!fstatSync(fd).isFile()) throw new Error(`${file} is no regular file`);
    return work(fd);
  } finally {
    closeSync(fd);
  }
}

/** Through a neighbour and a rename: another process sees the old file or the new one. */
function rewrite(file: string, lines: readonly string[]): void {
  const temporary = `${file}.${process.pid}`;
  rmSync(temporary, { force: true });
  writeFileSync(temporary, `${lines.join("\n")}\n`, { mode: 0o600, flag: "wx" });
  renameSync(temporary, file);
}

function makeRoom(folder: string): void {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(SUFFIX))
    .map((name) => ({ path: join(folder, name), modified: lstatSync(join(folder, name)).mtimeMs }))
    .sort((a, b) => b.modified - a.modified);
  for (const { path } of files.slice(MAX_FILES)) rmSync(path, { force: true });
}

function readEntry(line: string, entries: Map<string, Digests>): void {
  const read = attempt(() => JSON.parse(line) as unknown);
  if (!Array.isArray(read)) return;
  const [name, generation, size, sha256, sha512, crc32c] = read as readonly unknown[];
  if (typeof name !== "string" || typeof generation !== "string" || !Number.isSafeInteger(size)) return;
  if (!isHex(sha256, 64) || !isHex(sha512, 128) || typeof crc32c !== "string") return;
  entries.set(entryKey({ name, generation }), { size: size as number, sha256, sha512, crc32c });
}

function isHex(value: unknown, length: number): value is string {
  return typeof value === "string" && value.length === length && /^[0-9a-f]*$/.test(value);
}

function entryKey({ name, generation }: Pick<StoredObject, "name" | "generation">): string {
  return `${generation}/${name}`;
}

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}
