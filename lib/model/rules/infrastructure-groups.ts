import { effectiveSettings } from "../group-settings";
import type { Group } from "../groups";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** Groups that give access to infrastructure: the file alone says who is in them. */
export function checkInfrastructureGroup(group: Group, prefix: string, { error, place }: Findings): void {
  if (group.owners.length > 0) {
    const summary = `${group.email}: has owners, but ${prefix}* groups have members only`;
    const detail = "An owner could change the group past review. List them under members.";
    error("group/infra-owners", place(group, "owners"), summary, detail);
  }
  if (!group.reconcileMembers) {
    const summary = `${group.email}: needs the setting ReconcileMembers: "true", as every ${prefix}* group`;
    const detail = "Without it, who was added by hand keeps the access.";
    error("group/infra-reconcile", place(group, "settings", "ReconcileMembers"), summary, detail);
  }
}

/** Google Kubernetes Engine asks for this name. */
const SECURITY_GROUP = "gke-security-groups";

/** Google Kubernetes Engine knows only groups that are members of one security group, and whose members it may list. */
export function checkClusterGroups(draft: Draft, prefix: string, found: Findings): void {
  const { defaults, isComplete } = draft;
  const { error, warn, place } = found;
  const inUse = draft.groups.filter(({ retired }) => retired === undefined);
  const cluster = inUse.filter(({ email }) => email.startsWith(prefix));
  const security = inUse.find(({ email }) => email === `${SECURITY_GROUP}@${defaults.domain}`);
  for (const group of security === undefined ? cluster : [security, ...cluster]) {
    const who = effectiveSettings(group.settings).whoCanViewMembership;
    if (who === "ALL_MEMBERS_CAN_VIEW") continue;
    const summary = `${group.email}: needs WhoCanViewMembership "ALL_MEMBERS_CAN_VIEW", found ${quote(who ?? "")}`;
    const detail = 'Clusters list the members of these groups. Write WhoCanViewMembership: "ALL_MEMBERS_CAN_VIEW".';
    error("group/rbac-view", place(group, "settings", "WhoCanViewMembership"), summary, detail);
  }
  if (security === undefined) {
    const [first] = cluster;
    if (first === undefined || !isComplete.groups) return;
    const summary = `${SECURITY_GROUP}@${defaults.domain}: is not declared, although ${prefix}* groups (${cluster.length} here) should be its members`;
    warn("group/rbac-security-group", first.at, summary, "Declare it with them as members: clusters know no others.");
    return;
  }
  const members = new Set(security.members);
  for (const group of cluster) {
    if (members.has(group.email)) continue;
    const summary = `${group.email}: is not a member of ${security.email}`;
    error("group/rbac-member", group.at, summary, "Clusters know only groups that are. Add it there.");
  }
  for (const [index, member] of security.members.entries()) {
    if (member.startsWith(prefix)) continue;
    const summary = `${security.email}: ${quote(member)} is no ${prefix}* group`;
    error("group/rbac-member", place(security, "members", index), summary, "Only such groups are members of it.");
  }
}
