import type { Diagnostic, Position } from "../../diagnostics";
import { type GroupRetirement, retirementTitle } from "../group-retirement";
import { addressesOf, type Group } from "../groups";
import type { StagingProject } from "../projects";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import { movedBack } from "./moved-back";
import type { Findings } from "./place";

/** Nothing that is in use names a retired group: whoever gets access through it would have lost it, and nobody would know. */
export function checkRetiredGroups(draft: Draft, found: Findings): void {
  const retired = new Map<string, string>();
  for (const group of draft.groups) {
    if (group.retired === undefined) continue;
    const title = retirementTitle(group.retired);
    for (const address of addressesOf(group)) retired.set(address, title);
  }
  if (retired.size === 0) return;
  checkIam(draft, retired, found);
  checkNesting(draft.groups, retired, found);
}

type Titles = ReadonlyMap<string, string>;

function checkIam({ defaults, defaultsPlace, staging }: Draft, retired: Titles, found: Findings): void {
  const check = (address: string, subject: string, at: Position) => {
    const title = retired.get(address.toLowerCase());
    if (title === undefined) return;
    const summary = `${subject}: the group ${quote(address)} is ${title}`;
    found.error("iam/retired-group", at, summary, "Name another group here, or take its retirement back.");
  };
  if (defaultsPlace !== undefined) {
    for (const [index, address] of defaults.adminGroups.entries()) {
      check(address, "admin-groups", found.place(defaultsPlace, "admin-groups", index));
    }
    check(defaults.releaseViewersGroup, "release-viewers-group", found.place(defaultsPlace, "release-viewers-group"));
  }
  // A retired project gives no role to its groups any more.
  for (const project of staging.filter((each) => each.retired === undefined)) {
    for (const [address, path] of groupsNamedBy(project)) {
      check(address, project.projectId, found.place(project, ...path));
    }
  }
}

/** Each group once, with the place that names it below the project's block. */
function groupsNamedBy(project: StagingProject): ReadonlyMap<string, readonly PropertyKey[]> {
  const named = new Map<string, readonly PropertyKey[]>([[project.group, ["group"]]]);
  const add = (principals: readonly string[], key: string) => {
    for (const principal of principals) {
      const address = principal.startsWith("group:") ? principal.slice("group:".length) : undefined;
      if (address !== undefined && !named.has(address)) named.set(address, [key]);
    }
  };
  add(project.viewers, "viewers");
  add(project.writers, "writers");
  for (const { members } of project.iam) add(members, "iam");
  for (const { members } of Object.values(project.iamOn ?? {}).flat()) add(members, "iam-on");
  return named;
}

function checkNesting(groups: readonly Group[], retired: Titles, { warn, place }: Findings): void {
  for (const group of groups.filter((each) => each.retired === undefined)) {
    for (const role of ["owners", "managers", "members"] as const) {
      for (const [index, address] of group[role].entries()) {
        const title = retired.get(address);
        if (title === undefined) continue;
        const summary = `${group.email}: the group ${quote(address)} among its ${role} is ${title}`;
        warn("group/retired-member", place(group, role, index), summary, "It brings nobody in. Remove it here.");
      }
    }
  }
}

/** What was in the base and is not in the change, although its retirement was not declared. */
export function vanishedGroups(base: Draft, head: Draft): readonly Diagnostic[] {
  const present = new Set(head.groups.map(({ email }) => email));
  // Nothing is left of such a project: its group gives access to nothing.
  const over = new Set(base.staging.filter(({ retired }) => retired?.step === "shut-down").map(({ group }) => group));
  return base.groups
    .filter(({ email, retired }) => !present.has(email) && retired === undefined && !over.has(email))
    .map(({ email, file, at }) => ({
      severity: "error" as const,
      rule: "change/group-vanished",
      summary: `${email}: this group is not in the inputs any more`,
      detail: `Vanishing is not deleting: at Google it would go on, with its people and what it may do. Put it back as it was (${file}:${at.line} of the base) and add "retired: {since: YYYY-MM-DD}" to it; once that is merged and deployed, it may go. docs/groups.md has the steps.`,
      at: { file, line: 1, column: 1 },
    }));
}

/** A retirement takes one step at a time, and its day does not move back. */
export function checkGroupRetirements(base: Draft, head: Draft): readonly Diagnostic[] {
  const before = new Map(base.groups.map((group) => [group.email, group.retired]));
  return head.groups.flatMap(({ email, retired }) => {
    if (retired === undefined || !before.has(email)) return [];
    const from = before.get(email);
    return [
      ...(retired.step === "deleted" && from === undefined ? [skipped(email, retired)] : []),
      ...(from !== undefined && retired.since < from.since
        ? [movedBack(email, retired.since, from.since, retired.at)]
        : []),
    ];
  });
}

function skipped(email: string, { at }: GroupRetirement): Diagnostic {
  return {
    severity: "error",
    rule: "change/retirement-step",
    summary: `${email}: this change goes to step "deleted" and leaves "closed" out`,
    detail: 'A group is closed before it is deleted, so that whoever misses it can say so. Write "step: closed".',
    at,
  };
}
