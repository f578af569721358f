import { resolve } from "node:path";
import { App } from "cdktf";
import { type Layout, type LayoutOverrides, layoutFrom, readLayout } from "./lib/config/layout";
import { loadEstate, requireDefaults } from "./lib/config/load";
import { artifactsPlugin, offerPlugins } from "./lib/constructs/artifacts-plugin";
import { abridgeDiagnostics, countBySeverity, type Diagnostic, hasErrors } from "./lib/diagnostics";
import type { Estate } from "./lib/model/estate";
import { buildStacks } from "./stacks/build";
import { gcpPlatform } from "./stacks/gcp";
import type { Platform } from "./stacks/platform";
import { promoteStackName } from "./stacks/promote";
import { quickly } from "./stacks/quick-build";
import { type Selection, selectStacks } from "./stacks/selection";

/** The CDKTF app: reads the inputs, reports every mistake, and synthesizes a stack for each part of the estate. */
async function main(): Promise<void> {
  const { estate, diagnostics } = load();
  for (const line of abridgeDiagnostics(diagnostics)) process.stderr.write(`${line}\n`);
  if (estate === undefined) {
    const { errors } = countBySeverity(diagnostics);
    process.stderr.write(`${errors} ${errors === 1 ? "error" : "errors"} in the inputs: nothing was synthesized\n`);
    process.exitCode = 1;
    return;
  }
  for (const directory of estate.heldUp?.keys() ?? []) {
    process.stderr.write(`${promoteStackName(directory)}: nothing is promoted until its manifests are mended\n`);
  }
  const selection = selectStacks(process.env.ARTIFACTS_STACKS);
  // Set by our `cdktf`, with what a deploy names.
  const together = selectStacks(process.env.ARTIFACTS_RUN_TOGETHER);
  const platform = await platformFor(estate);
  synthesize(estate, platform, selection, together);
  // For `terraform -chdir=cdktf.out/stacks/X`, started where synth was.
  offerPlugins(process.cwd(), [artifactsPlugin, ...(platform.googlePlugin ? [platform.googlePlugin] : [])]);
  for (const pattern of selection.unused()) {
    process.stderr.write(`no stack is named ${JSON.stringify(pattern)}\n`);
    process.exitCode = 1;
  }
}

function load(): { readonly estate?: Estate; readonly diagnostics: readonly Diagnostic[] } {
  const layout = layoutOfInputs();
  const { estate: whole, pastMistakes, diagnostics } = loadEstate(layout);
  // A deploy goes past what is bad, and fails where it is; a plan is red at once (docs/decisions/0006).
  const estate = whole ?? (process.env.ARTIFACTS_BAD_LINES === "continue" ? pastMistakes : undefined);
  if (estate === undefined) return { diagnostics };
  const missing = requireDefaults(estate, layout);
  return hasErrors(missing) ? { diagnostics: [...diagnostics, ...missing] } : { estate, diagnostics };
}

function layoutOfInputs(): Layout {
  // The inputs of another checkout, where its own cdktf.json places them: what will be deployed from there.
  if (process.env.ARTIFACTS_ROOT !== undefined) return readLayout({ root: process.env.ARTIFACTS_ROOT });
  // The CLI hands over the `context` of cdktf.json here.
  const context: LayoutOverrides = JSON.parse(process.env.CDKTF_CONTEXT_JSON ?? "{}");
  return layoutFrom(resolve(context.root ?? "."), context);
}

async function platformFor({ defaults }: Estate): Promise<Platform> {
  const target = process.env.ARTIFACTS_TARGET || "gcp";
  if (target === "gcp") return gcpPlatform(defaults.stateBucket);
  if (target === "sandbox") return (await import("./sandbox/target")).sandboxPlatform();
  throw new Error(`ARTIFACTS_TARGET: is "${target}", known targets are gcp and sandbox`);
}

function synthesize(estate: Estate, platform: Platform, wanted: Selection, together: Selection): void {
  const app = new App({ stackTraces: false });
  quickly(() => {
    buildStacks(app, estate, platform, wanted.isWanted, together.isWanted);
    app.synth();
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? (process.env.DEBUG ? error.stack : error.message) : error}\n`);
  process.exitCode = 1;
});
