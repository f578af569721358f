import type { Diagnostic, Position, Report } from "../../diagnostics";
import { Guesses } from "../suggest";

/** Where a value, or the key or list item at `path` below it as the file spells it, was written. */
export type PlaceOf = (value: { readonly at: Position }, ...path: readonly PropertyKey[]) => Position;

/** How a rule of the model says what it found. */
export interface Findings {
  readonly place: PlaceOf;
  readonly error: Finding;
  readonly warn: Finding;
  readonly guesses: Guesses;
}

export type Finding = (rule: string, at: Position, summary: string, detail?: string) => void;

export function findings(place: PlaceOf, report: Report): Findings {
  const say =
    (severity: Diagnostic["severity"]): Finding =>
    (rule, at, summary, detail) =>
      report({ severity, summary, ...(detail === undefined ? {} : { detail }), at, rule });
  return { place, error: say("error"), warn: say("warning"), guesses: new Guesses() };
}
