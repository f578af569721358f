import type { Position } from "../diagnostics";
import type { Group, Restriction } from "../model/groups";
import { compileRestrictions, Effort } from "../model/rules/restrictions";
import type { Inputs } from "./inputs";
import { restrictionEntry, restrictionsFile } from "./schema/groups-files";
import type { Source } from "./source";

/** Reads the restrictions. Without any, every group may be declared anywhere: where there are groups, that is told. */
export function loadRestrictions(inputs: Inputs, file: string, groups: readonly Group[]): readonly Restriction[] {
  if (!inputs.tree.exists(file)) {
    if (groups.length > 0) reportNone(inputs, `there is no ${file}`, { file, line: 1, column: 1 });
    return [];
  }
  const source = inputs.read(file);
  if (source === undefined) return [];
  const yaml = source.parse(restrictionsFile, inputs.report);
  if (yaml === undefined) {
    reportUnusable(inputs, source);
    return [];
  }
  if (yaml.restrictions.length === 0 && groups.length > 0) {
    reportNone(inputs, "restrictions: holds no entry", source.positionOf(["restrictions"]));
  }
  return yaml.restrictions.map((entry, index) => {
    const path = ["restrictions", index];
    return inputs.places.remember({ ...entry, at: source.positionOf(path) }, source, path);
  });
}

function reportNone({ report }: Inputs, what: string, at: Position): void {
  const summary = `${what}, so that every groups.yaml may declare any group`;
  const detail =
    'Say which groups each may declare. An entry for "**/*" without allowedGroups refuses all that no other allows.';
  report({ severity: "warning", rule: "restriction/none", summary, detail, at });
}

/** Of a file with mistakes no entry decides anything, as another one might decide first; what is wrong in each is told. */
function reportUnusable({ report }: Inputs, source: Source): void {
  const effort = new Effort();
  for (const [index, entry] of entriesOf(source, "restrictions").entries()) {
    const { data } = restrictionEntry.safeParse(entry);
    const at = source.positionOf(["restrictions", index]);
    const [compiled] = data === undefined || effort.isSpent ? [] : compileRestrictions([{ ...data, at }], effort);
    for (const { path, problem } of compiled?.problems ?? []) {
      const { what, repair, rule } = problem;
      const place = source.positionOf(["restrictions", index, ...path]);
      report({ severity: "error", rule, summary: what, ...(repair !== undefined && { detail: repair }), at: place });
    }
  }
}

/** The items of the list under `key`, whatever they are. */
export function entriesOf({ value }: Source, key: string): readonly unknown[] {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return [];
  const entries: unknown = (value as Readonly<Record<string, unknown>>)[key];
  return Array.isArray(entries) ? entries : [];
}
