/** A step into a value: an attribute's name, an index of a list, or `{ key }` for an element of a map. */
export type PathStep = string | number | { readonly key: string };

/** Where in a resource something is wrong, e.g. `["files", { key: "v1.0.0/kops" }]`. Elements of sets have no path. */
export type AttributePath = readonly PathStep[];

/** Something Terraform shows to the user, under the resource and, with `path`, under the attribute. */
export interface PluginDiagnostic {
  readonly severity: "error" | "warning";

  /** One line: `subject: what is wrong, with the value found`. */
  readonly summary: string;

  /** Full sentences: the rule, the repair, and what state the world is in now. */
  readonly detail?: string;

  readonly path?: AttributePath;
}

export type ReportDiagnostic = (diagnostic: PluginDiagnostic) => void;

/** Thrown by an operation that can't go on, when one plain message is not enough. */
export class DiagnosticsError extends Error {
  override readonly name = "DiagnosticsError";

  constructor(readonly diagnostics: readonly PluginDiagnostic[]) {
    super(diagnostics.map(({ summary }) => summary).join("\n"));
  }
}

/** What `error` says, as diagnostics: nothing that was thrown is lost. */
export function diagnosticsOf(error: unknown): readonly PluginDiagnostic[] {
  if (error instanceof DiagnosticsError) return error.diagnostics;
  if (!(error instanceof Error)) return [{ severity: "error", summary: String(error) }];
  const [summary = "", ...more] = (error.message || error.name).split("\n");
  const detail = [...more, ...causesOf(error).map((cause) => `Caused by: ${cause}`)].join("\n");
  return [{ severity: "error", summary, ...(detail === "" ? {} : { detail }) }];
}

/** Without those that are quoted in what is told before them. */
function causesOf(error: Error): readonly string[] {
  const told = [error.message];
  for (let cause = error.cause, depth = 0; cause !== undefined && depth < 5; depth++) {
    const text = cause instanceof Error ? cause.message || cause.name : textOf(cause);
    if (!told.some((before) => before.includes(text))) told.push(text);
    cause = cause instanceof Error ? cause.cause : undefined;
  }
  return told.slice(1);
}

/** Libraries put the body of an answer there as well. Of what is no error only the message is told: the rest may hold tokens. */
function textOf(cause: unknown): string {
  if (typeof cause !== "object" || cause === null) return String(cause);
  return "message" in cause ? String(cause.message) : "an object without a message";
}
