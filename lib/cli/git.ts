import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { UsageError } from "./usage-error";

/** A revision of the inputs, laid out in a folder of its own. */
export interface Revision {
  readonly commit: string;
  readonly folder: string;

  /** The files, relative to the folder. */
  readonly files: readonly string[];
  remove(): void;
}

/**
 * Reads `paths` (relative to `root`) as they were where the history of HEAD left `revision`. Only Git's own storage is
 * read: no hook, filter or helper that a repository may bring along is run, and its work tree is not touched.
 */
export async function readRevision(root: string, revision: string, paths: readonly string[]): Promise<Revision> {
  const commit = await branchPoint(root, revision);
  const listing = await git(root, ["ls-tree", "-r", "-z", commit, "--", ...paths]);
  const blobs = parseTree(listing);
  const folder = mkdtempSync(join(tmpdir(), "artifacts-base-"));
  const contents =
    blobs.length === 0
      ? []
      : await readBlobs(
          root,
          blobs.map(({ id }) => id),
        );
  for (const [index, { path }] of blobs.entries()) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, contents[index] ?? "");
  }
  return {
    commit,
    folder,
    files: blobs.map(({ path }) => path),
    remove: () => rmSync(folder, { recursive: true, force: true }),
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
  try {
    return (await git(root, ["merge-base", commit, "HEAD"])).toString().trim();
  } catch {
    if (!(await isShallow(root)) || (await parentsOfHead(root)).includes(commit)) return commit;
    // To compare with the revision itself would hold against the change what was merged since.
    throw new UsageError(
      `--base ${revision}: the clone in ${root} is too shallow to tell where HEAD left it. Fetch its history: git fetch --unshallow (fetch-depth: 0 in GitHub Actions)`,
    );
  }
}

async function isShallow(root: string): Promise<boolean> {
  return (await git(root, ["rev-parse", "--is-shallow-repository"])).toString().trim() === "true";
}

/** As the commit itself names them: a shallow clone hides parents that it does not hold. */
async function parentsOfHead(root: string): Promise<readonly string[]> {
  const [head = ""] = (await git(root, ["cat-file", "commit", "HEAD"])).toString().split("\n\n");
  return head.split("\n").flatMap((line) => /^parent ([0-9a-f]+)$/.exec(line)?.[1] ?? []);
}

interface Blob {
  readonly id: string;
  readonly path: string;
}

/** Regular files only: a link that was followed here would be followed out of the folder. */
function parseTree(listing: Buffer): readonly Blob[] {
  return listing
    .toString("utf8")
    .split("\0")
    .flatMap((entry) => {
      const [, id, path] = /^(?:100644|100755) blob ([0-9a-f]+)\t(.+)$/s.exec(entry) ?? [];
      return id === undefined || path === undefined ? [] : [{ id, path }];
    });
}

/** All of them through one process: its answers are `<id> blob <size>`, a line feed, the bytes, a line feed. */
async function readBlobs(root: string, ids: readonly string[]): Promise<readonly Buffer[]> {
  const answer = await git(root, ["cat-file", "--batch"], `${ids.join("\n")}\n`);
  const contents: Buffer[] = [];
  for (let at = 0; at < answer.length; ) {
    const end = answer.indexOf("\n", at);
    const size = Number(answer.toString("utf8", at, end).split(" ")[2]);
    contents.push(answer.subarray(end + 1, end + 1 + size));
    at = end + 1 + size + 1;
  }
  return contents;
}

const SAFE = ["-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null", "-c", "protocol.allow=never"];

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
