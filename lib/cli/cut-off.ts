import type { LineOutcome } from "../promotion/types";

/** Whether no line came to anything for lack of a network or a service. Lines that a deadline stopped were reached. */
export function isCutOff(outcomes: readonly LineOutcome[]): boolean {
  const reasons = outcomes.map(({ outcome }) =>
    outcome.status === "failed" ? outcome.failure.reason : outcome.status,
  );
  return reasons.includes("unavailable") && reasons.every((reason) => reason === "unavailable" || reason === "stopped");
}
