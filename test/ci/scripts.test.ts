import { spawnSync } from "node:child_process";
import { appendFileSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";

const CHECKOUT = join(__dirname, "..", "..");
const ENGINE = ["bin", "dist", "groups", "filestores", "infra", "lib", "manifests", "sandbox", "stacks"];

let folder: string;
let base: string;

/** A repository whose first commit is this checkout, and whose second adds a writer to one staging project. */
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "artifacts-ci-"));
  for (const name of [...ENGINE, "main.ts", "package.json", "cdktf.json"]) {
    cpSync(join(CHECKOUT, name), join(folder, name), { recursive: true, preserveTimestamps: true });
  }
  symlinkSync(join(CHECKOUT, "node_modules"), join(folder, "node_modules"));
  writeFileSync(join(folder, ".gitignore"), "node_modules\ndist\ncdktf.out\n");
  git("init", "--quiet", "--initial-branch=main");
  commit("base");
  base = git("rev-parse", "HEAD");
  appendFileSync(join(folder, "infra/gcp/infra.yaml"), "\n        delete-after-days: 7\n");
  commit("Keep candidates of the last project for a week");
}, 60_000);

afterAll(() => rmSync(folder, { recursive: true, force: true }));

function git(...words: readonly string[]): string {
  const { stdout, status, stderr } = spawnSync("git", words, { cwd: folder, encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim();
}

function commit(message: string): void {
  git("add", "--all");
  git("-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", message);
}

function script(name: string, ...words: readonly string[]) {
  return scriptWith({}, name, ...words);
}

function scriptWith(env: NodeJS.ProcessEnv, name: string, ...words: readonly string[]) {
  return spawnSync("bash", [join("infra/ci", name), ...words], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, ...env, ARTIFACTS_NODE_MODULES: join(CHECKOUT, "node_modules"), ARTIFACTS_TARGET: "gcp" },
  });
}

test("a pull request is told which resources of which stacks it changes, and nothing of the others", () => {
  const { stdout } = script("check.sh", base);

  expect(stdout.slice(stdout.indexOf("Stacks that"))).toBe(
    `Stacks that this change touches:
staging-quill
  ~ google_storage_bucket.gcb: lifecycle_rule
  ~ google_storage_bucket.staging: lifecycle_rule
`,
  );
}, 60_000);

test("what was merged is deployed, and only that", () => {
  const { stdout, status } = script("deploy.sh", "--dry-run", base, "staging-*", "groups", "serving");

  expect({ stdout, status }).toEqual({ stdout: "To deploy: staging-quill\n", status: 0 });
}, 60_000);

test("a change that no wanted stack sees deploys nothing", () => {
  expect(script("deploy.sh", "--dry-run", base, "groups")).toMatchObject({ stdout: "Nothing to deploy.\n", status: 0 });
}, 60_000);

test("a manifest with a mistake is deployed to fail, and holds up nothing else", () => {
  const before = git("rev-parse", "HEAD");
  const manifest = join(folder, "manifests/oss-staging-lathe/v1.4.2.yaml");
  const whole = readFileSync(manifest, "utf8");
  writeFileSync(manifest, `${whole}  sha: [\n`);
  commit("Merge what was right each by itself");
  const { stdout, status } = script("deploy.sh", "--dry-run", before);
  writeFileSync(manifest, whole);
  commit("Mend it");

  expect({ stdout, status }).toEqual({ stdout: "To deploy: promote-oss-staging-lathe\n", status: 0 });
}, 60_000);

describe("stacks that others need are deployed first", () => {
  beforeAll(() => {
    appendFileSync(join(folder, "groups/sig-build/groups.yaml"), "      - newcomer@example.org\n");
    commit("Add a member");
  });

  test.each([
    {
      when: "a failure among them holds up none of the others",
      fails: "exit 1",
      kinds: ["groups", "staging-quill"],
      code: 1,
    },
    { when: "an interrupt begins no others", fails: "kill -INT $PPID; exit 1", kinds: ["groups"], code: 130 },
    { when: "an order to stop begins no others", fails: "kill -TERM $PPID; exit 1", kinds: ["groups"], code: 143 },
  ])(
    "and $when",
    ({ fails, kinds, code }) => {
      const programs = mkdtempSync(join(tmpdir(), "artifacts-npx-"));
      const npx = `#!/bin/sh\necho "npx $*"\ncase $* in *groups*) ${fails} ;; esac\n`;
      writeFileSync(join(programs, "npx"), npx, { mode: 0o755 });
      try {
        const { stdout, status } = scriptWith({ PATH: `${programs}:${process.env.PATH}` }, "deploy.sh", base);
        expect(stdout.split("\n").filter((line) => line.startsWith("npx"))).toEqual(
          kinds.map((kind) => `npx cdktf deploy ${kind} --auto-approve --terraform-parallelism 50`),
        );
        expect(status).toBe(code);
      } finally {
        rmSync(programs, { recursive: true });
      }
    },
    60_000,
  );
});

test("scripts leave no work tree behind", () => {
  expect(git("worktree", "list").split("\n")).toHaveLength(1);
});

test.each(["github/pull-request.yaml", "github/plan.yaml", "github/deploy.yaml"])(
  "%s gives no job more than it needs",
  (file) => {
    const workflow = parse(readFileSync(join(CHECKOUT, "infra/ci", file), "utf8"), { merge: true });
    const text = readFileSync(join(CHECKOUT, "infra/ci", file), "utf8");

    expect(workflow.permissions.contents).toBe("read");
    expect(text).not.toContain("secrets.");
    expect(workflow.permissions["id-token"] === "write").toBe(file !== "github/pull-request.yaml");
  },
);
