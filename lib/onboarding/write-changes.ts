import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import { EditRefused, type FileChange } from "./plan-types";

/** What is being written, below the root of the inputs; it is there only while a change is under way. */
export const JOURNAL = ".artifacts-change.json";

interface Journal {
  /** The process that writes. */
  readonly pid: number;
  readonly changes: readonly { readonly file: string; readonly before?: string; readonly after?: string }[];
}

/**
 * Writes all of a change or nothing: it is noted first, so that whoever comes after a run that was killed completes it.
 * Each file is whole at any time. Folders that end up empty go.
 */
export function writeChanges(root: string, changes: readonly FileChange[]): void {
  for (const { file } of changes) insist(isInside(root, file), file, "lies outside of the inputs");
  const journal: Journal = {
    pid: process.pid,
    changes: changes.map(({ file, ...text }) => ({ file, ...defined(text) })),
  };
  replaceFile(join(root, JOURNAL), JSON.stringify(journal));
  apply(root, journal);
}

/** Completes a change that was cut off. Tells which files it was about; undefined when there is none. */
export function completeChanges(root: string): readonly string[] | undefined {
  const path = join(root, JOURNAL);
  if (!existsSync(path)) return undefined;
  // Our own text: it was put in place whole.
  const journal = JSON.parse(readFileSync(path, "utf8")) as Journal;
  if (isRunning(journal.pid))
    throw new EditRefused(
      JOURNAL,
      "another run is writing",
      `Wait until it has ended. If there is none (process ${journal.pid}), remove the file and look at git diff.`,
    );
  for (const { file, before, after } of journal.changes) {
    insist(isInside(root, file), file, "lies outside of the inputs");
    const found = existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : undefined;
    insist(found === before || found === after, file, "was changed since a run that wrote it was cut off");
  }
  apply(root, journal);
  return journal.changes.map(({ file }) => file);
}

function apply(root: string, { changes }: Journal): void {
  for (const { file, after } of changes) {
    const path = join(root, file);
    if (after !== undefined) {
      mkdirSync(dirname(path), { recursive: true });
      replaceFile(path, after, join(root, `${JOURNAL}.part`));
      continue;
    }
    rmSync(path, { force: true });
    removeEmptyFolders(root, dirname(path));
  }
  rmSync(join(root, JOURNAL), { force: true });
}

function replaceFile(path: string, text: string, temporary = `${path}.part`): void {
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

function removeEmptyFolders(root: string, folder: string): void {
  for (let path = folder; path.startsWith(root) && path !== root; path = dirname(path)) {
    if (!existsSync(path)) continue;
    if (readdirSync(path).length > 0) return;
    rmdirSync(path);
  }
}

function isInside(root: string, file: string): boolean {
  const path = relative(root, join(root, file));
  return path !== "" && path !== ".." && !path.startsWith(`..${sep}`);
}

function insist(holds: boolean, file: string, what: string): void {
  if (holds) return;
  throw new EditRefused(
    file,
    what,
    `Nothing was written. See what it should be, and remove ${JOURNAL} if there is one.`,
  );
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

function defined({ before, after }: Omit<FileChange, "file">) {
  return { ...(before === undefined ? {} : { before }), ...(after === undefined ? {} : { after }) };
}
