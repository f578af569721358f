/** One writable key of the Groups Settings API, with what a declaration may say about it. */
export interface GroupSetting {
  /** As the API spells it, e.g. `whoCanJoin`. */
  readonly key: string;

  /** As `groups.yaml` spells it, e.g. `WhoCanJoin`. */
  readonly yamlKey: string;

  /** The values the API takes; undefined for free text. */
  readonly values?: readonly string[];

  /** Longest free text, in characters. */
  readonly maxLength?: number;

  /** What holds when nothing is declared. A key without default is left as it is found. */
  readonly default?: string;

  /** Values that open the group, each with the sentence a reviewer reads. */
  readonly risky: Readonly<Record<string, string>>;

  /** Google merged this key into another one, which wins; declaring it deserves a warning. */
  readonly mergedInto?: string;
}

const bool = ["true", "false"];
const moderators = ["ALL_MEMBERS", "OWNERS_AND_MANAGERS", "OWNERS_ONLY", "NONE"];
const assistants = ["ALL_MEMBERS", "OWNERS_AND_MANAGERS", "MANAGERS_ONLY", "OWNERS_ONLY", "NONE"];

/** Every key that may be declared. Defaults are those of the Kubernetes groups reconciler of today, so that migrating changes nothing. */
export const groupSettings: readonly GroupSetting[] = [
  setting("allowExternalMembers", bool, {
    default: "true",
    risky: { true: "people outside the organization may be members" },
  }),
  setting("whoCanJoin", ["ANYONE_CAN_JOIN", "ALL_IN_DOMAIN_CAN_JOIN", "INVITED_CAN_JOIN", "CAN_REQUEST_TO_JOIN"], {
    default: "INVITED_CAN_JOIN",
    risky: {
      ANYONE_CAN_JOIN: "anyone on the Internet can join without being asked",
      ALL_IN_DOMAIN_CAN_JOIN: "everyone in the organization can join without being asked",
    },
  }),
  setting("whoCanViewMembership", ["ALL_IN_DOMAIN_CAN_VIEW", "ALL_MEMBERS_CAN_VIEW", "ALL_MANAGERS_CAN_VIEW"], {
    default: "ALL_MANAGERS_CAN_VIEW",
  }),
  setting(
    "whoCanViewGroup",
    [
      "ANYONE_CAN_VIEW",
      "ALL_IN_DOMAIN_CAN_VIEW",
      "ALL_MEMBERS_CAN_VIEW",
      "ALL_MANAGERS_CAN_VIEW",
      "ALL_OWNERS_CAN_VIEW",
    ],
    { default: "ALL_MEMBERS_CAN_VIEW", risky: { ANYONE_CAN_VIEW: "anyone on the Internet can read the messages" } },
  ),
  setting("whoCanDiscoverGroup", ["ANYONE_CAN_DISCOVER", "ALL_IN_DOMAIN_CAN_DISCOVER", "ALL_MEMBERS_CAN_DISCOVER"], {
    default: "ALL_IN_DOMAIN_CAN_DISCOVER",
  }),
  setting("whoCanModerateMembers", moderators, {
    default: "OWNERS_AND_MANAGERS",
    risky: { ALL_MEMBERS: "every member can add and remove members" },
  }),
  setting("whoCanModerateContent", moderators, { default: "OWNERS_AND_MANAGERS" }),
  setting(
    "whoCanPostMessage",
    [
      "NONE_CAN_POST",
      "ALL_MANAGERS_CAN_POST",
      "ALL_MEMBERS_CAN_POST",
      "ALL_OWNERS_CAN_POST",
      "ALL_IN_DOMAIN_CAN_POST",
      "ANYONE_CAN_POST",
    ],
    { default: "ALL_MEMBERS_CAN_POST", risky: { ANYONE_CAN_POST: "anyone on the Internet can write to every member" } },
  ),
  setting(
    "messageModerationLevel",
    ["MODERATE_ALL_MESSAGES", "MODERATE_NON_MEMBERS", "MODERATE_NEW_MEMBERS", "MODERATE_NONE"],
    { default: "MODERATE_NONE" },
  ),
  setting("whoCanAddExternalMembers", ["ONLY_ADMINS_CAN_ADD_EXTERNAL_MEMBERS", "END_USERS_CAN_ADD_EXTERNAL_MEMBERS"]),
  setting("allowWebPosting", bool),
  setting("membersCanPostAsTheGroup", bool, {
    default: "false",
    risky: { true: "members can send in the group's name, past moderation" },
  }),
  setting("whoCanContactOwner", [
    "ALL_IN_DOMAIN_CAN_CONTACT",
    "ALL_MANAGERS_CAN_CONTACT",
    "ALL_MEMBERS_CAN_CONTACT",
    "ANYONE_CAN_CONTACT",
    "ALL_OWNERS_CAN_CONTACT",
  ]),
  setting("whoCanLeaveGroup", ["ALL_MANAGERS_CAN_LEAVE", "ALL_MEMBERS_CAN_LEAVE", "NONE_CAN_LEAVE"]),
  setting("whoCanAssistContent", assistants),
  setting("spamModerationLevel", ["ALLOW", "MODERATE", "SILENTLY_MODERATE", "REJECT"]),
  setting("replyTo", [
    "REPLY_TO_CUSTOM",
    "REPLY_TO_SENDER",
    "REPLY_TO_LIST",
    "REPLY_TO_OWNER",
    "REPLY_TO_IGNORE",
    "REPLY_TO_MANAGERS",
  ]),
  setting("customReplyTo", undefined, { maxLength: 320 }),
  setting("isArchived", bool),
  setting("archiveOnly", bool),
  setting("includeInGlobalAddressList", bool),
  setting("enableCollaborativeInbox", bool),
  setting("favoriteRepliesOnTop", bool),
  setting("includeCustomFooter", bool),
  setting("customFooterText", undefined, { maxLength: 1000 }),
  setting("sendMessageDenyNotification", bool),
  setting("defaultMessageDenyNotificationText", undefined, { maxLength: 10000 }),
  setting("primaryLanguage", undefined, { maxLength: 35 }),
  setting("default_sender", ["DEFAULT_SELF", "GROUP"]),
  merged("showInGroupDirectory", bool, "whoCanDiscoverGroup"),
  setting("allowGoogleCommunication", bool),
  merged(
    "whoCanAdd",
    ["ALL_MEMBERS_CAN_ADD", "ALL_MANAGERS_CAN_ADD", "ALL_OWNERS_CAN_ADD", "NONE_CAN_ADD"],
    "whoCanModerateMembers",
  ),
  merged(
    "whoCanInvite",
    ["ALL_MEMBERS_CAN_INVITE", "ALL_MANAGERS_CAN_INVITE", "ALL_OWNERS_CAN_INVITE", "NONE_CAN_INVITE"],
    "whoCanModerateMembers",
  ),
  merged(
    "whoCanApproveMembers",
    ["ALL_MEMBERS_CAN_APPROVE", "ALL_MANAGERS_CAN_APPROVE", "ALL_OWNERS_CAN_APPROVE", "NONE_CAN_APPROVE"],
    "whoCanModerateMembers",
  ),
  ...["whoCanModifyMembers", "whoCanBanUsers"].map((key) => merged(key, moderators, "whoCanModerateMembers")),
  ...[
    "whoCanApproveMessages",
    "whoCanDeleteAnyPost",
    "whoCanDeleteTopics",
    "whoCanHideAbuse",
    "whoCanLockTopics",
    "whoCanMakeTopicsSticky",
    "whoCanMoveTopicsIn",
    "whoCanMoveTopicsOut",
    "whoCanPostAnnouncements",
  ].map((key) => merged(key, moderators, "whoCanModerateContent")),
  ...[
    "whoCanAssignTopics",
    "whoCanEnterFreeFormTags",
    "whoCanMarkDuplicate",
    "whoCanMarkFavoriteReplyOnAnyTopic",
    "whoCanMarkFavoriteReplyOnOwnTopic",
    "whoCanMarkNoResponseNeeded",
    "whoCanModifyTagsAndCategories",
    "whoCanTakeTopics",
    "whoCanUnassignTopic",
    "whoCanUnmarkFavoriteReplyOnAnyTopic",
  ].map((key) => merged(key, assistants, "whoCanAssistContent")),
];

const byKey = new Map(groupSettings.map((each) => [each.key, each]));
const byYamlKey = new Map(groupSettings.map((each) => [each.yamlKey, each]));

/** `ReconcileMembers` stands among the settings of `groups.yaml`, but is ours: the API does not know it. */
export const RECONCILE_MEMBERS = "ReconcileMembers";

/** Looks a setting up by its API spelling. */
export function groupSetting(key: string): GroupSetting | undefined {
  return byKey.get(key);
}

/** Looks a setting up by the spelling of `groups.yaml`. */
export function groupSettingOfYaml(yamlKey: string): GroupSetting | undefined {
  return byYamlKey.get(yamlKey);
}

/** Why a value deserves a reviewer's eye, or undefined when it does not. */
export function riskOf(key: string, value: string): string | undefined {
  const { risky } = byKey.get(key) ?? {};
  return risky !== undefined && Object.hasOwn(risky, value) ? risky[value] : undefined;
}

/**
 * The settings a group is held to: what is declared, and the default of every other key that has one. Undeclared drift
 * (somebody opened the group by hand) is thereby seen and undone, as the reconciler does.
 */
export function effectiveSettings(declared: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const defaults = groupSettings.flatMap((each) => (each.default === undefined ? [] : [[each.key, each.default]]));
  // The API answers NONE_CAN_POST for every archived group, whatever was asked for.
  const archived = declared.archiveOnly === "true" ? { whoCanPostMessage: "NONE_CAN_POST" } : {};
  const all: Record<string, string> = { ...Object.fromEntries(defaults), ...archived, ...declared };
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Combinations that the API refuses or silently rewrites, as one sentence each. */
export function settingConflicts(declared: Readonly<Record<string, string>>): readonly string[] {
  const { archiveOnly, whoCanPostMessage, replyTo, customReplyTo, includeCustomFooter, customFooterText } = declared;
  const conflicts: string[] = [];
  if (whoCanPostMessage === "NONE_CAN_POST" && archiveOnly !== "true")
    conflicts.push("WhoCanPostMessage NONE_CAN_POST needs ArchiveOnly true");
  if (archiveOnly === "true" && whoCanPostMessage !== undefined && whoCanPostMessage !== "NONE_CAN_POST")
    conflicts.push(`ArchiveOnly true forces WhoCanPostMessage NONE_CAN_POST, found ${whoCanPostMessage}`);
  if (replyTo === "REPLY_TO_CUSTOM" && !customReplyTo) conflicts.push("ReplyTo REPLY_TO_CUSTOM needs CustomReplyTo");
  if (includeCustomFooter === "true" && !customFooterText)
    conflicts.push("IncludeCustomFooter true needs CustomFooterText");
  if (declared.defaultMessageDenyNotificationText && declared.sendMessageDenyNotification !== "true")
    conflicts.push("DefaultMessageDenyNotificationText needs SendMessageDenyNotification true");
  return conflicts;
}

function setting(
  key: string,
  values: readonly string[] | undefined,
  rest: Partial<Pick<GroupSetting, "default" | "risky" | "maxLength" | "mergedInto">> = {},
): GroupSetting {
  const yamlKey = key.replace(/(^|_)([a-z])/g, (_, __, letter: string) => letter.toUpperCase());
  return { key, yamlKey, risky: {}, ...(values === undefined ? {} : { values }), ...rest };
}

function merged(key: string, values: readonly string[], mergedInto: string): GroupSetting {
  return setting(key, values, { mergedInto });
}
