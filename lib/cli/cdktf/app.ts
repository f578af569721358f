import { existsSync, readFileSync, realpathSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import picomatch from "picomatch";
import { didYouMean, quote } from "../../model/suggest";
import { UsageError } from "../usage-error";
import { runProgram } from "./program";

interface Manifest {
  readonly stacks: Readonly<Record<string, { readonly name: string; readonly workingDirectory: string }>>;
}

/** A stack as synth left it. */
export interface SynthesizedStack {
  readonly name: string;
  readonly folder: string;
}

/** Where stacks are synthesized, as cdktf-cli decides it. */
export function outputFolder(asked: string | undefined): string {
  return asked ?? settings().output ?? "cdktf.out";
}

/** Launchers resolve the provider from the stack's directory; terraform would only say that it "failed to negotiate". */
export function assertProvidersStart(output: string): void {
  const folder = existsSync(output) ? realpathSync(output) : resolve(output);
  try {
    createRequire(join(folder, "stacks", "from-here.js")).resolve("#terraform-provider-artifacts");
  } catch {
    const repair = "Name a folder inside, or leave --output out; only a synth may go elsewhere";
    throw new UsageError(
      `the output folder ${quote(output)} lies outside of the checkout, and no provider starts there. ${repair}`,
    );
  }
}

function settings(): { readonly output?: string } {
  return existsSync("cdktf.json") ? JSON.parse(readFileSync("cdktf.json", "utf8")) : {};
}

const POSTPONING = ["--require", require.resolve("./postponed-modules")];

export async function synthesize(upstream: string, words: readonly string[]): Promise<void> {
  process.stderr.write("Synthesizing\n");
  const { code, output } = await runProgram(process.execPath, [...POSTPONING, upstream, "synth", ...words]);
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
    throw new UsageError(noStackNamed(pattern, names));
  });
  return stacks.filter(({ name }) => matchers.some((matches) => matches(name)));
}

export function noStackNamed(pattern: string, names: readonly string[]): string {
  return [`no stack is named ${quote(pattern)}.`, didYouMean(pattern, names), `The stacks are ${names.join(", ")}`]
    .filter((part) => part !== undefined)
    .join(" ");
}
