import type { Report } from "../diagnostics";
import { groupSettingOfYaml, RECONCILE_MEMBERS } from "../model/group-settings";
import type { Group, GroupsConfig, Restriction } from "../model/groups";
import { type GroupYaml, groupsConfigFile, groupsFile, restrictionsFile } from "./schema/groups-files";
import { Source } from "./source";
import type { Tree } from "./tree";

/** Reads `groups/config.yaml`; without one no domain is managed and all rules hold. */
export function loadGroupsConfig(tree: Tree, folder: string, report: Report): GroupsConfig {
  const file = `${folder}/config.yaml`;
  const source = tree.exists(file) ? readYaml(tree, file, report) : undefined;
  const yaml = source?.parse(groupsConfigFile, report);
  return {
    domains: (yaml?.domains ?? []).map((domain) => domain.toLowerCase()),
    skipKubernetesRules: yaml?.["skip-kubernetes-io-tests"] ?? false,
  };
}

export function loadRestrictions(tree: Tree, folder: string, report: Report): readonly Restriction[] {
  const file = `${folder}/restrictions.yaml`;
  const source = tree.exists(file) ? readYaml(tree, file, report) : undefined;
  const yaml = source?.parse(restrictionsFile, report);
  if (source === undefined || yaml === undefined) return [];
  return yaml.restrictions.map((entry, index) => ({ ...entry, at: source.positionOf(["restrictions", index]) }));
}

/** Reads every `groups.yaml` below the groups folder, in the order of their paths. */
export function loadGroups(tree: Tree, folder: string, report: Report): readonly Group[] {
  const groups: Group[] = [];
  for (const { name, path, kind } of tree.list(folder, report)) {
    if (kind === "folder") groups.push(...loadGroups(tree, path, report));
    else if (name === "groups.yaml") groups.push(...readGroups(tree, path, report));
  }
  return groups;
}

function readGroups(tree: Tree, file: string, report: Report): readonly Group[] {
  const source = readYaml(tree, file, report);
  const yaml = source?.parse(groupsFile, report);
  if (source === undefined || yaml === undefined) return [];
  return yaml.groups.map((group, index) => toGroup(group, source, index));
}

function toGroup(yaml: GroupYaml, source: Source, index: number): Group {
  const lower = (addresses: readonly string[]) => addresses.map((address) => address.toLowerCase());
  const settings: Record<string, string> = {};
  for (const [key, value] of Object.entries(yaml.settings ?? {})) {
    if (key !== RECONCILE_MEMBERS) settings[groupSettingOfYaml(key)?.key ?? key] = String(value);
  }
  return {
    email: yaml["email-id"].toLowerCase(),
    name: yaml.name,
    description: yaml.description ?? "",
    settings,
    reconcileMembers: String(yaml.settings?.[RECONCILE_MEMBERS]) === "true",
    owners: lower(yaml.owners),
    managers: lower(yaml.managers),
    members: lower(yaml.members),
    aliases: lower(yaml.aliases),
    file: source.file,
    at: source.positionOf(["groups", index]),
  };
}

function readYaml(tree: Tree, file: string, report: Report): Source | undefined {
  const text = tree.read(file, report);
  return text === undefined ? undefined : Source.read(file, text, report);
}
