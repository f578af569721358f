import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CommandRunner } from "../../sandbox/demo/command";
import { refusals } from "../../sandbox/demo/refusals";
import { makeScratch } from "../../sandbox/demo/scratch";
import { throwawayGit } from "../../sandbox/demo/throwaway-git";

const folder = mkdtempSync(join(tmpdir(), "demo-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a command whose log can not be written fails, and says which log", async () => {
  const commands = new CommandRunner(folder, join(folder, "missing"));

  await expect(commands.run([process.execPath, "-e", "0"], process.env)).rejects.toThrow(
    /missing\/01-.*\.log can not be written: ENOENT/,
  );
});

test("folders of a run that can not be filled leave nothing behind", () => {
  const checkout = join(folder, "checkout");
  mkdirSync(checkout);
  writeFileSync(join(checkout, "infra"), "a file, and the other inputs are missing");

  expect(() => makeScratch(checkout)).toThrow("ENOENT");
  expect(readdirSync(join(checkout, ".artifacts"))).toEqual([]);
});

test("a refusal is shown with its repair, and is none for another reason", () => {
  const refused = ["v1.yaml:2:3: error: b/x: the source has sha256 aa", "    Nothing was copied.", "    Upload x."];
  const output = ["FAILED: 1 failed", "", ...refused, "c.yaml: error: list b: 403 Forbidden", "", "failed: 2 errors"];

  expect(refusals(output.join("\n"), /the source has sha256/)).toEqual(refused);
  expect(refusals(output.join("\n"), /not found/)).toEqual([]);
});

test("git in a throwaway repository knows nothing of the repository that a hook runs in", () => {
  const env = throwawayGit({ PATH: "/bin", GIT_DIR: "/work/.git", GIT_INDEX_FILE: "index", GIT_CONFIG_GLOBAL: "mine" });

  expect(env).toEqual({ PATH: "/bin", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" });
});
