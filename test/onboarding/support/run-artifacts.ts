import { spawnSync } from "node:child_process";
import { join } from "node:path";

/** Runs the command on the inputs below `root`, where no terminal is. */
export function runArtifacts(root: string, ...words: readonly string[]) {
  const program = join(__dirname, "../../../dist/lib/cli/artifacts.js");
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words, "--root", root], {
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}
