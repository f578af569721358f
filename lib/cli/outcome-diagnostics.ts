import type { Diagnostic } from "../diagnostics";
import type { LineOutcome, PromotionPlan } from "../promotion/types";

/** Each failed line once, however many destinations it fails at for the same reason. */
export function outcomeDiagnostics({ outcomes }: PromotionPlan): readonly Diagnostic[] {
  const found = new Map<string, { readonly diagnostic: Diagnostic; more: number }>();
  for (const result of outcomes) {
    if (result.outcome.status !== "failed") continue;
    const { reason } = result.outcome.failure;
    // Many lines of a manifest may stand in one line of its file.
    const { file, line, column } = result.line.at;
    const key = `${file}:${line}:${column} ${reason} ${perDestination.has(reason) ? result.destination.base : ""}`;
    const before = found.get(key);
    if (before === undefined) found.set(key, { diagnostic: diagnosticOf(result), more: 0 });
    else before.more += 1;
  }
  return [...found.values()].map(({ diagnostic, more }) => {
    if (more === 0) return diagnostic;
    const others = `${more} more ${more === 1 ? "destination" : "destinations"}`;
    return { ...diagnostic, summary: `${diagnostic.summary} (and so for ${others})` };
  });
}

/** Reasons that say something about one destination. The others say the same of the source for each of them. */
const perDestination = new Set([
  "conflicting-lines",
  "destination-differs",
  "destination-unreadable",
  "destination-refused",
  "account-not-allowed",
]);

export function diagnosticOf({ outcome, line }: LineOutcome): Diagnostic {
  if (outcome.status !== "failed") throw new Error(`${line.name}: ${outcome.status} is no failure`);
  const { reason, message, repair } = outcome.failure;
  return { severity: "error", rule: `promotion/${reason}`, summary: message, detail: repair, at: line.at };
}
