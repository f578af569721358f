import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";
import { compileRestrictions, restrictionFor } from "./restrictions";

const CATCH_ALL: ReadonlySet<string> = new Set(["**/*", "**"]);

/** A groups.yaml declares only groups that restrictions.yaml lets it. */
export function checkRestrictions({ groups, groupsFolder, restrictions }: Draft, found: Findings): void {
  const compiled = compileRestrictions(restrictions);
  const last = restrictions.findIndex(({ path }) => CATCH_ALL.has(path));
  for (const restriction of last < 0 ? [] : restrictions.slice(last + 1)) {
    const summary = `the entry for ${quote(restriction.path)} never decides: an entry before it matches every file`;
    found.warn("restriction/unreachable", restriction.at, summary, "Move it up.");
  }
  const prefix = groupsFolder === "." ? "" : `${groupsFolder}/`;
  const byFile = new Map<string, ReturnType<typeof restrictionFor>>();
  for (const group of groups) {
    const path = group.file.startsWith(prefix) ? group.file.slice(prefix.length) : group.file;
    if (!byFile.has(path)) byFile.set(path, restrictionFor(compiled, path));
    const decides = byFile.get(path);
    if (decides === undefined || decides.allows(group.email)) continue;
    const { at, path: glob, allowedGroups } = decides.restriction;
    const rule = `${at.file}:${at.line} (path ${quote(glob)})`;
    const detail =
      allowedGroups.length === 0
        ? `${rule} allows no group here. Add an entry for ${quote(path)} before it, in a reviewed change.`
        : `${rule} does not allow it. Add an expression there, in a reviewed change, or declare the group elsewhere.`;
    const summary = `${group.email}: may not be declared in ${path}`;
    found.error("group/not-allowed", found.place(group, "email-id"), summary, detail);
  }
}
