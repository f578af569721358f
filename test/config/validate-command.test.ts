import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { FIXTURES } from "./support/overlaid-inputs";

const cli = join(__dirname, "../../bin/artifacts.cjs");
const base = join(FIXTURES, "base");

function validate(...options: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, "validate", ...options], { encoding: "utf8" });
  return { status, stdout, stderr };
}

describe("artifacts validate", () => {
  test("ends with 0 and one line for valid inputs", () => {
    expect(validate("--root", base)).toEqual({
      status: 0,
      stdout:
        "valid: 0 errors, 0 warnings in 3 projects (1 managed here), 3 groups, 1 filestore, 1 manifest with 1 line\n",
      stderr: "",
    });
  });

  test("ends with 1 for a mistake, names its place and what to write", () => {
    const { status, stdout } = validate("--root", base, "--groups", "../invalid/group-name/groups");

    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^\.\.\/invalid\/group-name\/groups\/sig-tools\/groups\.yaml:17:5: error: groups\[2\]\.name: /,
    );
    expect(stdout).toMatch(/\nnot valid: 1 error, 1 warning in /);
  });

  test("tells machines everything in one document", () => {
    const { status, stdout } = validate(
      "--root",
      base,
      "--filestores",
      "../invalid/filestore-yes/filestores",
      "--json",
    );

    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      errors: 1,
      counts: { projects: 3, groups: 3, manifests: 1 },
      diagnostics: [
        { severity: "error", rule: "schema/type", line: 3, column: 5, summary: /src/, detail: /Write true/ },
      ].map(({ summary, detail, ...rest }) => ({
        ...rest,
        summary: expect.stringMatching(summary),
        detail: expect.stringMatching(detail),
      })),
    });
  });

  test.each([["validate"], ["promote"], ["groups", "show"]])("a refused %s %s tells machines why", (...words) => {
    const { status, stdout } = spawnSync(process.execPath, [cli, ...words, "--json", "--root", "nowhere"]);

    expect({ status, ...JSON.parse(stdout.toString()) }).toEqual({
      status: 2,
      ok: false,
      diagnostics: [{ severity: "error", rule: "layout/root", summary: "--root: nowhere does not exist" }],
    });
  });

  test("a folder of filestores that is mistyped is one mistake", () => {
    const { stdout } = validate("--root", base, "--filestores", "nope");

    expect(stdout).toMatch(/^nope:1:1: error: filestores: nope does not exist\n.*\nnot valid: 1 error, /);
  });

  test("ends with 2 when it is asked wrongly", () => {
    expect(validate("--root", join(base, "none"))).toMatchObject({
      status: 2,
      stderr: expect.stringContaining("does not exist"),
    });
    expect(validate("--rooot", base)).toMatchObject({ status: 2, stderr: expect.stringContaining("--root") });
  });

  test("explains itself", () => {
    const { status, stdout } = validate("--help");

    expect(status).toBe(0);
    expect(stdout).toContain("artifacts validate --root ../k8s.io");
  });
});
