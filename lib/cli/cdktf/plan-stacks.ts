import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import picomatch from "picomatch";
import { inParallel } from "../../groups/in-parallel";
import { didYouMean, quote } from "../../model/suggest";
import { ExitCode } from "../exit-codes";
import { count } from "../format";
import { UsageError } from "../usage-error";
import type { PlanRequest } from "./arguments";
import { planStack, type StackPlan } from "./plan-stack";
import { usePluginCache } from "./plugin-cache";
import { runProgram } from "./program";

interface Manifest {
  readonly stacks: Readonly<
    Record<
      string,
      { readonly name: string; readonly workingDirectory: string; readonly dependencies: readonly string[] }
    >
  >;
}

/** A stack as synth left it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly folder: string;
}

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
  return plans.some(({ status }) => status === "failed") ? ExitCode.failed : ExitCode.ok;
}

/** Where stacks are synthesized, as cdktf-cli decides it. */
export function outputFolder(asked: string | undefined): string {
  return asked ?? settings().output ?? "cdktf.out";
}

function settings(): { readonly output?: string } {
  return existsSync("cdktf.json") ? JSON.parse(readFileSync("cdktf.json", "utf8")) : {};
}

export async function synthesize(upstream: string, words: readonly string[]): Promise<void> {
  process.stderr.write("Synthesizing\n");
  const { code, output } = await runProgram(process.execPath, [upstream, "synth", ...words]);
  if (code !== 0) throw new UsageError(`the stacks could not be synthesized\n${output.trimEnd()}`);
}

export function readManifest(output: string): readonly SynthesizedStack[] {
  const path = join(output, "manifest.json");
  if (!existsSync(path)) {
    throw new UsageError(`${path}: is not there, so nothing is synthesized. Leave --skip-synth out`);
  }
  const { stacks } = JSON.parse(readFileSync(path, "utf8")) as Manifest;
  return Object.values(stacks).map(({ name, workingDirectory }) => ({ name, folder: join(output, workingDirectory) }));
}

/** In the order in which they were declared, which is that of their dependencies. */
export function wanted(stacks: readonly SynthesizedStack[], patterns: readonly string[]): readonly SynthesizedStack[] {
  const names = stacks.map(({ name }) => name);
  const matchers = patterns.map((pattern) => {
    const matches = picomatch(pattern);
    if (names.some((name) => matches(name))) return matches;
    throw new UsageError(
      [`no stack is named ${quote(pattern)}.`, didYouMean(pattern, names), `The stacks are ${names.join(", ")}`]
        .filter((part) => part !== undefined)
        .join(" "),
    );
  });
  return stacks.filter(({ name }) => matchers.some((matches) => matches(name)));
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
