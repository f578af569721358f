/** A place in an input file, counted from 1. `file` is relative to the root of the inputs. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** Something a person should know about the inputs. Diagnostics are collected; they are never thrown alone. */
export interface Diagnostic {
  readonly severity: "error" | "warning";

  /** One line: `subject: what is wrong, with the value found`. Lower case, no full stop. */
  readonly summary: string;

  /** The rule and the repair, in full sentences, when the summary does not already say them. */
  readonly detail?: string;

  readonly at?: Position;

  /** The rule's stable name, e.g. `manifest/duplicate-name`, for machines and for the list in docs/rules.md. */
  readonly rule?: string;
}

/** Receives diagnostics from a check that goes on after a mistake. */
export type Report = (diagnostic: Diagnostic) => void;

/** `file:line:column: severity: summary`, followed by the indented detail. */
export function formatDiagnostic({ severity, summary, detail, at }: Diagnostic): string {
  const place = at === undefined ? "" : `${at.file}:${at.line}:${at.column}: `;
  const more = detail === undefined ? "" : `\n    ${detail.replaceAll("\n", "\n    ")}`;
  return `${place}${severity}: ${summary}${more}`;
}

/** Errors before warnings, then by file, line and column: the order in which a person repairs them. */
export function sortDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return [...diagnostics].sort(
    (a, b) =>
      a.severity.localeCompare(b.severity) ||
      (a.at?.file ?? "").localeCompare(b.at?.file ?? "") ||
      (a.at?.line ?? 0) - (b.at?.line ?? 0) ||
      (a.at?.column ?? 0) - (b.at?.column ?? 0),
  );
}

/**
 * What a person reads: every error up to a thousand, and of each rule's warnings the first few, with a line that says
 * how many more there are. Machines get all of them.
 */
export function abridgeDiagnostics(diagnostics: readonly Diagnostic[], warningsOfARule = 5): readonly string[] {
  const lines: string[] = [];
  const left = new Map<string, number>();
  const shown = new Map<string, number>();
  for (const diagnostic of diagnostics) {
    const kind =
      diagnostic.severity === "error" ? "errors" : `warnings of the rule ${diagnostic.rule ?? "without name"}`;
    const count = (shown.get(kind) ?? 0) + 1;
    shown.set(kind, count);
    if (count <= (diagnostic.severity === "error" ? 1000 : warningsOfARule)) lines.push(formatDiagnostic(diagnostic));
    else left.set(kind, (left.get(kind) ?? 0) + 1);
  }
  return [...lines, ...[...left].map(([kind, count]) => `... and ${count} more ${kind}`)];
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === "error");
}

/** How many there are of each severity. */
export function countBySeverity(diagnostics: readonly Diagnostic[]): {
  readonly errors: number;
  readonly warnings: number;
} {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  return { errors, warnings: diagnostics.length - errors };
}

/** Thrown once, after every check has run, so that the reader sees all mistakes. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";

  constructor(readonly diagnostics: readonly Diagnostic[]) {
    super(diagnostics.map(formatDiagnostic).join("\n"));
  }
}
