const MODERATORS = ["ALL_MEMBERS", "OWNERS_AND_MANAGERS", "OWNERS_ONLY", "NONE"];
const ASSISTANTS = [...MODERATORS, "MANAGERS_ONLY"];
const BOOLEANS = ["true", "false"];

function audiences(verb: string, ...who: readonly string[]): readonly string[] {
  return who.map((name) => `${name}_CAN_${verb}`);
}

/** Values that the Groups Settings API takes, by key. Keys that aren't here take any text. */
export const settingValues: Readonly<Record<string, readonly string[]>> = {
  whoCanJoin: ["ANYONE_CAN_JOIN", "ALL_IN_DOMAIN_CAN_JOIN", "INVITED_CAN_JOIN", "CAN_REQUEST_TO_JOIN"],
  whoCanViewMembership: audiences("VIEW", "ALL_IN_DOMAIN", "ALL_MEMBERS", "ALL_MANAGERS", "ALL_OWNERS"),
  whoCanViewGroup: audiences("VIEW", "ANYONE", "ALL_IN_DOMAIN", "ALL_MEMBERS", "ALL_MANAGERS", "ALL_OWNERS"),
  whoCanDiscoverGroup: audiences("DISCOVER", "ANYONE", "ALL_IN_DOMAIN", "ALL_MEMBERS"),
  whoCanPostMessage: audiences("POST", "NONE", "ALL_MANAGERS", "ALL_MEMBERS", "ALL_OWNERS", "ALL_IN_DOMAIN", "ANYONE"),
  whoCanContactOwner: audiences("CONTACT", "ALL_IN_DOMAIN", "ALL_MANAGERS", "ALL_MEMBERS", "ANYONE", "ALL_OWNERS"),
  whoCanLeaveGroup: audiences("LEAVE", "ALL_MANAGERS", "ALL_MEMBERS", "NONE"),
  whoCanModerateMembers: MODERATORS,
  whoCanModerateContent: MODERATORS,
  whoCanAssistContent: ASSISTANTS,
  messageModerationLevel: ["MODERATE_ALL_MESSAGES", "MODERATE_NON_MEMBERS", "MODERATE_NEW_MEMBERS", "MODERATE_NONE"],
  spamModerationLevel: ["ALLOW", "MODERATE", "SILENTLY_MODERATE", "REJECT"],
  replyTo: [
    "REPLY_TO_CUSTOM",
    "REPLY_TO_SENDER",
    "REPLY_TO_LIST",
    "REPLY_TO_OWNER",
    "REPLY_TO_IGNORE",
    "REPLY_TO_MANAGERS",
  ],
  default_sender: ["DEFAULT_SELF", "GROUP"],
  ...Object.fromEntries(
    [
      "allowExternalMembers",
      "allowWebPosting",
      "archiveOnly",
      "enableCollaborativeInbox",
      "favoriteRepliesOnTop",
      "includeCustomFooter",
      "includeInGlobalAddressList",
      "isArchived",
      "membersCanPostAsTheGroup",
      "sendMessageDenyNotification",
      "showInGroupDirectory",
    ].map((key) => [key, BOOLEANS]),
  ),
};

/** Texts without fixed values that a caller may set. */
const TEXTS = ["customReplyTo", "customFooterText", "defaultMessageDenyNotificationText", "primaryLanguage"];

/** Keys that Google keeps for old callers; it takes and shows them. */
const MERGED = /^whoCan[A-Z]\w*$/;

/** Other keys are passed over, as Google does. */
export function isSetting(key: string): boolean {
  return Object.hasOwn(settingValues, key) || TEXTS.includes(key) || MERGED.test(key);
}

/** What a group has when the Directory API just made it. */
export const newGroupSettings: Readonly<Record<string, string>> = {
  allowExternalMembers: "false",
  allowWebPosting: "true",
  archiveOnly: "false",
  customFooterText: "",
  customReplyTo: "",
  default_sender: "DEFAULT_SELF",
  defaultMessageDenyNotificationText: "",
  enableCollaborativeInbox: "false",
  favoriteRepliesOnTop: "true",
  includeCustomFooter: "false",
  includeInGlobalAddressList: "true",
  isArchived: "false",
  membersCanPostAsTheGroup: "false",
  messageModerationLevel: "MODERATE_NONE",
  primaryLanguage: "en_US",
  replyTo: "REPLY_TO_IGNORE",
  sendMessageDenyNotification: "false",
  showInGroupDirectory: "true",
  spamModerationLevel: "MODERATE",
  whoCanAdd: "ALL_MANAGERS_CAN_ADD",
  whoCanApproveMembers: "ALL_MANAGERS_CAN_APPROVE",
  whoCanAssistContent: "NONE",
  whoCanBanUsers: "OWNERS_AND_MANAGERS",
  whoCanContactOwner: "ANYONE_CAN_CONTACT",
  whoCanDiscoverGroup: "ALL_IN_DOMAIN_CAN_DISCOVER",
  whoCanInvite: "ALL_MANAGERS_CAN_INVITE",
  whoCanJoin: "CAN_REQUEST_TO_JOIN",
  whoCanLeaveGroup: "ALL_MEMBERS_CAN_LEAVE",
  whoCanModerateContent: "OWNERS_AND_MANAGERS",
  whoCanModerateMembers: "OWNERS_AND_MANAGERS",
  whoCanPostMessage: "ANYONE_CAN_POST",
  whoCanViewGroup: "ALL_MEMBERS_CAN_VIEW",
  whoCanViewMembership: "ALL_MEMBERS_CAN_VIEW",
};
