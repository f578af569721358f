import type { Restriction } from "../groups";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";
import { type CompiledRestriction, compileRestrictions, Effort, restrictionFor } from "./restrictions";

const CATCH_ALL: ReadonlySet<string> = new Set(["**/*", "**", "**/", "**/**", "**/groups.yaml"]);

/** A groups.yaml declares only groups that restrictions.yaml lets it. */
export function checkRestrictions(draft: Draft, found: Findings): void {
  const effort = new Effort();
  const compiled = compileRestrictions(draft.restrictions, effort);
  for (const { restriction, problems } of compiled) {
    for (const { path, problem } of effort.isSpent ? problems.slice(0, 1) : problems) {
      found.error(problem.rule, found.place(restriction, ...path), problem.what, problem.repair);
    }
  }
  checkOrder(draft.restrictions, found);
  checkAllowed(draft, compiled, effort, found);
}

/** What stands after an entry for every file never decides about any. */
function checkOrder(restrictions: readonly Restriction[], found: Findings): void {
  const last = restrictions.findIndex(({ path }) => CATCH_ALL.has(path));
  for (const restriction of last < 0 ? [] : restrictions.slice(last + 1)) {
    const summary = `the entry for ${quote(restriction.path)} never decides: an entry before it matches every file`;
    found.warn("restriction/unreachable", restriction.at, summary, "Move it up.");
  }
}

function checkAllowed(
  { groups, groupsFolder }: Draft,
  compiled: readonly CompiledRestriction[],
  effort: Effort,
  found: Findings,
): void {
  const prefix = groupsFolder === "." ? "" : `${groupsFolder}/`;
  const byFile = new Map<string, ReturnType<typeof restrictionFor>>();
  for (const group of groups) {
    const path = group.file.startsWith(prefix) ? group.file.slice(prefix.length) : group.file;
    if (!byFile.has(path)) byFile.set(path, restrictionFor(compiled, path));
    const decides = byFile.get(path);
    const { email, writtenAs = email } = group;
    if (decides === undefined || decides.allows(writtenAs)) continue;
    if (effort.isSpent) {
      const summary = "the expressions take too long to match against all groups";
      const detail = "Write them as plain addresses between ^ and $, which cost nothing. Nothing more was checked.";
      found.error("restriction/too-costly", decides.restriction.at, summary, detail);
      return;
    }
    const { at, path: glob, allowedGroups } = decides.restriction;
    const rule = `${at.file}:${at.line} (path ${quote(glob)})`;
    const detail =
      allowedGroups.length === 0
        ? `${rule} allows no group here. Add an entry for ${quote(path)} before it, in a reviewed change.`
        : `${rule} does not allow it. Add an expression there, in a reviewed change, or declare the group elsewhere.`;
    const summary = `${writtenAs}: may not be declared in ${path}`;
    found.error("group/not-allowed", found.place(group, "email-id"), summary, detail);
  }
}
