import type { Layout } from "../config/layout";
import type { Loaded } from "../config/load";
import { type Diagnostic, formatDiagnostic } from "../diagnostics";
import { changedSources } from "../model/claims";
import { changedStagingProjects } from "../model/staging-recipe";
import { quote } from "../model/suggest";
import { loadWithChanges } from "../onboarding/input-files";
import type { FileChange } from "../onboarding/plan-types";
import {
  type Completed,
  completeChanges,
  refuseWhileWritten,
  requireUnchanged,
  writeChanges,
} from "../onboarding/write-changes";
import { diagnosticRow } from "./diagnostic-row";
import { ExitCode } from "./exit-codes";
import { unifiedDiff } from "./show-changes";

export interface ChangeOptions {
  readonly dryRun: boolean;
  readonly json: boolean;

  /** What was asked for, e.g. `onboard kops`: the same command completes it when it is cut off. */
  readonly command: string;

  /** What to do once the change is merged, one line each. `stacks` are those that it touches. */
  nextSteps(stacks: readonly string[]): readonly string[];
}

/**
 * Tries changes on a copy, writes them when they bring no mistake to those that the inputs hold before, and shows what was
 * done. Returns the exit code.
 */
export function changeInputs(
  layout: Layout,
  loaded: Loaded,
  changes: readonly FileChange[],
  options: ChangeOptions,
): ExitCode {
  const known = new Set(loaded.diagnostics.map(identity));
  const tried = loadWithChanges(layout, changes);
  const found = tried.diagnostics.filter((each) => !known.has(identity(each)));
  const errors = found.filter(({ severity }) => severity === "error");
  if (errors.length > 0) {
    // They may be those of another run's change, whole or half.
    refuseWhileWritten(layout);
    requireUnchanged(layout.root, changes);
  }
  const nextSteps = options.nextSteps([
    ...(changes.some(({ file }) => file.startsWith(`${layout.groups}/`)) ? ["groups"] : []),
    ...changedStagingProjects(loaded.draft, tried.draft).map((name) => `staging-${name}`),
    ...changedSources(loaded.draft, tried.draft).map((name) => `promote-${name}`),
  ]);
  const isWritten = errors.length === 0 && !options.dryRun;
  if (isWritten) writeChanges(layout, changes, options.command);
  if (options.json) {
    const files = changes.map(({ file, before, after }) => ({
      file,
      action: before === undefined ? "create" : after === undefined ? "remove" : "change",
    }));
    const report = {
      ok: errors.length === 0,
      written: isWritten,
      files,
      diagnostics: found.map(diagnosticRow),
      nextSteps,
    };
    process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
  } else {
    process.stdout.write(unifiedDiff(changes));
    tell(errors, found, isWritten, nextSteps);
  }
  return errors.length > 0 ? ExitCode.usage : ExitCode.ok;
}

/** The same before and after a change that moves lines. */
function identity({ severity, rule, summary, at }: Diagnostic): string {
  return JSON.stringify([severity, rule, summary.replaceAll(/:\d+/g, ""), at?.file]);
}

/** Before anything else: a change of ours that was cut off is completed, so that the inputs are whole. */
export function completeEarlierChange(layout: Layout): Completed | undefined {
  const completed = completeChanges(layout);
  if (completed === undefined) return undefined;
  const files = completed.files.map((file) => `  ${file}\n`).join("");
  process.stderr.write(`A change that was cut off, ${quote(completed.command)}, has been completed:\n${files}`);
  return completed;
}

/** The same command again after it was killed: what it was to write is written by then. */
export function tellDone({ command, files }: Completed, json: boolean): ExitCode {
  const completed = files.map((file) => ({ file, action: "completed" }));
  const report = { ok: true, written: true, files: completed, diagnostics: [], nextSteps: [] };
  process.stdout.write(json ? `${JSON.stringify(report, null, 2)}\n` : `${command}: all is written, see git diff.\n`);
  return ExitCode.ok;
}

function tell(
  errors: readonly Diagnostic[],
  found: readonly Diagnostic[],
  isWritten: boolean,
  nextSteps: readonly string[],
): void {
  const told = found.map((each) => `${formatDiagnostic(each)}\n`).join("");
  if (errors.length > 0) {
    process.stderr.write(`\nThese inputs would not be valid, so nothing was written:\n${told}`);
    return;
  }
  if (found.length > 0) process.stderr.write(`\nValid, but look at this:\n${told}`);
  process.stdout.write(isWritten ? "\nWritten. Next:\n" : "\nNothing was written (--dry-run). Next, once it is:\n");
  for (const [index, step] of nextSteps.entries()) process.stdout.write(`  ${index + 1}. ${step}\n`);
}
