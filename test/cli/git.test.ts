import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readRevision } from "../../lib/cli/git";

let folder: string;
let origin: string;

function git(root: string, ...args: readonly string[]): string {
  const person = ["-c", "user.name=Ana", "-c", "user.email=ana@example.org"];
  return execFileSync("git", ["-C", root, ...person, ...args], { encoding: "utf8", stdio: "pipe" }).trim();
}

function commit(message: string): string {
  writeFileSync(join(origin, `${message}.yaml`), message);
  return commitAll(message);
}

function commitAll(message: string): string {
  git(origin, "add", "--all");
  git(origin, "commit", "--quiet", "-m", message);
  return git(origin, "rev-parse", "HEAD");
}

/** `main` and `change` have parted after `fork`; `merge` is what a forge makes of the two. */
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "git-"));
  origin = join(folder, "origin");
  execFileSync("git", ["init", "--quiet", "--initial-branch=main", origin]);
  const fork = commit("fork");
  commit("main");
  git(origin, "checkout", "--quiet", "-b", "change", fork);
  commit("change");
  git(origin, "checkout", "--quiet", "-b", "merge", "main");
  git(origin, "merge", "--quiet", "--no-ff", "-m", "merge", "change");
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function clone(branch: string, ...more: readonly string[]): string {
  const path = join(folder, "clone");
  execFileSync("git", ["clone", "--quiet", "--branch", branch, ...more, `file://${origin}`, path], { stdio: "pipe" });
  git(path, "fetch", "--quiet", ...more, "origin", "main:refs/remotes/origin/main");
  return path;
}

async function filesOf(root: string): Promise<readonly string[]> {
  const revision = await readRevision(root, "origin/main");
  try {
    await revision.layOut(["."]);
    return readdirSync(revision.folder, { recursive: true }).map(String).sort();
  } finally {
    revision.remove();
  }
}

test("a change begins where it left the base", async () => {
  expect(await filesOf(clone("change"))).toEqual(["fork.yaml"]);
});

test("of a shallow clone of the merge, the base is what was merged onto", async () => {
  expect(await filesOf(clone("merge", "--depth=1"))).toEqual(["fork.yaml", "main.yaml"]);
});

test("histories that met twice are refused: what one base has and the other lacks would be no change", async () => {
  const root = clone("change");
  const [ours, theirs] = [git(root, "rev-parse", "HEAD"), git(root, "rev-parse", "origin/main")];
  git(root, "merge", "--quiet", "-m", "one", theirs);
  git(root, "checkout", "--quiet", "-b", "base", theirs);
  git(root, "merge", "--quiet", "-m", "other", ours);
  git(root, "checkout", "--quiet", "change");

  await expect(readRevision(root, "base")).rejects.toThrow("HEAD left it at 2 commits");
  git(root, "merge", "--quiet", "-m", "as told", "base");
  const { commit, remove } = await readRevision(root, "base");
  remove();
  expect(commit).toBe(git(root, "rev-parse", "base"));
});

test("a base is the one that history has, whatever a ref says to show instead", async () => {
  const root = clone("change");
  git(root, "replace", git(root, "merge-base", "origin/main", "HEAD"), "HEAD");

  expect(await filesOf(root)).toEqual(["fork.yaml"]);
});

test("a clone too shallow to tell is refused: what was merged since would look taken out", async () => {
  await expect(filesOf(clone("change", "--depth=1"))).rejects.toThrow("git fetch --unshallow");
});

test("a partial clone that lacks the base is refused with the repair, and leaves no folder behind", async () => {
  git(origin, "config", "uploadpack.allowFilter", "true");
  const path = join(folder, "partial");
  const partial = ["--filter=blob:none", "--no-checkout", "--branch", "change"];
  execFileSync("git", ["clone", "--quiet", ...partial, `file://${origin}`, path], { stdio: "pipe" });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = join(folder, "tmp");
  mkdirSync(process.env.TMPDIR);
  try {
    await expect(filesOf(path)).rejects.toThrow("git fetch --refetch --no-filter");
    expect(readdirSync(process.env.TMPDIR)).toEqual([]);
  } finally {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
  }
  git(path, "fetch", "--quiet", "--refetch", "--no-filter");
  expect(await filesOf(path)).toEqual(["fork.yaml"]);
});

test("what a link leads to is laid out with it, and nothing outside of the repository", async () => {
  const links = {
    "a.yaml": "b/c.yaml",
    b: "deep/er",
    out: "../outside.yaml",
    loop: "loop/x",
    "far/host": "/etc/hostname",
  };
  for (const name of ["deep/er", "far"]) mkdirSync(join(origin, name), { recursive: true });
  for (const [name, target] of Object.entries(links)) symlinkSync(target, join(origin, name));
  writeFileSync(join(origin, "deep/er/c.yaml"), "c");
  writeFileSync(join(origin, "deep/unread.yaml"), "d");
  const commit = commitAll("links");
  const revision = await readRevision(join(origin, "far"), commit);
  await revision.layOut(["../a.yaml", "../out", "../loop", "host"]);
  await revision.layOut(["../a.yaml"]);
  const found = readdirSync(revision.top, { recursive: true }).map(String).sort();
  revision.remove();

  expect(found).toEqual([
    "a.yaml",
    "b",
    "b/c.yaml",
    "deep",
    "deep/er",
    "deep/er/c.yaml",
    "far",
    "far/host",
    "loop",
    "out",
  ]);
});
