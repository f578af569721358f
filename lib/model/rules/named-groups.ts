import type { Position } from "../../diagnostics";
import { addressesOf } from "../groups";
import { domainOf } from "../principals";
import type { StagingProject } from "../projects";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** IAM that names a group of a managed domain gives nothing to anybody while nobody declares the group. */
export function checkNamedGroups(draft: Draft, found: Findings): void {
  if (!draft.isComplete.groups || draft.groups.length === 0) return;
  const declared = new Set(draft.groups.flatMap(addressesOf));
  const known = new Set([...declared, ...(draft.groupsConfig.accounts ?? [])]);
  const domains = new Set(draft.groupsConfig.domains);
  const check = (address: string, subject: string, at: Position) => {
    if (known.has(address.toLowerCase()) || !domains.has(domainOf(address))) return;
    const near = found.guesses.nearestAddress(address, declared);
    const detail = near === undefined ? "Declare it, or name another." : `Did you mean ${quote(near)}?`;
    found.warn("iam/no-group", at, `${subject}: the group ${quote(address)} is not declared`, detail);
  };
  const { defaults, defaultsPlace } = draft;
  if (defaultsPlace !== undefined) {
    for (const [index, address] of defaults.adminGroups.entries()) {
      check(address, "admin-groups", found.place(defaultsPlace, "admin-groups", index));
    }
    check(defaults.releaseViewersGroup, "release-viewers-group", found.place(defaultsPlace, "release-viewers-group"));
  }
  for (const project of draft.staging) {
    for (const address of groupsNamedBy(project)) check(address, project.projectId, project.at);
  }
}

function groupsNamedBy({ viewers, writers, iam, iamOn = {} }: StagingProject): readonly string[] {
  const grants = [...iam, ...Object.values(iamOn).flat()];
  const principals = [...viewers, ...writers, ...grants.flatMap(({ members }) => members)];
  const groups = principals.filter((principal) => principal.startsWith("group:"));
  return [...new Set(groups.map((principal) => principal.slice("group:".length)))];
}
