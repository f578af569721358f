import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawn } from "../../../lib/cli/cdktf/pseudo-terminal";
import { failure } from "../../../lib/cli/cdktf/stack-ends";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-ends-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const again = "terraform was killed (SIGKILL). Run the deploy again: it goes on from there";

test.each([
  ["here", { local: { path: "groups.tfstate" } }, again],
  ["in Cloud Storage", { gcs: {} }, `${again}; if its state stays locked, see docs/cli.md`],
])("a stack whose terraform was killed and whose state is %s says how to go on", async (_, backend, reason) => {
  writeFileSync(join(folder, "cdk.tf.json"), JSON.stringify({ terraform: { backend } }));
  const terminal = spawn("sh", ["-c", "kill -9 $$"], { cwd: folder });
  let said = "";
  terminal.onData((text) => {
    said += text;
  });
  await new Promise((resolve) => terminal.onExit(resolve));

  expect(said).toBe("sh was killed (SIGKILL)\n");
  expect(failure(folder, "deploy", "Invoking Terraform CLI failed with exit code 1")).toEqual({
    status: "failed",
    reason,
  });
});
