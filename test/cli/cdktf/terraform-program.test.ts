import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { terraformProblem } from "../../../lib/terraform-program";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "terraform-program-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A program of that name which answers a question for its version. */
function program(name: string, answer: string): string {
  const path = join(folder, name);
  writeFileSync(path, `#!/bin/sh\necho '${answer}'\n`, { mode: 0o755 });
  return path;
}

const version = (text: string) => `{"terraform_version": "${text}"}`;

describe("the program that runs the stacks", () => {
  test.each([
    ["terraform", "1.5.0"],
    ["terraform", "2.0.0-alpha"],
    ["tofu", "1.6.0"],
  ])("may be %s %s", (name, text) => {
    expect(terraformProblem({ TERRAFORM_BINARY_NAME: program(name, version(text)) })).toBeUndefined();
  });

  test.each([
    { when: "it is not there", env: () => ({ TERRAFORM_BINARY_NAME: "nowhere" }), said: "nowhere was not found" },
    { when: "its name is left empty", env: () => ({ TERRAFORM_BINARY_NAME: "" }), said: "terraform was not found" },
    { when: "it is a folder", env: () => ({ TERRAFORM_BINARY_NAME: folder }), said: "can not be started (EACCES)" },
    {
      when: "it is too old",
      env: () => ({ TERRAFORM_BINARY_NAME: program("old", version("1.4.9")) }),
      said: "1.4 is too old",
    },
    {
      when: "it is something else",
      env: () => ({ TERRAFORM_BINARY_NAME: program("else", "hello") }),
      said: "did not say which version it is",
    },
  ])("can not be used when $when, and the way out is said", ({ env, said }) => {
    const problem = terraformProblem({ ...env(), PATH: "/nowhere" });

    expect(problem).toContain(said);
    expect(problem).toContain("Install Terraform 1.5 or newer");
  });

  test("is looked for before the suite begins, and so is git", () => {
    const script = join(__dirname, "../../../bin/need-programs.cjs");
    const env = { TERRAFORM_BINARY_NAME: "nowhere", PATH: "/nowhere" };
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8", env });

    expect(status).toBe(3);
    expect(stderr).toMatch(/^nowhere was not found on this machine\..*\ngit was not found on this machine\./);
  });
});
