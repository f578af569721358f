import { effectiveSettings, groupSetting, settingConflicts } from "../group-settings";
import type { Group } from "../groups";
import { domainOf, localPartOf } from "../principals";
import { didYouMean, quote, quoteList } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** Names, domains and settings of groups, by the rules that the Kubernetes project tests its groups with. */
export function checkGroupConventions(draft: Draft, found: Findings): void {
  const { groups, groupsConfig, defaults } = draft;
  checkUnique(groups, found);
  for (const group of groups) {
    checkDomain(group, groupsConfig.domains, found);
    checkSettings(group, found);
  }
  if (groupsConfig.skipKubernetesRules) return;
  // The staging groups' prefix is the infrastructure groups' prefix and a word more.
  const prefix = defaults.groupPrefix.replace(/staging-$/, "");
  for (const group of groups) if (group.email.startsWith(prefix)) checkInfrastructureGroup(group, prefix, found);
  checkClusterGroups(draft, prefix, found);
}

/** One address is one group, be it the address of a group or an alias of it. */
function checkUnique(groups: readonly Group[], { error, place }: Findings): void {
  const first = new Map<string, Group>();
  for (const group of groups) {
    for (const [index, address] of [group.email, ...group.aliases].entries()) {
      const before = first.get(address);
      const at = index === 0 ? place(group, "email-id") : place(group, "aliases", index - 1);
      if (before === undefined) first.set(address, group);
      else {
        const detail = `The other stands in ${before.file}:${before.at.line}. Keep one of the two.`;
        error("group/declared-twice", at, `${address}: is declared twice`, detail);
      }
    }
  }
}

function checkDomain(group: Group, domains: readonly string[], { error, place }: Findings): void {
  const domain = domainOf(group.email);
  if (domains.length === 0 || domains.includes(domain)) return;
  const hint = didYouMean(domain, domains) ?? `config.yaml lists ${quoteList(domains)}.`;
  error(
    "group/domain",
    place(group, "email-id"),
    `${group.email}: the domain ${quote(domain)} is not managed here`,
    hint,
  );
}

function checkSettings(group: Group, { warn, place }: Findings): void {
  for (const key of Object.keys(group.settings)) {
    const { yamlKey, mergedInto } = groupSetting(key) ?? {};
    if (yamlKey === undefined || mergedInto === undefined) continue;
    const successor = groupSetting(mergedInto)?.yamlKey ?? mergedInto;
    const detail = `Google merged it into ${successor}, which wins. Write that instead.`;
    warn(
      "group/merged-setting",
      place(group, "settings", yamlKey),
      `${group.email}: ${yamlKey} has no effect of its own`,
      detail,
    );
  }
  for (const conflict of settingConflicts(group.settings)) {
    warn("group/settings-conflict", place(group, "settings"), `${group.email}: ${conflict}`);
  }
}

/** Groups that give access to infrastructure: the file alone says who is in them. */
function checkInfrastructureGroup(group: Group, prefix: string, { error, place }: Findings): void {
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

const SECURITY_GROUP = "gke-security-groups";

/** Google Kubernetes Engine knows only groups that are members of one security group, and whose members it may list. */
function checkClusterGroups({ groups, defaults, isComplete }: Draft, prefix: string, found: Findings): void {
  const { error, warn, place } = found;
  const cluster = groups.filter(({ email }) => email.startsWith(`${prefix}rbac-`));
  const security = groups.find(({ email }) => email === `${SECURITY_GROUP}@${defaults.domain}`);
  for (const group of security === undefined ? cluster : [security, ...cluster]) {
    const who = effectiveSettings(group.settings).whoCanViewMembership;
    if (who === "ALL_MEMBERS_CAN_VIEW") continue;
    const summary = `${group.email}: needs WhoCanViewMembership "ALL_MEMBERS_CAN_VIEW", found ${quote(who ?? "")}`;
    error("group/rbac-view", place(group, "settings", "WhoCanViewMembership"), summary);
  }
  if (security === undefined) {
    const [first] = cluster;
    if (first === undefined || !isComplete.groups) return;
    const summary = `${SECURITY_GROUP}@${defaults.domain}: is not declared, although ${prefix}rbac-* groups (${cluster.length} here) should be its members`;
    warn("group/rbac-security-group", first.at, summary);
    return;
  }
  const members = new Set(security.members);
  for (const group of cluster) {
    if (members.has(group.email)) continue;
    const summary = `${group.email}: is not a member of ${security.email}`;
    error("group/rbac-member", group.at, summary, "Clusters know only groups that are. Add it there.");
  }
  for (const [index, member] of security.members.entries()) {
    if (localPartOf(member).startsWith(`${prefix}rbac-`)) continue;
    const summary = `${security.email}: ${quote(member)} is no ${prefix}rbac-* group`;
    error("group/rbac-member", place(security, "members", index), summary, "Only such groups are members of it.");
  }
}
