import { createHash } from "node:crypto";
import { createReadStream, type Dirent, lstatSync, readdirSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createLimiter } from "../cloud/limiter";
import { quote } from "../model/suggest";
import type { Inventory, InventoryFile } from "./inventory";
import { compareNames } from "./listing";
import { runHeaviestFirst } from "./schedule";

interface LocalFile extends InventoryFile {
  readonly path: string;
}

/** Files up to this size are read whole and hashed on another thread; larger ones are hashed as they stream by. */
const WHOLE_BYTES = 32 * 1024 * 1024;
const MEMORY_BYTES = 128 * 1024 * 1024;

/** Files being read at once, whatever their size. */
const WIDTH = 16;

/** Something in a folder that can not be a file of a release. The message says what and where. */
export class FolderError extends Error {
  override readonly name = "FolderError";
}

/**
 * The files of a folder whose path begins with `prefix`, a prefix of text as in kpromo: `v1` takes in `v1.2/a` and `v10`.
 * Names are relative to `folder`, with `under` in front of them.
 */
export function folderInventory(folder: string, prefix = "", under = ""): Inventory {
  const wanted = cleanPrefix(folder, prefix);
  const files: LocalFile[] = [];
  if (wanted !== undefined)
    walk(folder, "", wanted, (name, path, size) => files.push({ name: under + name, path, size }));
  return {
    place: folder,
    files,
    hash: (onBytes, names) =>
      hashFiles(names === undefined ? files : files.filter(({ name }) => names.has(name)), onBytes),
  };
}

/** As Go joins paths: `a//b/` is `a/b`, and `..` begins every path of the folder. What leads elsewhere matches nothing. */
function cleanPrefix(folder: string, prefix: string): string | undefined {
  const base = resolve(folder);
  const wanted = join(base, prefix).replace(/(?<=.)\/$/, "");
  if (`${base}/`.startsWith(wanted)) return "";
  return wanted.startsWith(`${base}/`) ? wanted.slice(base.length + 1) : undefined;
}

function walk(root: string, folder: string, wanted: string, take: (name: string, path: string, size: number) => void) {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  for (const entry of entries.sort((a, b) => compareNames(a.name, b.name))) {
    const name = folder + entry.name;
    refuseUndecoded(root, name);
    if (entry.isDirectory()) {
      if (name.startsWith(wanted) || wanted.startsWith(`${name}/`)) walk(root, `${name}/`, wanted, take);
    } else if (name.startsWith(wanted)) take(name, join(root, name), sizeOf(root, name, entry));
  }
}

/** A name of other bytes than UTF-8's arrives with replacement characters, under which nothing is found. */
function refuseUndecoded(root: string, name: string): void {
  if (!name.includes("\ufffd") || lstatSync(join(root, name), { throwIfNoEntry: false }) !== undefined) return;
  throw new FolderError(`${quote(name)} in ${root}: the name is not UTF-8. Rename it`);
}

/** A symbolic link to a file stands for the file; nothing else but files can be hashed. */
function sizeOf(root: string, name: string, entry: Dirent): number {
  const stat = statSync(join(root, name), { throwIfNoEntry: false });
  if (stat?.isFile()) return stat.size;
  const link = entry.isSymbolicLink() ? "a symbolic link to " : "";
  const kind = stat === undefined ? "nothing" : stat.isDirectory() ? "a folder" : "no regular file";
  throw new FolderError(`${quote(name)} in ${root}: expected a file, found ${link}${kind}`);
}

async function hashFiles(files: readonly LocalFile[], onBytes: (bytes: number) => void) {
  const memory = createLimiter(MEMORY_BYTES);
  const hashes = new Map<LocalFile, string>();
  const failures: unknown[] = [];
  await runHeaviestFirst(
    files,
    ({ size }) => size,
    WIDTH,
    async (file) => {
      try {
        hashes.set(file, await hashFile(file, memory, onBytes));
      } catch (error) {
        failures.push(error);
      }
    },
  );
  if (failures.length > 0) throw failures[0];
  return files.map((file) => ({ name: file.name, sha256: hashes.get(file) ?? "" }));
}

async function hashFile(
  { path, size }: LocalFile,
  memory: ReturnType<typeof createLimiter>,
  onBytes: (bytes: number) => void,
): Promise<string> {
  if (size <= WHOLE_BYTES) {
    return memory.run(Math.max(size, 1), undefined, async () => {
      const bytes = await readFile(path);
      const digest = await crypto.subtle.digest("SHA-256", bytes);
      onBytes(bytes.length);
      return Buffer.from(digest).toString("hex");
    });
  }
  const sha256 = createHash("sha256");
  for await (const piece of createReadStream(path, { highWaterMark: 1024 * 1024 })) {
    sha256.update(piece as Uint8Array);
    onBytes((piece as Uint8Array).length);
  }
  return sha256.digest("hex");
}
