import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const checkout = join(__dirname, "../..");
const program = join(checkout, "dist/sandbox/demo/main.js");

function start(env: NodeJS.ProcessEnv = {}) {
  return spawnSync(process.execPath, [program], { encoding: "utf8", env: { ...process.env, ...env }, cwd: checkout });
}

describe("npm start", () => {
  const home = mkdtempSync(join(tmpdir(), "main-job-"));
  afterAll(() => rmSync(home, { recursive: true, force: true }));

  test("goes from reviewed YAML to published files, and shows what is refused, whatever git is set up for", () => {
    writeFileSync(join(home, ".gitconfig"), "[commit]\n  gpgsign = true\n[user]\n  signingkey = nobody\n");
    const { status, stdout, stderr } = start({
      HOME: home,
      GIT_DIR: join(home, "others.git"),
      GIT_CONFIG_GLOBAL: undefined,
    });

    expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    for (const fact of [
      "every Google Group is as declared",
      "403: IAM refuses a push by user:mallory@example.net",
      "every sha256 is the manifest's",
      "a second plan of promote-oss-staging-lathe is empty",
      "a missing version directory is refused",
      'did you mean "v1.8.0/linux/amd64/lathe"?',
      "a changed line that is published is refused",
      "whole run",
    ]) {
      expect(stdout).toContain(fact);
    }
    expect(stdout).toMatch(/^ +staging-lathe {2}Apply complete!/m);
    expect(stdout).not.toMatch(/^ +Apply complete!/m);
    expect(readFileSync(join(checkout, ".artifacts/last-run.html"), "utf8")).toContain("<!doctype html>");
    expect(existsSync(join(home, "others.git"))).toBe(false);
  }, 300_000);

  test("fails before anything starts when there is no Terraform, and says how to get it", () => {
    const { status, stdout, stderr } = start({ TERRAFORM_BINARY_NAME: "no-such-terraform" });

    expect({ status, stdout }).toEqual({ status: 3, stdout: "" });
    expect(stderr).toContain("no-such-terraform was not found on this machine. Install Terraform 1.5 or newer");
  });
});
