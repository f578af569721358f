/** What is wrong with one value, found by a pure check that does not know where the value was written. */
export interface Problem {
  /** Names the mistake and the value, e.g. `"kops_1" may only hold lower-case letters, digits and hyphens`. */
  readonly what: string;

  /** What to write instead, in full sentences. */
  readonly repair?: string;

  /** The rule's stable name, see docs/rules.md. */
  readonly rule: string;
}

/** A check of one text value: undefined when the value is fine. */
export type Check = (value: string) => Problem | undefined;
