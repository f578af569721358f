import type { z } from "zod";
import type { Report } from "../diagnostics";
import { groupSettingOfYaml, RECONCILE_MEMBERS } from "../model/group-settings";
import type { Group } from "../model/groups";
import { nearest } from "../model/suggest";
import type { Inputs } from "./inputs";
import { entriesOf } from "./load-restrictions";
import { type GroupYaml, groupEntry, groupsFile, listedTwice, rolesAtLeast } from "./schema/groups-files";
import type { Source } from "./source";
import { isYaml } from "./tree";

const FILE = "groups.yaml";

/** Reads every `groups.yaml` below the groups folder, in the order of their paths. `known` are files that are no such. */
export function loadGroups(inputs: Inputs, folder: string, known: ReadonlySet<string>): readonly Group[] {
  return inputs.tree.list(folder, inputs.report).flatMap(({ name, path, kind }): readonly Group[] => {
    // Whoever reads those says what is wrong with them.
    if (known.has(path)) return [];
    if (kind === "other" || (kind === "folder" && isYaml(name))) return reportKind(inputs, path);
    if (kind === "folder") return loadGroups(inputs, path, known);
    if (name === FILE) return readGroups(inputs, path);
    if (isYaml(name)) reportStray(inputs, path);
    return [];
  });
}

function readGroups(inputs: Inputs, file: string): readonly Group[] {
  const source = inputs.read(file);
  if (source === undefined) return [];
  const groups = source.parse(groupsFile, inputs.report)?.groups ?? readableGroups(inputs, source);
  if ((source.value as { readonly groups?: unknown } | undefined)?.groups === null) reportEmpty(inputs, source);
  return groups.flatMap((group, index) => {
    if (group === undefined) return [];
    reportBareBooleans(inputs, source, group, index);
    return inputs.places.remember(toGroup(group, source, index), source, ["groups", index]);
  });
}

function reportEmpty({ report }: Inputs, source: Source): void {
  const summary = "groups: is left empty, so that no group is declared";
  const detail = 'List the groups. If there are none on purpose, write "groups: []".';
  report({ severity: "warning", rule: "group/empty", summary, detail, at: source.positionOf(["groups"]) });
}

/** What a file with mistakes holds besides: the rules about several groups shall have their say in the same run. */
function readableGroups({ report }: Inputs, source: Source): readonly (GroupYaml | undefined)[] {
  return entriesOf(source, "groups").map((entry, index) => {
    const { data, error } = groupEntry.safeParse(entry);
    if (error === undefined) return data;
    reportListedTwice(report, source, entry, index, error);
    return undefined;
  });
}

/** A schema looks at a group as a whole only when no part of it is of another shape: then nobody has looked yet. */
function reportListedTwice(
  report: Report,
  source: Source,
  entry: unknown,
  index: number,
  { issues }: z.ZodError,
): void {
  const rule = "group/listed-twice";
  if (issues.some((issue) => issue.code === "custom" && issue.params?.rule === rule)) return;
  for (const { path, problem } of listedTwice(rolesAtLeast.parse(entry))) {
    const { what, repair } = problem;
    const summary = `groups[${index}].${path[0]}[${path[1]}]: ${what}`;
    const at = source.positionOf(["groups", index, ...path]);
    report({ severity: "error", rule, summary, ...(repair !== undefined && { detail: repair }), at });
  }
}

/** The API takes text only. The original makes text of `true`; whoever wrote it should know. */
function reportBareBooleans({ report }: Inputs, source: Source, { settings }: GroupYaml, index: number): void {
  for (const [key, value] of Object.entries(settings ?? {})) {
    if (typeof value !== "boolean") continue;
    report({
      severity: "warning",
      rule: "group/bare-boolean",
      summary: `groups[${index}].settings.${key}: is the boolean ${value}, settings are text`,
      detail: `Write "${value}", in quotes.`,
      at: source.positionOf(["groups", index, "settings", key]),
    });
  }
}

function toGroup(yaml: GroupYaml, source: Source, index: number): Group {
  const lower = (addresses: readonly string[]) => addresses.map((address) => address.toLowerCase());
  const { "email-id": writtenAs } = yaml;
  const email = writtenAs.toLowerCase();
  return {
    email,
    ...(writtenAs !== email && { writtenAs }),
    name: yaml.name,
    description: yaml.description ?? "",
    settings: declaredSettings(yaml.settings ?? {}),
    reconcileMembers: String(yaml.settings?.[RECONCILE_MEMBERS]) === "true",
    owners: lower(yaml.owners),
    managers: lower(yaml.managers),
    members: lower(yaml.members),
    ...(yaml.aliases && { aliases: lower(yaml.aliases) }),
    ...(yaml.retired && {
      retired: {
        since: yaml.retired.since,
        step: yaml.retired.step ?? "closed",
        at: source.positionOf(["groups", index, "retired"]),
      },
    }),
    file: source.file,
    at: source.positionOf(["groups", index]),
  };
}

/** A link that leads nowhere, or a folder with the name of a file, may be all that is left of many groups. */
function reportKind({ report }: Inputs, file: string): readonly Group[] {
  const summary = "expected a file or a folder of groups, found something else or a link that leads nowhere";
  const detail = "Remove it, or put the file or folder here.";
  report({ severity: "error", rule: "file/kind", summary, detail, at: { file, line: 1, column: 1 } });
  return [];
}

/** Settings as the API spells keys and values, without `ReconcileMembers`. */
export function declaredSettings(yaml: NonNullable<GroupYaml["settings"]>): Readonly<Record<string, string>> {
  const entries = Object.entries(yaml).filter(([key]) => key !== RECONCILE_MEMBERS);
  return Object.fromEntries(entries.map(([key, value]) => [groupSettingOfYaml(key)?.key ?? key, String(value)]));
}

function reportStray({ report }: Inputs, file: string): void {
  const isMeant = nearest(file.slice(file.lastIndexOf("/") + 1), [FILE]) !== undefined;
  report({
    severity: isMeant ? "error" : "warning",
    rule: "group/stray",
    summary: "nothing in this file is read",
    detail: isMeant ? `Groups stand in files named ${FILE}: rename it.` : `Groups stand in files named ${FILE}.`,
    at: { file, line: 1, column: 1 },
  });
}
