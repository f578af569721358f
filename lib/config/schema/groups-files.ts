import { z } from "zod";
import { groupNames } from "../../model/group-names";
import { GROUP_RETIREMENT_STEPS } from "../../model/group-retirement";
import { groupSettingOfYaml, groupSettings } from "../../model/group-settings";
import { plainTextProblem } from "../../model/plain-text";
import { accountAddress, emailProblem, localPartOf } from "../../model/principals";
import type { Problem } from "../../model/problem";
import { shorterName } from "../../model/staging-names";
import { didYouMean, quote } from "../../model/suggest";
import { groupSettingsMap } from "./group-settings-map";
import { addProblem, day, domain, email, list, listOfFile, mapping, shapedText, text } from "./scalars";

const MAX_NAME = 64;
const MAX_DESCRIPTION = 300;
const ROLES = ["owners", "managers", "members"] as const;

const retirement = z.strictObject({
  since: day("group/retired").describe("The day on which the retirement was decided, e.g. 2026-05-01."),
  step: z
    .enum(GROUP_RETIREMENT_STEPS)
    .optional()
    .describe(
      "How far the retirement has come. `closed`: only the owners are left, nobody joins or posts, the address stays taken. `deleted`: the group is deleted. Default: closed.",
    ),
});

/** A group of a `groups.yaml`. */
export const groupEntry = z
  .strictObject({
    "email-id": email().describe("The group's address, NAME@DOMAIN."),
    name: shapedText(plainTextProblem, { maxLength: MAX_NAME }).describe(
      "The group's name: its address up to the `@`, at most 64 characters.",
    ),
    description: shapedText(plainTextProblem, { maxLength: MAX_DESCRIPTION })
      .nullish()
      .describe("What the group is for, at most 300 characters."),
    settings: groupSettingsMap.nullish().describe("Settings that differ from the defaults, see the table of settings."),
    owners: list(email()).describe("Addresses with the role OWNER."),
    managers: list(email()).describe("Addresses with the role MANAGER."),
    members: list(email()).describe("Addresses with the role MEMBER."),
    aliases: z
      .array(email())
      .nullish()
      .describe("Further addresses of the group, exactly these: `[]` for none. Left out, those that it has stay."),
    retired: retirement
      .optional()
      .describe(
        "Declares that the group is retired: the only way in which it may leave. Who is listed has no effect then.",
      ),
  })
  .superRefine((yaml, ctx) => {
    const address = yaml["email-id"];
    const local = localPartOf(address);
    const isAddress = emailProblem(address) === undefined;
    if (isAddress && !groupNames(address.toLowerCase()).includes(yaml.name.toLowerCase())) {
      const what = `the name is ${quote(yaml.name)}, but the address is ${quote(address)}`;
      const repair = `Name and address belong together: write "name: ${local}", or another email-id.`;
      addProblem(ctx, { what, repair, rule: "group/name" }, ["name"]);
    }
    if (characters(yaml.name) > MAX_NAME) {
      const what = `the name has ${characters(yaml.name)} characters, at most ${MAX_NAME} are allowed`;
      const repair = `A valid shorter one is ${quote(shorterName(yaml.name, MAX_NAME))}.`;
      addProblem(ctx, { what, repair, rule: "group/name-length" }, ["name"]);
    }
    if (characters(yaml.description ?? "") > MAX_DESCRIPTION) {
      const what = `the description has ${characters(yaml.description ?? "")} characters, at most ${MAX_DESCRIPTION} are allowed`;
      addProblem(ctx, { what, repair: "Shorten it, or link to a longer text.", rule: "group/description" }, [
        "description",
      ]);
    }
    for (const { path, problem } of listedTwice(yaml)) addProblem(ctx, problem, path);
  });

type Roles = Readonly<Record<(typeof ROLES)[number], readonly string[]>>;

/** An address stands once in a group: Google knows one role for each. */
export function* listedTwice(yaml: Roles): Generator<{ readonly path: [string, number]; readonly problem: Problem }> {
  const first = new Map<string, { readonly role: string; readonly address: string }>();
  for (const role of ROLES) {
    for (const [index, address] of yaml[role].entries()) {
      if (address === "") continue;
      const before = first.get(accountAddress(address));
      if (before === undefined) {
        first.set(accountAddress(address), { role, address });
        continue;
      }
      const isOneText = before.address.toLowerCase() === address.toLowerCase();
      const name = isOneText ? quote(address) : `${quote(address)} and ${quote(before.address)} are one account, which`;
      const where = before.role === role ? `both times under ${role}` : `under ${before.role} and ${role}`;
      const what = `${name} stands twice in this group, ${where}`;
      yield { path: [role, index], problem: { what, repair: "Keep one of the two.", rule: "group/listed-twice" } };
    }
  }
}

const texts = z.array(z.string().catch("")).catch([]);

/** The addresses that can be read of a group with mistakes, each where it stands; others are empty. */
export const rolesAtLeast = z
  .object({ owners: texts, managers: texts, members: texts })
  .catch({ owners: [], managers: [], members: [] });

/** Counted as the original does, by code points. */
function characters(value: string): number {
  return [...value].length;
}

/** Schema of `groups/<folder>/groups.yaml`. */
export const groupsFile = z.strictObject({
  groups: listOfFile(groupEntry).describe("The groups. An empty list is legal."),
});

export type GroupYaml = z.output<typeof groupEntry>;

/** An entry of `groups/restrictions.yaml`. */
export const restrictionEntry = z.strictObject({
  path: text().describe("Glob of groups.yaml files, relative to the groups folder; `**` stands for any folders."),
  allowedGroups: list(text()).describe("RE2 regular expressions of addresses; none allows no group."),
});

/** Schema of `groups/restrictions.yaml`: which groups a groups.yaml may declare. */
export const restrictionsFile = z.strictObject({
  restrictions: listOfFile(restrictionEntry).describe("The first entry whose path matches decides."),
});

function guardedSettingProblem(key: string): Problem | undefined {
  if (groupSettingOfYaml(key) !== undefined) return undefined;
  const repair = didYouMean(
    key,
    groupSettings.map(({ yamlKey }) => yamlKey),
  );
  return { what: `${quote(key)} is not a setting of a group`, rule: "schema/unknown-key", ...(repair && { repair }) };
}

const guard = z.strictObject({
  group: email().describe("Address of the group. It must be declared."),
  members: z.array(email()).optional().describe("Its members must be exactly these, in any order."),
  "owners-of": email().optional().describe("Its owners must be those of this group."),
  settings: mapping(guardedSettingProblem, z.union([text(), z.boolean()]))
    .optional()
    .describe("Settings that it must declare, with these values."),
});

export type GuardYaml = z.output<typeof guard>;

/** Schema of `groups/config.yaml`, the settings of the groups reconciler. */
export const groupsConfigFile = z.strictObject({
  domains: list(domain()).describe("Workspace domains whose groups are managed here."),
  accounts: list(email()).describe(
    "Addresses of the managed domains that belong to people or programs. Every other address there should be a declared group.",
  ),
  "skip-kubernetes-io-tests": z
    .boolean()
    .optional()
    .describe(
      "Turns the guards off, as it turns off the original's checks of kubernetes.io's own groups. Default: false.",
    ),
  guards: list(guard).describe(
    "Groups that must stay as they are here whatever a groups.yaml says, so that nobody is locked out by mistake.",
  ),
  "groups-path": z
    .string()
    .optional()
    .describe("Folder of the groups.yaml files, relative to this file. Default: `.`."),
  "restrictions-path": z
    .string()
    .optional()
    .describe("The restrictions, relative to this file. Default: restrictions.yaml."),
  "bot-id": z.string().optional().describe("Address that the original reconciler acts as."),
  "secret-version": z.string().optional().describe("Where the original reconciler finds its key. Not read here."),
  "token-file": z.string().optional().describe("Where the original reconciler finds its key. Not read here."),
  "groups-file": z
    .string()
    .optional()
    .describe("A single file of groups, in old versions of the original. Not read here."),
});
