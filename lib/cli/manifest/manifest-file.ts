import {
  chmodSync,
  existsSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { isMap, isNode, isSeq, type ParsedNode, parseDocument, type YAMLSeq } from "yaml";
import { scanManifest } from "../../config/manifest-scan";
import { readText, reason } from "../../config/read-text";
import { manifestFile } from "../../config/schema/manifest-file";
import { Source } from "../../config/source";
import { isTooLargeToParse } from "../../config/yaml-errors";
import { ConfigError, type Diagnostic, type Position } from "../../diagnostics";
import { type HashedFile, lineText, manifestText } from "../../promotion/manifest-yaml";
import { UsageError } from "../usage-error";

export interface FileLine extends HashedFile {
  readonly at: Position;
}

/** The lines of one manifest, wherever it stands. Throws every mistake in it at once. */
export function readManifestFile(path: string): readonly FileLine[] {
  return parse(path, readWhole(path)).lines;
}

/**
 * Adds lines at the end of a manifest, in the indentation of its list, and leaves every other byte as it is. A file that
 * does not exist is made. The new text is read back before it replaces the old one.
 */
export function appendToManifest(path: string, added: readonly HashedFile[]): void {
  const isNew = !existsSync(path);
  const before = isNew ? "" : readWhole(path);
  const after =
    before.trim() === "" || isEmptyManifest(path, before) ? manifestText(added) : insert(path, before, added);
  const expected = [...(before.trim() === "" ? [] : parse(path, before).lines), ...added];
  const found = parse(path, after).lines;
  if (JSON.stringify(found.map(pair)) !== JSON.stringify(expected.map(pair))) {
    throw new Error(`${path}: the lines would not read back as they were written`);
  }
  if (existsSync(path) === isNew) throw changedMeanwhile(path);
  if (isNew) replace(path, after);
  else replaceSame(path, before, after);
}

/** What the path leads to is replaced, a link itself is not. Its mode stays, and its byte order mark, which no text shows. */
function replaceSame(path: string, before: string, text: string): void {
  if (readWhole(path) !== before) throw changedMeanwhile(path);
  const target = realpathSync(path);
  const mark = readFileSync(target, "utf8").startsWith("\ufeff") ? "\ufeff" : "";
  replace(target, mark + text, statSync(target).mode);
}

function changedMeanwhile(path: string): Error {
  return new Error(`${path}: somebody else wrote to it meanwhile, and nothing was added. Run it again`);
}

function replace(path: string, text: string, mode?: number): void {
  const temporary = join(dirname(path), `.${process.pid}.tmp`);
  try {
    writeFileSync(temporary, text);
    if (mode !== undefined) chmodSync(temporary, mode);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw new Error(`${path}: it was not written: ${reason(error)}`, { cause: error });
  }
}

function pair({ name, sha256 }: HashedFile): readonly string[] {
  return [name, sha256];
}

/** Nothing but an empty list, without comments that would be lost. */
function isEmptyManifest(path: string, text: string): boolean {
  return !text.includes("#") && parse(path, text).lines.length === 0;
}

function insert(path: string, text: string, added: readonly HashedFile[]): string {
  const { before, indent, end } = placeToInsert(path, text);
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const lines = added
    .map((file) => lineText(file, indent))
    .join("")
    .replaceAll("\n", newline);
  const at = before.indexOf("\n", end) + 1;
  return at === 0 ? `${before}${newline}${lines}` : before.slice(0, at) + lines + before.slice(at);
}

interface Place {
  /** The text without the `[]` of an empty list, for which lines come instead. */
  readonly before: string;
  readonly indent: string;

  /** Where the list ends: lines come after this line. */
  readonly end: number;
}

function placeToInsert(path: string, text: string): Place {
  // So large a manifest has nothing but lines of the usual form, up to its end.
  const [, usual] = isTooLargeToParse(text) ? (/^( *)- name:/m.exec(text) ?? []) : [];
  if (usual !== undefined) return { before: text, indent: usual, end: text.length - 1 };
  const { contents } = parseDocument(text, { prettyErrors: false });
  const list = isMap(contents) ? contents.get("files", true) : undefined;
  if (!isNode(list) || !list.range) throw new UsageError(`${path}: it has no list of files`);
  const [start, end] = list.range;
  if (isMap(contents) && !contents.flow && /^(\[\s*\]|null|~)?$/.test(text.slice(start, end))) {
    const key = start === end ? text.slice(0, start) : text.slice(0, start).trimEnd();
    return { before: key + text.slice(end), indent: "", end: key.length };
  }
  const items = isSeq(list) && !list.flow ? (list as YAMLSeq<ParsedNode>).items : [];
  const [first, last] = [items[0]?.range, items.at(-1)?.range];
  if (!last || !first) {
    throw new UsageError(`${path}: its list of files is not written with one "- name:" a line; lines can not be added`);
  }
  const dash = text.lastIndexOf("-", first[0]);
  return { before: text, indent: text.slice(text.lastIndexOf("\n", dash) + 1, dash), end: last[1] - 1 };
}

function readWhole(path: string): string {
  return collecting((report) =>
    readText(dirname(resolve(path)), basename(path), (each) => report(renamed(each, path))),
  );
}

function parse(file: string, text: string): { readonly lines: readonly FileLine[] } {
  // As it is printed for an empty folder: no manifest to promote from, but one to hold against files and to add to.
  if (text.trim() === "{}") return { lines: [] };
  const scanned = scanManifest(file, text);
  if (typeof scanned !== "number") return { lines: scanned };
  return collecting((report) => {
    const source = Source.read(file, text, report);
    const yaml = source?.parse(manifestFile, report);
    if (source === undefined || yaml === undefined) return undefined;
    return { lines: yaml.files.map((line, index) => ({ ...line, at: source.positionOf(["files", index]) })) };
  });
}

function collecting<T>(work: (report: (diagnostic: Diagnostic) => void) => T | undefined): T {
  const found: Diagnostic[] = [];
  const result = work((diagnostic) => found.push(diagnostic));
  if (result === undefined) throw new ConfigError(found);
  return result;
}

/** Files are named as the user named them. */
function renamed(diagnostic: Diagnostic, file: string): Diagnostic {
  return diagnostic.at === undefined ? diagnostic : { ...diagnostic, at: { ...diagnostic.at, file } };
}
