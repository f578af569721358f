import type { Diagnostic } from "../diagnostics";

/** A diagnostic as all commands write it in JSON: `severity`, `rule`, `file`, `line`, `column`, `summary`, `detail`. */
export function diagnosticRow({ severity, rule, at, summary, detail }: Diagnostic) {
  return { severity, rule, ...at, summary, detail };
}
