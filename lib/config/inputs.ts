import type { Report } from "../diagnostics";
import { Places } from "./places";
import { Source } from "./source";
import type { Tree } from "./tree";

/** What every loader needs: the folder, somewhere to report to, and a memory of where values stood. */
export class Inputs {
  private errors = 0;

  readonly report: Report;

  constructor(
    readonly tree: Tree,
    report: Report,
    readonly places = new Places(),
  ) {
    this.report = (diagnostic) => {
      if (diagnostic.severity === "error") this.errors += 1;
      report(diagnostic);
    };
  }

  /** The same folder and memory, with a count of errors of its own. */
  section(): Inputs {
    return new Inputs(this.tree, this.report, this.places);
  }

  /** Whether nothing that was read through this one held a mistake. */
  get isComplete(): boolean {
    return this.errors === 0;
  }

  /** A YAML file; what stands in the way of reading it is reported. */
  read(file: string): Source | undefined {
    const text = this.tree.read(file, this.report);
    return text === undefined ? undefined : Source.read(file, text, this.report);
  }
}
