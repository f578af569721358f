import type { Diagnostic } from "../diagnostics";

/** A file as an onboarding or offboarding leaves it. `after: undefined` removes the file. */
export interface FileChange {
  /** Relative to the root of the inputs. */
  readonly file: string;

  /** What stands there now; undefined for a new file. */
  readonly before: string | undefined;

  readonly after: string | undefined;
}

/** Reads a file of the inputs, relative to their root; undefined when there is none. */
export type ReadInput = (file: string) => string | undefined;

/** A step can not be written into these files as they are: the file, what stands in the way, and the repair. */
export class EditRefused extends Error {
  override readonly name = "EditRefused";

  constructor(
    readonly file: string,
    readonly what: string,
    readonly repair: string,
  ) {
    super(`${file}: ${what}\n    ${repair}`);
  }

  /** As other refusals are told. */
  get diagnostic(): Diagnostic {
    return { severity: "error", summary: `${this.file}: ${this.what}`, detail: this.repair };
  }
}
