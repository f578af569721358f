import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { Layout } from "../config/layout";
import { reason } from "../config/read-text";
import { quote } from "../model/suggest";
import { inputPlace, inputText } from "./input-place";
import { isWrittenFile } from "./onboard-plan";
import { EditRefused, type FileChange } from "./plan-types";

/** What is being written, below the root of the inputs; it is there only while a change is under way. */
export const JOURNAL = ".artifacts-change.json";

const journalFile = z.strictObject({
  /** The process that writes. */
  pid: z.int().positive(),

  /** What it was started as, e.g. `onboard kops`. */
  command: z.string(),
  changes: z.array(z.strictObject({ file: z.string(), before: z.string().optional(), after: z.string().optional() })),
});

type Journal = z.infer<typeof journalFile>;

export interface Completed {
  /** The command that was cut off, e.g. `onboard kops`. */
  readonly command: string;
  readonly files: readonly string[];
}

/**
 * Writes all of a change or nothing: it is noted first, so that whoever comes after a run that was killed completes it,
 * and whoever comes meanwhile writes nothing. What is written goes back when a file can't be. Each file is whole at any
 * time, stays where its links lead, and keeps its mode. Folders that end up empty go.
 */
export function writeChanges({ root }: Layout, changes: readonly FileChange[], command: string): void {
  const path = join(root, JOURNAL);
  if (!putFirst(root, path, journalText(changes, command))) throw underWay(readJournal(root));
  try {
    requireUnchanged(root, changes);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  }
  try {
    putChanges(root, changes);
  } catch (error) {
    if (error instanceof EditRefused) throw takenBack(root, changes, error);
    throw error;
  }
  rmSync(path, { force: true });
}

/** @throws EditRefused while another run writes: what is read meanwhile is half of its change. */
export function refuseWhileWritten({ root }: Layout): void {
  const journal = readJournal(root);
  if (journal !== undefined && isRunning(journal.pid)) throw underWay(journal);
}

/** @throws EditRefused for the first file that is not as it was when the changes were planned. */
export function requireUnchanged(root: string, changes: readonly FileChange[]): void {
  for (const { file, before } of changes) {
    insist(inputText(root, file) === before, file, "was changed by somebody else meanwhile", "Run this again.");
  }
}

/** Completes a change that was cut off, and tells which; undefined when there is none. */
export function completeChanges(layout: Layout): Completed | undefined {
  const { root } = layout;
  removeParts(root);
  const journal = readJournal(root);
  if (journal === undefined) return undefined;
  const { pid, command } = journal;
  if (isRunning(pid)) throw underWay(journal);
  const changes = journal.changes.map(({ file, before, after }) => ({ file, before, after }));
  for (const { file, before, after } of changes) {
    // A checkout may bring a journal of somebody else.
    insist(isWrittenFile(layout, file), JOURNAL, `names ${quote(file)}, which no command of ours writes`, SEE);
    const found = inputText(root, file);
    insist(found === before || found === after, file, "was changed since a run that wrote it was cut off", SEE);
  }
  try {
    replaceFile(root, join(root, JOURNAL), journalText(changes, command));
    putChanges(root, changes);
  } catch (error) {
    throw halfWritten(notWritten(JOURNAL, error));
  }
  rmSync(join(root, JOURNAL), { force: true });
  return { command, files: changes.map(({ file }) => file) };
}

/** Writes the files of a change, for who holds the inputs alone. @throws EditRefused for the first that can't be. */
export function putChanges(root: string, changes: readonly FileChange[]): void {
  for (const change of changes) {
    try {
      putChange(root, change);
    } catch (error) {
      throw notWritten(change.file, error);
    }
  }
}

function putChange(root: string, { file, after }: FileChange): void {
  const place = inputPlace(root, file);
  if (after !== undefined) {
    mkdirSync(dirname(place), { recursive: true });
    replaceFile(root, place, after);
    return;
  }
  rmSync(join(root, file), { force: true });
  removeEmptyFolders(root, dirname(join(root, file)));
}

function notWritten(file: string, error: unknown): EditRefused {
  if (error instanceof EditRefused) return error;
  return new EditRefused(file, `it can not be written: ${reason(error)}`, "Make room for it, or let it be written.");
}

/** What to tell of a change that stopped at a file, once those before it are as they were. */
function takenBack(root: string, changes: readonly FileChange[], stopped: EditRefused): EditRefused {
  const put = changes.slice(
    0,
    changes.findIndex(({ file }) => file === stopped.file),
  );
  try {
    removeEmptyFolders(root, dirname(join(root, stopped.file)));
    for (const { file, before, after } of put.reverse()) {
      insist(inputText(root, file) === after, file, "was changed by somebody else meanwhile", "");
      putChange(root, { file, before: after, after: before });
    }
    rmSync(join(root, JOURNAL), { force: true });
  } catch {
    return halfWritten(stopped);
  }
  return new EditRefused(stopped.file, stopped.what, `${stopped.repair} Nothing was written.`);
}

function halfWritten({ file, what, repair }: EditRefused): EditRefused {
  const again = "The change is half written: run the same command again once it can be written.";
  return new EditRefused(file, what, `${repair} ${again}`);
}

function readJournal(root: string): Journal | undefined {
  const path = join(root, JOURNAL);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return undefined;
  const text = found.isFile() ? textUnlessGone(path) : "";
  // The run that wrote it has ended just now.
  if (text === undefined) return undefined;
  const journal = journalFile.safeParse(parseJson(text)).data;
  if (journal !== undefined) return journal;
  const what = "is not what a command notes that writes inputs: JSON of its pid, command and changes";
  throw new EditRefused(JOURNAL, what, `Remove the file and look at git diff.`);
}

function textUnlessGone(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function journalText(changes: readonly FileChange[], command: string): string {
  return JSON.stringify({ pid: process.pid, command, changes });
}

function underWay(journal: Journal | undefined): EditRefused {
  const { command, pid } = journal ?? {};
  const what = command === undefined ? "another run was writing" : `another run is writing: ${quote(command)}`;
  const ifNone = pid === undefined ? "" : ` If there is none (process ${pid}), remove the file and look at git diff.`;
  return new EditRefused(JOURNAL, what, `Run this again when it has ended.${ifNone}`);
}

/** Puts a whole file in place, unless one is there: then it returns false. A rename would replace it. */
function putFirst(root: string, path: string, text: string): boolean {
  const part = partOf(root, process.pid);
  try {
    rmSync(part, { force: true });
    writeFileSync(part, text, { flag: "wx" });
    linkSync(part, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    const { file, what, repair } = notWritten(JOURNAL, error);
    throw new EditRefused(file, what, `${repair} Nothing was written.`);
  } finally {
    removeFile(part);
  }
}

function replaceFile(root: string, place: string, text: string): void {
  const part = partOf(root, process.pid);
  const mode = statSync(place, { throwIfNoEntry: false })?.mode;
  try {
    rmSync(part, { force: true });
    writeFileSync(part, text, { flag: "wx" });
    if (mode !== undefined) chmodSync(part, mode);
    renameSync(part, place);
  } finally {
    removeFile(part);
  }
}

/** What has its name and is no file is somebody else's. */
function removeFile(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile()) rmSync(path, { force: true });
}

/** Where the next file is written before it is put in place. */
function partOf(root: string, pid: number): string {
  return join(root, `${JOURNAL}.${pid}.part`);
}

/** Of runs that were killed while they wrote one. */
function removeParts(root: string): void {
  for (const name of readdirSync(root)) {
    const pid = name.startsWith(`${JOURNAL}.`) ? /\.(\d+)\.part$/.exec(name)?.[1] : undefined;
    if (pid !== undefined && !isRunning(Number(pid))) removeFile(join(root, name));
  }
}

function removeEmptyFolders(root: string, folder: string): void {
  for (let path = folder; path.startsWith(root) && path !== root; path = dirname(path)) {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found === undefined) continue;
    if (!found.isDirectory() || readdirSync(path).length > 0) return;
    rmdirSync(path);
  }
}

const SEE = `See what it should be, and remove ${JOURNAL}.`;

function insist(holds: boolean, file: string, what: string, repair: string): void {
  if (!holds) throw new EditRefused(file, what, repair);
}

function isRunning(pid: number): boolean {
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
