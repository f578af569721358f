import type { Diagnostic, Report } from "../diagnostics";
import { Places } from "./places";
import { Source } from "./source";
import type { Tree } from "./tree";
import { showPlainly } from "./unshowable";

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
      report(shownPlainly(diagnostic));
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

/** Words of a parser may quote an input as it is. */
function shownPlainly(diagnostic: Diagnostic): Diagnostic {
  const { summary, detail } = diagnostic;
  const lines = detail?.split("\n").map(showPlainly).join("\n");
  return { ...diagnostic, summary: showPlainly(summary), ...(lines !== undefined && { detail: lines }) };
}
