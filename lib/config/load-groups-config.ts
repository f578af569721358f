import { posix } from "node:path";
import type { GroupGuard, GroupsConfig } from "../model/groups";
import { quote } from "../model/suggest";
import type { Inputs } from "./inputs";
import { declaredSettings } from "./load-groups";
import { type GuardYaml, groupsConfigFile } from "./schema/groups-files";
import type { Source } from "./source";

/** What config.yaml says, and where the files are that it names, relative to the root. */
export interface GroupsPlace {
  readonly config: GroupsConfig;
  readonly folder: string;
  readonly restrictions: string;
  readonly file: string;
}

/** Reads `groups/config.yaml`; without one no domain is managed and all rules hold. */
export function loadGroupsConfig(inputs: Inputs, folder: string): GroupsPlace {
  const file = posix.join(folder, "config.yaml");
  const source = inputs.tree.exists(file) ? inputs.read(file) : undefined;
  const yaml = source?.parse(groupsConfigFile, inputs.report);
  if (source !== undefined && isEmptyMapping(source.value)) {
    const at = source.positionOf([]);
    inputs.report({
      severity: "error",
      rule: "yaml/empty",
      summary: "the file says nothing",
      detail: "Fill it or remove it.",
      at,
    });
  }
  const below = (key: "groups-path" | "restrictions-path", usual: string): string =>
    (source && yaml?.[key] !== undefined ? resolveBelow(inputs, source, key, yaml[key]) : undefined) ??
    posix.join(folder, usual);
  const domains = (yaml?.domains ?? []).map((domain) => domain.toLowerCase());
  const bot = yaml?.["bot-id"];
  const accounts = [...(yaml?.accounts ?? []), ...(bot === undefined ? [] : [bot])].map((each) => each.toLowerCase());
  const guards = source === undefined || yaml?.["skip-kubernetes-io-tests"] ? [] : guardsOf(yaml?.guards ?? [], source);
  return {
    config: { domains, accounts, guards },
    folder: below("groups-path", "."),
    restrictions: below("restrictions-path", "restrictions.yaml"),
    file,
  };
}

/** Each of its keys may be left out, which is why the schema has nothing against leaving out all of them. */
function isEmptyMapping(value: unknown): boolean {
  return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length === 0;
}

function guardsOf(yaml: readonly GuardYaml[], source: Source): readonly GroupGuard[] {
  return yaml.map((guard, index) => {
    const ownersOf = guard["owners-of"]?.toLowerCase();
    return {
      group: guard.group.toLowerCase(),
      ...(guard.members && { members: guard.members.map((each) => each.toLowerCase()) }),
      ...(ownersOf !== undefined && { ownersOf }),
      ...(guard.settings && { settings: declaredSettings(guard.settings) }),
      at: source.positionOf(["guards", index]),
    };
  });
}

/** A path of config.yaml, relative to the root; undefined, and a report, when it leaves it. */
function resolveBelow(inputs: Inputs, source: Source, key: string, path: string): string | undefined {
  const joined = posix.join(posix.dirname(source.file), path);
  if (!posix.isAbsolute(path) && joined !== ".." && !joined.startsWith("../")) return joined.replace(/(.)\/$/, "$1");
  inputs.report({
    severity: "error",
    rule: "groups-config/path",
    summary: `${key}: ${quote(path)} leaves the folder of the inputs`,
    detail: "Paths are relative to config.yaml.",
    at: source.positionOf([key]),
  });
  return undefined;
}
