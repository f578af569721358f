import { DiagnosticsError, diagnosticsOf, type PluginDiagnostic } from "./diagnostics";
import { log } from "./log";
import type { OperationContext } from "./resource";

/** How an operation of a resource went. */
export interface Outcome<T> {
  /** What it returned; undefined also if it threw. */
  readonly value: T | undefined;

  readonly threw: boolean;

  /** Whether it threw or reported an error. */
  readonly failed: boolean;

  readonly diagnostics: readonly PluginDiagnostic[];
}

/** Runs an operation and collects everything it says, thrown or reported. */
export async function attempt<T>(
  signal: AbortSignal,
  operation: (context: OperationContext) => T | Promise<T>,
): Promise<Outcome<T>> {
  const diagnostics: PluginDiagnostic[] = [];
  let value: T | undefined;
  let threw = false;
  try {
    value = await operation({ signal, report: (diagnostic) => diagnostics.push(diagnostic) });
  } catch (error) {
    threw = true;
    diagnostics.push(...diagnosticsOf(error));
    // Terraform shows messages only; where an unexpected error came from is in its log.
    if (error instanceof Error && !(error instanceof DiagnosticsError)) log("debug", error.stack ?? error.message);
  }
  return { value, threw, failed: threw || diagnostics.some(({ severity }) => severity === "error"), diagnostics };
}
