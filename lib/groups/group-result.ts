import type { Step } from "./steps";

/** Something that could not be done to a group. */
export interface GroupFailure {
  readonly email: string;

  /** What was tried, e.g. `add a@example.org as MEMBER`. */
  readonly step: string;
  readonly message: string;

  /** Whether this is what Google said: false where it could not be asked. */
  readonly answered: boolean;

  /** The step itself, where it may succeed once other groups are done. */
  readonly later?: Step;

  /** The settings that Google does not take. */
  readonly refused?: readonly string[];
}

export interface GroupResult {
  readonly email: string;
  readonly outcome: "unchanged" | "changed" | "failed";

  /** The steps that were taken, in order. */
  readonly taken: readonly Step[];
  readonly failures: readonly GroupFailure[];
}
