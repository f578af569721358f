import type { Loaded } from "../config/load";
import type { Diagnostic } from "../diagnostics";
import { diagnosticRow } from "./diagnostic-row";
import { ExitCode } from "./exit-codes";

/** On one line, as a promotion writes its JSON: nothing was tried, so that nothing else was printed. */
export function refusalJson(diagnostics: readonly Diagnostic[]): string {
  return `${JSON.stringify({ ok: false, diagnostics: diagnostics.map(diagnosticRow) })}\n`;
}

/** Says why a command that changes inputs does not do what was asked. */
export function refuse(problems: readonly string[], { json = false }: { readonly json?: boolean }): ExitCode {
  process.stderr.write(`${problems.map((problem) => `error: ${problem}`).join("\n")}\nNothing was written.\n`);
  if (json) process.stdout.write(refusalJson(problems.map((summary) => ({ severity: "error", summary }))));
  return ExitCode.usage;
}

/** The same where the inputs themselves stand in the way, which has been told on standard error. */
export function refuseInputs({ diagnostics }: Loaded, { json = false }: { readonly json?: boolean }): ExitCode {
  if (json) process.stdout.write(refusalJson(diagnostics));
  return ExitCode.usage;
}
