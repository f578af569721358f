import { heldGroup, retirementTitle } from "../model/group-retirement";
import { effectiveSettings, riskOf } from "../model/group-settings";
import type { Group } from "../model/groups";
import { ExitCode } from "./exit-codes";
import { count, printable } from "./format";
import { type GroupsOptions, readEstate, selectGroups } from "./groups-options";

/** Prints declared groups; reads files only. */
export function showGroups(asked: readonly string[], options: GroupsOptions): ExitCode {
  const { groups } = readEstate(options);
  const chosen = selectGroups(groups, asked);
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ groups: chosen.map((group) => document(group, groups)) }, null, 2)}\n`);
  } else if (asked.length === 0) {
    process.stdout.write(table(chosen));
  } else {
    process.stdout.write(chosen.map((group) => printable(page(group, groups))).join("\n"));
  }
  return ExitCode.ok;
}

function document(group: Group, all: readonly Group[]): object {
  const { settings, at, file: _, ...rest } = group;
  return {
    ...rest,
    aliases: rest.aliases ?? [],
    settings: effectiveSettings(heldGroup(group).settings),
    declaredSettings: settings,
    memberOf: parents(group, all),
    at,
  };
}

function table(groups: readonly Group[]): string {
  const width = Math.max(0, ...groups.map(({ email }) => email.length));
  const lines = [...groups]
    .sort((a, b) => (a.email < b.email ? -1 : 1))
    .map((group) => {
      const { email, owners, managers, members, settings } = heldGroup(group);
      const size = count(owners.length + managers.length + members.length, "member");
      const risky = Object.entries(settings).flatMap(([key, value]) =>
        riskOf(key, value) ? [`! ${key}=${value}`] : [],
      );
      const end = group.retired === undefined ? [] : [retirementTitle(group.retired)];
      return [email.padEnd(width), size.padStart(11), ...end, ...risky].join("  ");
    });
  return `${[...lines, count(groups.length, "group")].join("\n")}\n`;
}

function page(group: Group, all: readonly Group[]): string {
  const { email, name, description, at, retired } = group;
  const held = heldGroup(group);
  const lines = [
    email,
    `    declared in ${at.file}:${at.line}`,
    ...(retired === undefined ? [] : [`    ${retirementTitle(retired)}: ${retirementMeanings[retired.step]}`]),
    `    name: ${name}`,
    ...(description === "" ? [] : [`    description: ${description.trim().replaceAll("\n", "\n        ")}`]),
    `    members: ${held.reconcileMembers ? "exactly these" : "at least these"}`,
    "    settings",
    ...Object.entries(effectiveSettings(held.settings)).map(([key, value]) =>
      settingLine(key, value, key in held.settings),
    ),
    ...section("aliases", group.aliases ?? [], all),
    ...section("owners", held.owners, all),
    ...section("managers", held.managers, all),
    ...section("members", held.members, all),
    ...section(
      "listed without effect",
      [...group.owners, ...group.managers, ...group.members].filter(
        (each) => !(held === group || held.owners.includes(each)),
      ),
      all,
    ),
    ...section("is a member of", parents(group, all), []),
  ];
  return `${lines.join("\n")}\n`;
}

const retirementMeanings = {
  closed: "only its owners stay, nobody joins or posts, the address stays taken",
  deleted: "it is deleted, if it was closed before",
} as const;

function settingLine(key: string, value: string, isDeclared: boolean): string {
  const risk = isDeclared ? riskOf(key, value) : undefined;
  return `${risk === undefined ? " " : "!"}     ${key}: ${value}${isDeclared ? "" : "  (default)"}${risk === undefined ? "" : `  (${risk})`}`;
}

function section(title: string, addresses: readonly string[], all: readonly Group[]): readonly string[] {
  if (addresses.length === 0) return [];
  return [`    ${title}`, ...addresses.map((address) => `      ${address}${sizeOf(address, all)}`)];
}

/** A group among the members brings its own. */
function sizeOf(address: string, all: readonly Group[]): string {
  const group = all.find(({ email }) => email === address);
  if (group === undefined) return "";
  return `  (a group of ${group.owners.length + group.managers.length + group.members.length})`;
}

function parents({ email }: Group, all: readonly Group[]): readonly string[] {
  return all
    .filter(({ owners, managers, members }) => [...owners, ...managers, ...members].includes(email))
    .map((group) => group.email);
}
