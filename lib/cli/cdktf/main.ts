import { UsageError } from "../usage-error";
import { planRequest, stacksToDeploy } from "./arguments";
import { planStacks } from "./plan-stacks";

/** The program of cdktf-cli. It reads `process.argv` when it is loaded. */
const upstream = "cdktf-cli/bundle/bin/cdktf.js";

async function run(argv: readonly string[]): Promise<void> {
  // Neither crash reports nor the check for a new version leave this machine, unless somebody wants them to.
  process.env.CHECKPOINT_DISABLE ??= "1";
  const plan = planRequest(argv);
  if (plan !== undefined) {
    process.exitCode = await planStacks(plan, require.resolve(upstream));
    return;
  }
  const stacks = stacksToDeploy(argv);
  if (stacks.length > 0) process.env.ARTIFACTS_DEPLOYED_TOGETHER ??= stacks.join(",");
  require(upstream);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `cdktf: ${error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error}\n`,
  );
  process.exitCode = error instanceof UsageError ? 2 : 3;
});
