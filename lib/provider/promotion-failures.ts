import { groupBy } from "../promotion/group-by";
import type { Failure, FailureReason, LineOutcome } from "../promotion/types";
import type { PluginDiagnostic } from "../tfplugin/diagnostics";

/** Reasons that lie in a bucket or in the run, and not in the line: one of them fails many lines alike. */
const SHARED: ReadonlySet<FailureReason> = new Set([
  "source-retired",
  "source-unreadable",
  "destination-unreadable",
  "destination-refused",
  "account-not-allowed",
  "unavailable",
  "stopped",
]);

/** Terraform looks up the place of each diagnostic anew, and takes minutes for a thousand: beyond these one tells the rest. */
const MAX_SINGLE = 50;
const NAMES_SHOWN = 5;

interface FailedLine {
  readonly name: string;
  readonly failure: Failure;
}

export function failedLines(outcomes: readonly LineOutcome[]): readonly FailedLine[] {
  return outcomes.flatMap(({ line, outcome }) =>
    outcome.status === "failed" ? [{ name: line.name, failure: outcome.failure }] : [],
  );
}

/** One error for each line that failed; for lines that failed for the same cause, one for all. `rest` says what is done. */
export function failureDiagnostics(lines: readonly FailedLine[], rest: string): readonly PluginDiagnostic[] {
  const causes = groupBy(lines, ({ name, failure: { reason, repair } }) =>
    JSON.stringify(SHARED.has(reason) ? [reason, repair] : [name]),
  );
  const single = causes.flatMap((group) => (group.length === 1 ? group : []));
  const shared = causes.filter((group) => group.length > 1);
  return [
    ...shared.map((group) => ofOneCause(group, rest)),
    ...single.slice(0, MAX_SINGLE).map((line) => ofOneLine(line, rest)),
    ...ofAllOthers(single.slice(MAX_SINGLE), rest),
  ];
}

function ofOneLine({ name, failure: { message, repair } }: FailedLine, rest: string): PluginDiagnostic {
  return { severity: "error", path: ["files", { key: name }], summary: message, detail: `${repair} ${rest}` };
}

function ofOneCause(lines: readonly FailedLine[], rest: string): PluginDiagnostic {
  const [{ failure }] = lines as [FailedLine];
  const names = lines.slice(0, NAMES_SHOWN).map(({ name }) => name);
  const more = lines.length > names.length ? ` and ${lines.length - names.length} more` : "";
  return {
    severity: "error",
    path: ["files"],
    summary: `${lines.length} files: ${failure.message}`,
    detail: `${failure.repair} ${rest} The files: ${names.join(", ")}${more}.`,
  };
}

function ofAllOthers(lines: readonly FailedLine[], rest: string): readonly PluginDiagnostic[] {
  if (lines.length === 0) return [];
  const told = lines.map(({ failure: { message, repair } }) => `${message}. ${repair}`);
  return [
    {
      severity: "error",
      path: ["files"],
      summary: `${lines.length} more files fail, each for a reason of its own`,
      detail: [rest, ...told].join("\n"),
    },
  ];
}
