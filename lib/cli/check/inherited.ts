import type { Layout } from "../../config/layout";
import type { Diagnostic } from "../../diagnostics";
import { partsBelow } from "../../model/rules/changes";
import { concernsAny, concernsLines } from "../concerning";
import type { Base } from "./base-revision";

/**
 * Findings that a change is not to blame for: the base has them, word for word and in the same place, in a file that is as
 * it was. A directory's filestore and manifests count as one file: what is wrong in one of them holds up the others.
 */
export function inheritedFindings(
  diagnostics: readonly Diagnostic[],
  base: Base | undefined,
  layout: Layout,
): ReadonlySet<Diagnostic> {
  if (base === undefined) return new Set();
  const known = new Set(base.diagnostics.map(wording));
  const changed = new Set(base.changed);
  const places = [layout, base.layout].flatMap(({ manifests, filestores }) => [manifests, filestores]);
  const directories = base.changed.flatMap((file) => partsBelow(file, places).slice(0, 1));
  const isTouched = (found: Diagnostic) =>
    changed.has(found.at?.file ?? "") || (concernsLines(found, layout) && concernsAny(found, directories));
  return new Set(diagnostics.filter((found) => known.has(wording(found)) && !isTouched(found)));
}

function wording({ severity, rule, summary, detail, at }: Diagnostic): string {
  return JSON.stringify([severity, rule, summary, detail, at?.file, at?.line, at?.column]);
}
