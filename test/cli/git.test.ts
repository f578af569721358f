import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
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
  const { files, remove } = await readRevision(root, "origin/main", ["."]);
  remove();
  return files;
}

test("a change begins where it left the base", async () => {
  expect(await filesOf(clone("change"))).toEqual(["fork.yaml"]);
});

test("of a shallow clone of the merge, the base is what was merged onto", async () => {
  expect(await filesOf(clone("merge", "--depth=1"))).toEqual(["fork.yaml", "main.yaml"]);
});

test("a clone too shallow to tell is refused: what was merged since would look taken out", async () => {
  await expect(filesOf(clone("change", "--depth=1"))).rejects.toThrow("git fetch --unshallow");
});
