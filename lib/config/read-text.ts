import { closeSync, fstatSync, openSync, readFileSync, realpathSync, statSync } from "node:fs";
import { relative, resolve, sep } from "node:path";
import type { Report } from "../diagnostics";

/** More than this is no input file; it is refused before a byte of it is read. */
export const MAX_FILE_BYTES = 10 * 1024 * 1024;

/**
 * Reads a UTF-8 file below `root`, without its byte order mark. What can not be read, is too large, is no text or
 * lies outside of the root (through a symbolic link) and of the folders of `alsoInside` is reported, and undefined
 * returned.
 */
export function readText(
  root: string,
  file: string,
  report: Report,
  alsoInside: readonly string[] = [],
): string | undefined {
  const refuse: Refuse = (what, repair, rule, place = { line: 1, column: 1 }) => {
    report({ severity: "error", summary: what, detail: repair, at: { file, ...place }, rule });
    return undefined;
  };
  const bytes = readBytes(root, file, refuse, alsoInside);
  if (bytes === undefined) return undefined;
  const text = decode(bytes);
  if (text === undefined) {
    const place = firstInvalid(bytes);
    const utf16 = bytes.length > 1 && (bytes.readUInt16LE() === 0xfeff || bytes.readUInt16LE() === 0xfffe);
    const what = utf16 ? "the file is UTF-16, expected UTF-8" : "the file is not UTF-8: invalid bytes";
    return refuse(what, "Save the file as UTF-8.", "file/encoding", place);
  }
  const control = findControl(text);
  if (control === undefined) return text;
  const code = control.code.toString(16).toUpperCase().padStart(4, "0");
  return refuse(`the file holds the control character U+${code}`, "Remove it.", "file/control-character", control);
}

/** The text of a file as far as it is any, for who has been told what is wrong with it. */
export function readLoosely(root: string, file: string, alsoInside: readonly string[] = []): string {
  return readBytes(root, file, () => undefined, alsoInside)?.toString("utf8") ?? "";
}

type Refuse = (
  what: string,
  repair: string,
  rule: string,
  place?: { readonly line: number; readonly column: number },
) => undefined;

function readBytes(root: string, file: string, refuse: Refuse, alsoInside: readonly string[]): Buffer | undefined {
  try {
    const path = realpathSync.native(resolve(root, file));
    if (![root, ...alsoInside].some((folder) => isInside(realpathSync.native(folder), path))) {
      return refuse("the file is a symbolic link that leaves the tree", "Put the file itself here.", "file/outside");
    }
    const stat = statSync(path);
    if (!stat.isFile()) {
      const kind = stat.isDirectory() ? "a directory" : "no regular file";
      return refuse(`expected a file, found ${kind}`, "Remove it or put the file here.", "file/kind");
    }
    if (stat.size > MAX_FILE_BYTES) return refuse(...tooLarge(stat.size));
    const bytes = readAtMost(path, MAX_FILE_BYTES);
    return bytes.length > MAX_FILE_BYTES ? refuse(...tooLarge(bytes.length)) : bytes;
  } catch (error) {
    return refuse(`the file can not be read: ${reason(error)}`, "Nothing in it was checked.", "file/unreadable");
  }
}

/** What a file system error means, without paths of this machine. */
export function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException).code;
  switch (code) {
    case "ENOENT":
      return "it does not exist";
    case "EACCES":
    case "EPERM":
      return "permission denied";
    case "ELOOP":
      return "its symbolic links go in circles";
    case "ENOTDIR":
      return "a part of its path is not a folder";
    case "ENOSPC":
      return "no space is left";
    case "EROFS":
      return "its file system is read-only";
    default:
      return code ?? String(error);
  }
}

export function isInside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === "" || (way !== ".." && !way.startsWith(`..${sep}`) && !way.startsWith(sep));
}

/** What helps where a file is too large. */
export const SPLIT =
  "Manifests and groups can be split into several files; of the others none has reason to be so large.";

function tooLarge(size: number): [string, string, string] {
  const limit = MAX_FILE_BYTES / 1024 / 1024;
  return [`the file has ${size} bytes, at most ${MAX_FILE_BYTES} (${limit} MiB) are read`, SPLIT, "file/too-large"];
}

/** A file may grow between the look at its size and the reading of it. */
function readAtMost(path: string, limit: number): Buffer {
  const descriptor = openSync(path, "r");
  try {
    if (fstatSync(descriptor).size > limit) return Buffer.alloc(limit + 1);
    return readFileSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The line and column of the first byte that is not UTF-8. */
function firstInvalid(bytes: Uint8Array): { line: number; column: number } {
  const text = new TextDecoder("utf-8").decode(bytes);
  return placeOf(text, Math.max(0, text.indexOf("\ufffd")));
}

/**
 * Control characters other than tab, line feed and carriage return have no place in a text file; nor have a second byte
 * order mark, line ends that only some readers of YAML know, and characters that turn the direction of text: they show a
 * reviewer something else than what is read.
 */
function findControl(text: string): { line: number; column: number; code: number } | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
  const index = text.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff]/);
  return index < 0 ? undefined : { ...placeOf(text, index), code: text.charCodeAt(index) };
}

function placeOf(text: string, index: number): { line: number; column: number } {
  const before = text.slice(0, index);
  const lineStart = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: index - lineStart + 1 };
}
