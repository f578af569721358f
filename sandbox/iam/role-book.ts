import type { RoleRecord } from "../state/records";
import type { Store } from "../state/store";
import { predefinedRoles } from "./predefined-roles";

/** Permissions of roles: the predefined ones and the custom roles in the store. */
export class RoleBook {
  constructor(private readonly store: Store) {}

  includes(role: string, permission: string): boolean {
    const predefined = predefinedRoles.get(role);
    if (predefined !== undefined) return decides(predefined, permission);
    const custom = this.store.collection<RoleRecord>("roles").get(role);
    return custom !== undefined && custom.deleted !== true && custom.includedPermissions.includes(permission);
  }
}

/** The first pattern that fits decides; one that begins with `!` refuses. */
function decides(patterns: readonly string[], permission: string): boolean {
  const fitting = patterns.find((pattern) => fits(pattern.replace(/^!/, ""), permission));
  return fitting !== undefined && !fitting.startsWith("!");
}

/** `*` in a pattern stands for anything. */
function fits(pattern: string, permission: string): boolean {
  if (!pattern.includes("*")) return pattern === permission;
  const [start = "", end = ""] = pattern.split("*", 2);
  return permission.length >= pattern.length - 1 && permission.startsWith(start) && permission.endsWith(end);
}
