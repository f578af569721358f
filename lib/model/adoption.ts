import type { Position } from "../diagnostics";

/** Existing objects that the next deploy of a stack takes over instead of making them: `adopt/<stack>.yaml`. */
export interface Adoption {
  /** E.g. `staging-kops`. */
  readonly stack: string;

  /** Import ids by resource address, e.g. `google_project.project`. */
  readonly imports: Readonly<Record<string, string>>;

  readonly at: Position;
}
