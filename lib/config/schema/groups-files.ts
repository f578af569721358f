import { z } from "zod";
import { domain, email, list, text } from "./scalars";

/** The original takes any scalar as the text it was written as; so do we, and warn (see load-groups.ts). */
const scalar = z.union([z.string(), z.boolean(), z.number()], { error: "expected text" });

const group = z.strictObject({
  "email-id": email().describe("The group's address, name@domain."),
  name: text().describe("The group's name; for most groups the part of the address before the `@`."),
  description: text().nullish().describe("What the group is for, at most 300 characters."),
  settings: z.record(z.string(), scalar).nullish().describe("Group settings, see the table of settings."),
  owners: list(email()).describe("Addresses with the role OWNER."),
  managers: list(email()).describe("Addresses with the role MANAGER."),
  members: list(email()).describe("Addresses with the role MEMBER."),
  aliases: list(email()).describe("Further addresses of the group."),
});

/** Schema of `groups/<folder>/groups.yaml`. */
export const groupsFile = z.strictObject({ groups: list(group).describe("The groups. An empty list is legal.") });

export type GroupYaml = z.output<typeof group>;

const restriction = z.strictObject({
  path: z
    .string()
    .min(1)
    .describe("Glob of groups.yaml files, relative to the groups folder; `**` stands for any folders."),
  allowedGroups: list(z.string()).describe("RE2 regular expressions of addresses; none allows no group."),
});

/** Schema of `groups/restrictions.yaml`: which groups a groups.yaml may declare. */
export const restrictionsFile = z.strictObject({
  restrictions: list(restriction).describe("The first entry whose path matches decides."),
});

/** Schema of `groups/config.yaml`, the settings of the groups reconciler. */
export const groupsConfigFile = z.strictObject({
  domains: list(domain()).describe("Workspace domains whose groups are managed here."),
  "skip-kubernetes-io-tests": z
    .boolean()
    .optional()
    .describe("Turns off the rules that only make sense for names like those of kubernetes.io. Default: false."),
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
