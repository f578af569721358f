import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import type { Estate } from "../../lib/model/estate";
import { buildStacks } from "../../stacks/build";
import { gcpPlatform } from "../../stacks/gcp";
import type { Platform } from "../../stacks/platform";
import { quickly } from "../../stacks/quick-build";

type Attributes = Readonly<Record<string, unknown>>;

/** One synthesized stack, as Terraform reads it, without CDKTF's own notes. */
export interface SynthesizedStack {
  readonly terraform: Attributes;
  readonly provider: Readonly<Record<string, readonly Attributes[]>>;

  /** By type and name. */
  readonly resource: Readonly<Record<string, Readonly<Record<string, Attributes>>>>;
  readonly removed?: readonly Attributes[];
}

export interface Synthesized {
  readonly stacks: Readonly<Record<string, SynthesizedStack>>;

  /** Names of the stacks that have to be applied before, by stack. */
  readonly dependencies: Readonly<Record<string, readonly string[]>>;
}

/** Synthesizes an estate for Google Cloud, or for another platform, as `main.ts` does. */
export function synthesize(
  estate: Estate,
  platform: Platform = gcpPlatform(estate.defaults.stateBucket),
  isWanted?: (stack: string) => boolean,
): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), "artifacts-synth-"));
  try {
    synthesizeInto(outdir, estate, platform, isWanted);
    const manifest: Manifest = JSON.parse(readFileSync(join(outdir, "manifest.json"), "utf8"));
    const entries = Object.entries(manifest.stacks);
    return {
      stacks: Object.fromEntries(
        entries.map(([name, stack]) => [name, read(join(outdir, stack.synthesizedStackPath))]),
      ),
      dependencies: Object.fromEntries(entries.map(([name, stack]) => [name, [...stack.dependencies].sort()])),
    };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/** Writes the stacks below `outdir`, where terraform can be run on them. */
export function synthesizeInto(
  outdir: string,
  estate: Estate,
  platform: Platform,
  isWanted?: (stack: string) => boolean,
): void {
  const app = new App({ outdir, stackTraces: false });
  quickly(() => {
    buildStacks(app, estate, platform, isWanted);
    app.synth();
  });
}

/** `type.name` of every resource of a stack that has an instance, sorted. */
export function addresses({ resource = {} }: SynthesizedStack): readonly string[] {
  return Object.entries(resource)
    .flatMap(([type, named]) =>
      Object.entries(named).flatMap(([name, { count }]) => (count === 0 ? [] : [`${type}.${name}`])),
    )
    .sort();
}

/** Bindings of an IAM policy resource: members by role. */
export function bindingsOf(policy: Attributes | undefined): Readonly<Record<string, readonly string[]>> {
  const { bindings }: Policy = JSON.parse(String(policy?.policy_data));
  return Object.fromEntries(bindings.map(({ role, members }) => [role, members]));
}

interface Manifest {
  readonly stacks: Readonly<
    Record<string, { readonly synthesizedStackPath: string; readonly dependencies: readonly string[] }>
  >;
}

interface Policy {
  readonly bindings: readonly { readonly role: string; readonly members: readonly string[] }[];
}

function read(path: string): SynthesizedStack {
  return JSON.parse(readFileSync(path, "utf8"), (key, value) => (key === "//" ? undefined : value));
}
