import { UsageError } from "../usage-error";
import { planRequest } from "./arguments";
import { prepareDeploy } from "./deploy";
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
  if (argv[0] === "deploy" || argv[0] === "apply") {
    const words = await prepareDeploy(argv, require.resolve(upstream));
    process.argv.splice(2, argv.length, ...words);
  }
  require(upstream);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `cdktf: ${error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error}\n`,
  );
  process.exitCode = error instanceof UsageError ? 2 : 3;
});
