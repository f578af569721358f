import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, posix } from "node:path";
import { filesAt, type RevisionFile } from "./revision-files";
import { UsageError } from "./usage-error";

/** A revision of a repository, of which parts are laid out in a folder of their own as a work tree would have them. */
export interface Revision {
  readonly commit: string;

  /** The folder that stands for the repository. */
  readonly top: string;

  /** The folder below it that stands for the one that was asked about. */
  readonly folder: string;

  /** Paths of its submodules, relative to `folder`: none of their files belong to it. */
  readonly submodules: readonly string[];

  /** Lays out what stands at paths, relative to `folder`, and what links there lead to. */
  layOut(paths: readonly string[]): Promise<void>;
  remove(): void;
}

/**
 * The repository of `folder` as it was where the history of HEAD left `revision`. Only Git's own storage is read: no hook,
 * filter or helper that a repository may bring along is run, nothing is fetched, and its work tree is not touched.
 */
export async function readRevision(folder: string, revision: string): Promise<Revision> {
  const commit = await branchPoint(folder, revision);
  const prefix = (await git(folder, ["rev-parse", "--show-prefix"])).toString().replace(/\n$/, "");
  const listing = (await stored(folder, ["ls-tree", "-r", "-z", "--full-tree", commit])).toString("utf8").split("\0");
  const files = parseTree(listing);
  const links = [...files.values()].filter(({ isLink }) => isLink);
  const targets = await readBlobs(folder, links);
  const top = mkdtempSync(join(tmpdir(), "artifacts-base-"));
  const root = join(top, prefix);
  mkdirSync(root, { recursive: true });
  const laidOut = new Set<RevisionFile>();
  return {
    commit,
    top,
    folder: root,
    submodules: listing.flatMap((entry) => {
      const path = /^160000 commit [0-9a-f]+\t(.+)$/s.exec(entry)?.[1];
      return path === undefined ? [] : [posix.relative(prefix, path)];
    }),
    layOut: async (paths) => {
      const asked = paths.map((path) => posix.join(prefix, path));
      const targetOf = (link: RevisionFile) => targets.get(link)?.toString() ?? "";
      const missing = filesAt(files, targetOf, asked).filter((file) => !laidOut.has(file));
      const contents = await readBlobs(folder, missing);
      for (const file of linksLast(missing)) {
        const path = join(top, file.path);
        mkdirSync(dirname(path), { recursive: true });
        const content = contents.get(file) ?? Buffer.alloc(0);
        if (file.isLink) symlinkSync(content.toString(), path);
        else writeFileSync(path, content);
        laidOut.add(file);
      }
    },
    remove: () => rmSync(top, { recursive: true, force: true }),
  };
}

/** The commit that is checked out; undefined outside of a repository. */
export async function headCommit(root: string): Promise<string | undefined> {
  try {
    return (await git(root, ["rev-parse", "--verify", "HEAD^{commit}"])).toString().trim();
  } catch {
    return undefined;
  }
}

/** Where a pull request begins: what happened on the base branch since is not its doing. */
async function branchPoint(root: string, revision: string): Promise<string> {
  if (revision.startsWith("-")) throw new UsageError(`--base ${revision}: expected a branch, tag or commit`);
  let commit: string;
  try {
    commit = (await git(root, ["rev-parse", "--verify", "--end-of-options", `${revision}^{commit}`])).toString().trim();
  } catch (error) {
    throw new UsageError(`--base ${revision}: ${root} has no such revision (${message(error)})`);
  }
  let points: readonly string[];
  try {
    points = (await git(root, ["merge-base", "--all", commit, "HEAD"])).toString().trim().split("\n");
  } catch {
    if (!(await isShallow(root)) || (await parentsOfHead(root)).includes(commit)) return commit;
    // To compare with the revision itself would hold against the change what was merged since.
    throw new UsageError(
      `--base ${revision}: the clone in ${root} is too shallow to tell where HEAD left it. Fetch its history: git fetch --unshallow (fetch-depth: 0 in GitHub Actions)`,
    );
  }
  const [point = commit, ...others] = points;
  if (others.length === 0) return point;
  // What one of them has and another lacks would be taken for no change.
  throw new UsageError(
    `--base ${revision}: HEAD left it at ${points.length} commits (${points.map((id) => id.slice(0, 12)).join(", ")}). Merge ${revision} into it first: git merge ${revision}`,
  );
}

async function isShallow(root: string): Promise<boolean> {
  return (await git(root, ["rev-parse", "--is-shallow-repository"])).toString().trim() === "true";
}

/** As the commit itself names them: a shallow clone hides parents that it does not hold. */
async function parentsOfHead(root: string): Promise<readonly string[]> {
  const [head = ""] = (await git(root, ["cat-file", "commit", "HEAD"])).toString().split("\n\n");
  return head.split("\n").flatMap((line) => /^parent ([0-9a-f]+)$/.exec(line)?.[1] ?? []);
}

/** Files and links by their path; submodules are none of either. */
function parseTree(listing: readonly string[]): ReadonlyMap<string, RevisionFile> {
  const files = new Map<string, RevisionFile>();
  for (const entry of listing) {
    const [, mode, id, path] = /^(100644|100755|120000) blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
    if (id !== undefined && path !== undefined) files.set(path, { id, path, isLink: mode === "120000" });
  }
  return files;
}

/** Nothing is written through a link, not even in a tree that Git itself would not make: deeper paths come first. */
function linksLast(files: readonly RevisionFile[]): readonly RevisionFile[] {
  const links = files.filter(({ isLink }) => isLink).sort((one, other) => other.path.length - one.path.length);
  return [...files.filter(({ isLink }) => !isLink), ...links];
}

/** All of them through one process: its answers are `<id> blob <size>`, a line feed, the bytes, a line feed. */
async function readBlobs(root: string, files: readonly RevisionFile[]): Promise<ReadonlyMap<RevisionFile, Buffer>> {
  if (files.length === 0) return new Map();
  const answer = await stored(root, ["cat-file", "--batch"], `${files.map(({ id }) => id).join("\n")}\n`);
  const contents = new Map<RevisionFile, Buffer>();
  let at = 0;
  for (const file of files) {
    const end = answer.indexOf("\n", at);
    const [, kind, length] = answer.toString("utf8", at, end).split(" ");
    if (kind !== "blob") throw await notStored(root, new Error(`${file.path}: Git has lost its bytes`));
    contents.set(file, answer.subarray(end + 1, end + 1 + Number(length)));
    at = end + 1 + Number(length) + 1;
  }
  return contents;
}

async function stored(root: string, args: readonly string[], input = ""): Promise<Buffer> {
  try {
    return await git(root, args, input);
  } catch (error) {
    throw await notStored(root, error);
  }
}

/** A partial clone would ask its origin for what it lacks, by whatever program its configuration names: it may not. */
async function notStored(root: string, error: unknown): Promise<unknown> {
  if (!(await isPartial(root))) return error;
  return new UsageError(
    `the clone in ${root} is partial, and lacks files of the base. Fetch them: git fetch --refetch --no-filter (in GitHub Actions, leave out "filter")`,
  );
}

async function isPartial(root: string): Promise<boolean> {
  try {
    return (await git(root, ["config", "--get-regexp", "^remote\\..*\\.promisor$"])).length > 0;
  } catch {
    return false;
  }
}

const SAFE = [
  "--no-replace-objects",
  "-c",
  "core.fsmonitor=false",
  "-c",
  "core.hooksPath=/dev/null",
  "-c",
  "protocol.allow=never",
];

function git(root: string, args: readonly string[], input = ""): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn("git", [...SAFE, "-C", root, ...args], { stdio: ["pipe", "pipe", "pipe"] });
    const out: Buffer[] = [];
    let complaint = "";
    child.stdout.on("data", (piece: Buffer) => out.push(piece));
    child.stderr.on("data", (piece: Buffer) => {
      complaint += piece.toString();
    });
    child.once("error", (error) => reject(new Error(`git can not be run: ${error.message}`)));
    child.once("close", (code) => {
      if (code === 0) resolve(Buffer.concat(out));
      else reject(new Error(complaint.trim().split("\n")[0] || `git ${args[0]} ended with ${code}`));
    });
    // Git may end before it has read everything; then its exit code says why.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
  });
}

function message(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
