import type { LineOutcome, PendingLine } from "../promotion/types";

/** Whether no line came to anything for lack of a network or a service. Lines that a deadline stopped were reached. */
export function isCutOff(lines: readonly (LineOutcome | PendingLine)[]): boolean {
  const reasons = lines.map(({ outcome }) => (outcome?.status === "failed" ? outcome.failure.reason : "reached"));
  return reasons.includes("unavailable") && reasons.every((reason) => reason === "unavailable" || reason === "stopped");
}
