import { GROUP_RETIREMENT_STEPS } from "../model/group-retirement";
import type { Schema } from "../tfplugin/schema";

/** What a configuration says of a group. */
export interface GroupConfig {
  readonly email: string;
  readonly name?: string;
  readonly description?: string;
  readonly settings?: Readonly<Record<string, string>>;
  readonly reconcile_members?: boolean;
  readonly owners?: readonly string[];
  readonly managers?: readonly string[];
  readonly members?: readonly string[];
  readonly aliases?: readonly string[];
  readonly retired?: string;
  readonly deletion_policy?: string;
}

/** What is declared, as found. */
export interface GroupState extends GroupConfig {
  /** Why the last refresh could not read the group: all the rest is older then, and the next apply looks again. */
  readonly unread?: string;
}

export const deletionPolicies = ["FORGET", "DELETE"];

export const retirementSteps: readonly string[] = GROUP_RETIREMENT_STEPS;

const addresses = ["set", "string"] as const;

export const groupSchema: Schema = {
  description: "A Google Group with its settings and all its members.",
  attributes: {
    email: {
      type: "string",
      required: true,
      forceNew: true,
      description: "Address of the group. A group that exists already is adopted.",
    },
    name: { type: "string", optional: true, description: "Empty or left out: not managed." },
    description: { type: "string", optional: true, description: "Empty or left out: not managed." },
    settings: {
      type: ["map", "string"],
      optional: true,
      description: "Keys and values as the Groups Settings API spells them. Exactly these are managed.",
    },
    reconcile_members: {
      type: "bool",
      optional: true,
      description:
        "Whether members that are not listed are removed. Owners and managers that are not listed always are.",
    },
    owners: { type: addresses, optional: true, description: "Addresses of all owners; others are removed." },
    managers: { type: addresses, optional: true, description: "Addresses of all managers; others are removed." },
    members: { type: addresses, optional: true, description: "Addresses of members that are neither." },
    aliases: { type: addresses, optional: true, description: "Exactly these; left out: not managed." },
    retired: {
      type: "string",
      optional: true,
      description:
        "How far its retirement has come. closed: said in reviews, while the other attributes close the group. " +
        "deleted: the group is deleted once only owners are in it, and it is archived if settings say archiveOnly; " +
        "this resource remembers it.",
    },
    deletion_policy: {
      type: "string",
      optional: true,
      description: "FORGET (the default) leaves the group as it is when the resource goes; DELETE deletes it.",
    },
    unread: {
      type: "string",
      computed: true,
      description:
        "Why the last refresh could not read the group. The next apply looks again, and fails if it still can't.",
    },
  },
};
