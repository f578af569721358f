import type { Diagnostic, Position } from "../../diagnostics";
import { RETIREMENT_DAYS } from "../retirement";

/** The day of a retirement, of a project or of a group, that a change moves into the past: nobody would get the notice. */
export function movedBack(subject: string, since: string, before: string, at: Position): Diagnostic {
  return {
    severity: "error",
    rule: "change/retirement-since",
    summary: `${subject}: this change moves "since" back, from ${before} to ${since}`,
    detail: `The ${RETIREMENT_DAYS} days of notice count from it. Write "since: ${before}" again.`,
    at,
  };
}
