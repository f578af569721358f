import { groupNames } from "../group-names";
import { groupSetting, settingConflicts } from "../group-settings";
import { addressesOf, type Group } from "../groups";
import { domainOf } from "../principals";
import { didYouMean, quote, quoteList } from "../suggest";
import type { Draft } from "./draft";
import { checkClusterGroups, checkInfrastructureGroup } from "./infrastructure-groups";
import type { Findings } from "./place";

/** Names, domains and settings of groups, by the rules that the Kubernetes project tests its groups with. */
export function checkGroupConventions(draft: Draft, found: Findings): void {
  const { groups, groupsConfig, defaults, isComplete } = draft;
  checkUnique(groups, found);
  checkUniqueNames(groups, found);
  for (const group of groups) {
    checkDomain(group, groupsConfig.domains, found);
    checkSettings(group, found);
  }
  if (!isComplete.names) return;
  // The staging groups' prefix is the infrastructure groups' prefix and a word more; some estates have only the word.
  const prefix = defaults.groupPrefix.replace(/-?(staging-?)?$/, "");
  if (prefix === "") return;
  for (const group of groups) if (group.email.startsWith(prefix)) checkInfrastructureGroup(group, prefix, found);
  checkClusterGroups(draft, `${prefix}-rbac`, found);
}

/** One address is one group, be it the address of a group or an alias of it. */
function checkUnique(groups: readonly Group[], { error, place }: Findings): void {
  const first = new Map<string, Group>();
  for (const group of groups) {
    for (const [index, address] of addressesOf(group).entries()) {
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

/** Domains have the same names in them, e.g. `security`, but Google's lists show names. */
function checkUniqueNames(groups: readonly Group[], { error, place }: Findings): void {
  const first = new Map<string, Group>();
  for (const group of groups) {
    const before = first.get(group.name);
    if (before === undefined) first.set(group.name, group);
    else if (before.email !== group.email) {
      const [, other] = groupNames(group.email);
      const detail = `The other is ${before.email} in ${before.file}:${before.at.line}. Write "name: ${other}".`;
      error("group/name-twice", place(group, "name"), `${group.email}: the name ${quote(group.name)} is taken`, detail);
    }
  }
}

/**
 * A group elsewhere is most likely a misspelt domain. A name that begins with the domain says that it is meant:
 * config.yaml need not list every domain of the Workspace.
 */
function checkDomain(group: Group, domains: readonly string[], { error, warn, place }: Findings): void {
  const domain = domainOf(group.email);
  const at = place(group, "email-id");
  const [usual, elsewhere] = groupNames(group.email);
  if (domains.length === 0) return;
  if (domain === domains[0] && group.name.toLowerCase() !== usual) {
    const summary = `${group.email}: the name is ${quote(group.name)}, expected ${quote(usual)}`;
    error("group/name", place(group, "name"), summary, "Only groups of other domains have their domain in the name.");
  }
  if (domains.includes(domain)) return;
  const summary = `${group.email}: the domain ${quote(domain)} is not managed here`;
  const near = didYouMean(domain, domains);
  if (near === undefined && group.name.toLowerCase() === elsewhere) {
    const detail = "It is applied like the others, if the Workspace has this domain. List it in config.yaml.";
    warn("group/domain", at, summary, detail);
  } else error("group/domain", at, summary, near ?? `config.yaml lists ${quoteList(domains)}.`);
}

function checkSettings(group: Group, { warn, place }: Findings): void {
  const merged = new Map<string, string[]>();
  for (const key of Object.keys(group.settings)) {
    const { yamlKey, mergedInto } = groupSetting(key) ?? {};
    if (yamlKey === undefined || mergedInto === undefined) continue;
    const successor = groupSetting(mergedInto)?.yamlKey ?? mergedInto;
    merged.set(successor, [...(merged.get(successor) ?? []), yamlKey]);
  }
  for (const [successor, keys] of merged) {
    const [first = "", ...others] = keys;
    const what = others.length === 0 ? "has no effect of its own" : "have no effect of their own";
    const summary = `${group.email}: ${listing(keys)} ${what}`;
    const detail = `Google merged ${others.length === 0 ? "it" : "them"} into ${successor}, which wins. Write that instead.`;
    warn("group/merged-setting", place(group, "settings", first), summary, detail);
  }
  for (const conflict of settingConflicts(group.settings)) {
    const detail = "Google refuses or rewrites it otherwise.";
    warn("group/settings-conflict", place(group, "settings"), `${group.email}: ${conflict}`, detail);
  }
}

/** `A, B and C`. */
function listing(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
