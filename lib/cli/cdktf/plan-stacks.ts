import { inParallel } from "../../groups/in-parallel";
import { ExitCode } from "../exit-codes";
import { count } from "../format";
import { outputFolder, readManifest, synthesize, wanted } from "./app";
import type { PlanRequest } from "./arguments";
import { hintFor } from "./hints";
import { planStack, type StackPlan } from "./plan-stack";
import { usePluginCache } from "./plugin-cache";

/** Synthesizes once, plans every stack that is asked for and prints each plan as it ends. Returns the exit code. */
export async function planStacks(request: PlanRequest, upstream: string): Promise<ExitCode> {
  const output = outputFolder(request.output);
  if (request.synth !== undefined) await synthesize(upstream, request.synth);
  const stacks = wanted(readManifest(output), request.patterns);
  const init = usePluginCache(process.env);
  const say = request.json ? () => {} : (text: string) => void process.stdout.write(text);
  const plans = await inParallel(stacks, request.parallelism, async (stack) => {
    const plan = await planStack(stack, request.plan, init);
    say(`\n== ${stack.name}\n${plan.text.trimEnd()}\n`);
    return plan;
  });
  if (request.json) process.stdout.write(`${JSON.stringify({ stacks: plans }, null, 2)}\n`);
  say(`\n${summary(plans)}`);
  for (const hint of hints(plans)) process.stderr.write(`cdktf: ${hint}\n`);
  return plans.some(({ status }) => status === "failed") ? ExitCode.failed : ExitCode.ok;
}

function hints(plans: readonly StackPlan[]): ReadonlySet<string> {
  const failed = plans.filter(({ status }) => status === "failed");
  return new Set(failed.flatMap(({ text }) => hintFor("plan", text, () => []) ?? []));
}

function summary(plans: readonly StackPlan[]): string {
  const width = Math.max(...plans.map(({ stack }) => stack.length));
  const lines = plans.map(({ stack, status, changes }) => {
    if (status !== "changes" || changes === undefined) return `${stack.padEnd(width)}  ${status}`;
    const { add, change, destroy, import: imported } = changes;
    const first = imported > 0 ? `${imported} to import, ` : "";
    return `${stack.padEnd(width)}  ${first}${add} to add, ${change} to change, ${destroy} to destroy`;
  });
  const number = (wantedStatus: StackPlan["status"]) => plans.filter(({ status }) => status === wantedStatus).length;
  const total = `${count(plans.length, "stack")} planned: ${number("changes")} with changes, ${number("no changes")} without, ${number("failed")} failed`;
  return `${[...lines, total].join("\n")}\n`;
}
