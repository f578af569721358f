import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { interruptedStacks } from "../../../lib/cli/cdktf/interrupted";
import { spawn } from "../../../lib/cli/cdktf/pseudo-terminal";
import { failure } from "../../../lib/cli/cdktf/stack-ends";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-ends-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs a script in the place of terraform; what is said of it. */
async function runInPlaceOfTerraform(script: string, cwd: string): Promise<string> {
  const terminal = spawn("sh", ["-c", script], { cwd });
  let said = "";
  terminal.onData((text) => {
    said += text;
  });
  await new Promise<unknown>((resolve) => terminal.onExit(resolve));
  return said;
}

const failed = "Invoking Terraform CLI failed with exit code 1";
const again = "terraform was killed (SIGKILL). Run the deploy again: it goes on from there";

test.each([
  ["here", { local: { path: "groups.tfstate" } }, again],
  ["in Cloud Storage", { gcs: {} }, `${again}; if its state stays locked, see docs/cli.md`],
])("a stack whose terraform was killed and whose state is %s says how to go on", async (_, backend, reason) => {
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform: { backend } }));

  expect(await runInPlaceOfTerraform("kill -9 $$", folder)).toBe("sh was killed (SIGKILL)\n");
  expect(failure(folder, "deploy", failed)).toEqual({ status: "failed", reason });
});

test.each([
  ["Plugin did not respond", "failed: a provider ended under terraform. Run the deploy again: it goes on from there"],
  [
    "The terraform-provider-google_v6 plugin crashed!",
    "failed: a provider ended under terraform. Run the deploy again",
  ],
  ["googleapi: Error 403", "failed"],
])("a stack that fails with %s is put in order by the next deploy where a provider ended", async (error, end) => {
  const stack = join(folder, "stacks", "lathe");
  mkdirSync(stack, { recursive: true });

  await runInPlaceOfTerraform(`echo "Error: ${error}" >&2; exit 1`, stack);

  const { status, reason } = failure(stack, "deploy", failed);
  expect([status, reason].filter(Boolean).join(": ")).toContain(end);
  expect(interruptedStacks(folder, [])).toEqual(end === "failed" ? [] : ["lathe"]);
});
