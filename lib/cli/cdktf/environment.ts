import { existsSync } from "node:fs";
import { devNull } from "node:os";
import { settleTerraformProgram } from "../../terraform-program";

/** Sets what cdktf-cli and terraform read from `env`, for quiet and readable runs. What somebody has set stays. */
export function setEnvironment(env: NodeJS.ProcessEnv, isTerminal: boolean): void {
  // Neither crash reports nor checks for a new version leave this machine, unless somebody wants them to. cdktf-cli has two
  // such checks; on a terminal it asks npm before it does anything else, and waits as long as npm tries.
  env.CHECKPOINT_DISABLE ??= "1";
  env.DISABLE_VERSION_CHECK ??= "1";
  // In a file or a pipe cdktf-cli's moving progress would be thousands of control sequences.
  if (!isTerminal) env.CI ??= "1";
  settleTerraformProgram(env);
  const cliConfig = env.TF_CLI_CONFIG_FILE;
  if (cliConfig === undefined || cliConfig === "" || existsSync(cliConfig)) return;
  // Terraform goes on without it and warns at each of its starts, which cdktf-cli prints as errors. Told once is enough.
  process.stderr.write(`TF_CLI_CONFIG_FILE: ${cliConfig} is not there, going on without it\n`);
  env.TF_CLI_CONFIG_FILE = devNull;
}
