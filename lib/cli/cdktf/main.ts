import { setMaxListeners } from "node:events";
import { terraformProblem } from "../../terraform-program";
import { UsageError } from "../usage-error";
import { assertProvidersStart, outputFolder, readManifest } from "./app";
import {
  assertApprovable,
  colourFlags,
  flagValue,
  isDeploy,
  lockFlags,
  needsTerraform,
  parallelismFlags,
  planRequest,
  RUNS_TERRAFORM,
  stacksToRun,
  stacksToSynthesize,
} from "./arguments";
import { prepareDeploy } from "./deploy";
import { setEnvironment } from "./environment";
import { hintAtTheEnd } from "./hints";
import { isOwnList, listStacks } from "./list-stacks";
import { planStacks } from "./plan-stacks";
import { replacePseudoTerminal } from "./pseudo-terminal";
import { replaceHandlers } from "./upstream-handlers";

/** The program of cdktf-cli. It reads `process.argv` when it is loaded. */
const upstream = "cdktf-cli/bundle/bin/cdktf.js";

async function run(argv: readonly string[]): Promise<void> {
  const isTerminal = process.stdout.isTTY === true;
  setEnvironment(process.env, isTerminal);
  assertApprovable(argv, process.stdin.isTTY === true, process.env);
  const plan = planRequest(argv);
  const problem = needsTerraform(argv) ? terraformProblem(process.env) : undefined;
  if (problem !== undefined) throw new Error(problem);
  const output = () => outputFolder(flagValue(argv, ["-o", "--output"]));
  if (needsTerraform(argv)) assertProvidersStart(output());
  if (plan !== undefined) {
    process.exitCode = await planStacks(plan, require.resolve(upstream));
    return;
  }
  if (isOwnList(argv)) return listStacks(argv.slice(1), require.resolve(upstream));
  const synth = stacksToSynthesize(argv);
  if (synth.stacks.length > 0) process.env.ARTIFACTS_STACKS = synth.stacks.join(",");
  const together = stacksToRun(synth.argv);
  if (together.stacks.length > 0) process.env.ARTIFACTS_RUN_TOGETHER ??= together.stacks.join(",");
  const words = isDeploy(argv[0])
    ? await prepareDeploy(together.argv, together.stacks, require.resolve(upstream))
    : together.argv;
  const added = [
    ...lockFlags(argv),
    ...colourFlags(argv, isTerminal, process.env),
    ...parallelismFlags(argv, process.env),
  ];
  process.argv.splice(2, argv.length, ...words, ...added);
  hintAtTheEnd(argv, () => readManifest(output()).map(({ name }) => name));
  // cdktf-cli listens to one signal once per stack, and Node would warn of a leak from eleven on.
  setMaxListeners(0);
  // biome-ignore lint/style/noCommonJs: it changes what is loaded from here on, and only then.
  require("./postponed-modules");
  replacePseudoTerminal();
  if (RUNS_TERRAFORM.has(argv[0] ?? "")) replaceHandlers();
  // biome-ignore lint/style/noCommonJs: it reads process.argv when it is loaded.
  require(upstream);
}

run(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(
    `cdktf: ${error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error}\n`,
  );
  process.exitCode = error instanceof UsageError ? 2 : 3;
});
