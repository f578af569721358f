import { addressesOf } from "../groups";
import { domainOf } from "../principals";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

const ROLES = ["owners", "managers", "members"] as const;

/**
 * Google adds nobody from outside the Workspace to a group that takes no external members: each apply would fail. A
 * warning only, as the inputs need not name every domain of the Workspace.
 */
export function checkExternalMembers({ groups, groupsConfig, isComplete }: Draft, { warn, place }: Findings): void {
  if (!isComplete.groups) return;
  const accounts = new Set(groupsConfig.accounts ?? []);
  const inside = new Set([...groupsConfig.domains, ...groups.flatMap((group) => addressesOf(group).map(domainOf))]);
  for (const group of groups) {
    if (group.settings.allowExternalMembers !== "false" || group.retired !== undefined) continue;
    const setting = place(group, "settings", "AllowExternalMembers");
    for (const role of ROLES) {
      for (const [index, address] of group[role].entries()) {
        if (inside.has(domainOf(address)) || accounts.has(address)) continue;
        const summary = `${group.email}: ${quote(address)} is of no domain that is managed here, and AllowExternalMembers is "false" (${setting.file}:${setting.line})`;
        const detail =
          'Google refuses members from outside the Workspace then. Write AllowExternalMembers: "true", or take the address out. If it belongs to the Workspace, list its domain, or the address under accounts, in config.yaml.';
        warn("group/external-member", place(group, role, index), summary, detail);
      }
    }
  }
}
