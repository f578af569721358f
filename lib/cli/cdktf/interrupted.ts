import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import picomatch from "picomatch";

interface StackFile {
  readonly terraform?: { readonly backend?: { readonly local?: { readonly path?: string } } };
}

/**
 * Stacks below `output` in which terraform or a provider was killed: a killed terraform leaves the note of its lock
 * beside a local state, the other is marked. Of a state in Cloud Storage the lock itself stays, and whoever releases it
 * by `terraform force-unlock` says `--recover`.
 */
export function interruptedStacks(output: string, patterns: readonly string[]): readonly string[] {
  const stacks = join(output, "stacks");
  if (!existsSync(stacks)) return [];
  const isNamed = picomatch(patterns.length === 0 ? "*" : [...patterns]);
  return readdirSync(stacks)
    .filter((name) => isNamed(name))
    .filter((name) => existsSync(mark(join(stacks, name))) || isLockLeft(join(stacks, name)));
}

/** Where a stack's state is, if it is a file. */
export function localState(folder: string): string | undefined {
  const path = join(folder, "cdk.tf.json");
  if (!existsSync(path)) return undefined;
  const { terraform } = JSON.parse(readFileSync(path, "utf8")) as StackFile;
  return terraform?.backend?.local?.path;
}

function isLockLeft(folder: string): boolean {
  const state = localState(folder);
  return state !== undefined && existsSync(join(dirname(state), `.${basename(state)}.lock.info`));
}

/** Remembers that a stack is to be recovered until that is done: terraform's next lock takes the old note away. */
export function markInterrupted(folder: string): void {
  mkdirSync(dirname(mark(folder)), { recursive: true });
  writeFileSync(mark(folder), "");
}

export function markRecovered(folder: string): void {
  rmSync(mark(folder), { force: true });
}

function mark(folder: string): string {
  return join(folder, ".terraform", "interrupted");
}
