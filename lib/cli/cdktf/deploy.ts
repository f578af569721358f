import { ambient, tokenSource } from "../../cloud/auth";
import { estateReader } from "../../cloud/estate-reader";
import { UsageError } from "../usage-error";
import { outputFolder, readManifest, synthesize, wanted } from "./app";
import { flagValue } from "./arguments";
import { interruptedStacks } from "./interrupted";
import { usePluginCache } from "./plugin-cache";
import { type Recovery, recoverStack } from "./recover";

/** Asks a deploy to look for what an earlier one made, and which no state knows. */
export const RECOVER_FLAG = "--recover";

/**
 * Prepares a deploy that cdktf-cli then runs: what a killed terraform or provider left behind is put in order.
 * `patterns` are the stacks that it names. Returns the arguments for cdktf-cli.
 *
 * @throws {UsageError} where something exists more than once that nobody can tell which of is the stack's
 */
export async function prepareDeploy(
  argv: readonly string[],
  patterns: readonly string[],
  upstream: string,
): Promise<readonly string[]> {
  const words = argv.filter((word) => word !== RECOVER_FLAG);
  const output = outputFolder(flagValue(words, ["-o", "--output"]));
  const isAsked = words.length < argv.length;
  const interrupted = interruptedStacks(output, patterns);
  if (!isAsked && interrupted.length === 0) return words;

  const app = flagValue(words, ["-a", "--app"]);
  await synthesize(upstream, [...(app === undefined ? [] : ["--app", app]), "--output", output]);
  const stacks = wanted(readManifest(output), isAsked && patterns.length > 0 ? patterns : ["*"]);
  const init = usePluginCache(process.env);
  const reader = estateReader(tokenSource(ambient));
  let isUnclear = false;
  for (const stack of stacks.filter(({ name }) => isAsked || interrupted.includes(name))) {
    process.stderr.write(`${stack.name}: an earlier deploy was cut off; looking for what it left behind\n`);
    const recovery = await recoverStack(stack, init, reader);
    process.stderr.write(report(recovery));
    isUnclear ||= recovery.unclear.size > 0;
  }
  if (isUnclear) {
    throw new UsageError("a deploy would make what exists more than once again. Delete all but one, and run it again");
  }
  return words;
}

function report({ kept, takenOver, unclear, problem }: Recovery): string {
  const lines = [
    ...takenOver.map((address) => `  ${address}: exists already, taken over`),
    ...[...unclear].map(
      ([address, ids]) => `  ${address}: exists ${ids.length} times, none is taken over: ${ids.join(", ")}`,
    ),
    ...kept.map((address) => `  ${address}: was not finished, is finished and not replaced`),
    // The deploy meets the same problem and tells it whole.
    ...(problem === undefined ? [] : [`  could not be looked at: ${/Error: (.*)/.exec(problem)?.[1] ?? "see below"}`]),
  ];
  return `${lines.length === 0 ? "  nothing\n" : `${lines.join("\n")}\n`}`;
}
