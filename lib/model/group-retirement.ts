import type { Position } from "../diagnostics";
import type { Group } from "./groups";
import { domainOf } from "./principals";

/** In the order in which they are taken, each one by a reviewed change that has been deployed. */
export const GROUP_RETIREMENT_STEPS = ["closed", "deleted"] as const;

/**
 * `closed`: nobody but its owners is in it, nobody joins or posts; the address stays taken.
 * `deleted`: it is gone, and Google may give the address to somebody else.
 */
export type GroupRetirementStep = (typeof GROUP_RETIREMENT_STEPS)[number];

/** Declares that a group is not used any more. */
export interface GroupRetirement {
  /** `YYYY-MM-DD` */
  readonly since: string;
  readonly step: GroupRetirementStep;
  readonly at: Position;
}

/** A group as Google is to have it: what a retired one still lists is where it would go back to, and has no effect. */
export function heldGroup(group: Group): Group {
  const { retired, owners, settings } = group;
  if (retired === undefined) return group;
  return {
    ...group,
    owners: retired.step === "closed" ? owners : [],
    managers: [],
    members: [],
    reconcileMembers: true,
    settings: { ...settings, ...closedSettings(group) },
  };
}

/** No way in, nothing to post, nothing to see for others. Google has no `whoCanJoin` that lets nobody in by invitation. */
function closedSettings({ email, owners }: Group): Readonly<Record<string, string>> {
  const hasOwnersOutside = owners.some((owner) => domainOf(owner) !== domainOf(email));
  return {
    allowExternalMembers: String(hasOwnersOutside),
    whoCanJoin: "INVITED_CAN_JOIN",
    whoCanModerateMembers: "NONE",
    whoCanModerateContent: "NONE",
    archiveOnly: "true",
    whoCanPostMessage: "NONE_CAN_POST",
    membersCanPostAsTheGroup: "false",
    whoCanViewMembership: "ALL_MANAGERS_CAN_VIEW",
    whoCanViewGroup: "ALL_OWNERS_CAN_VIEW",
    whoCanDiscoverGroup: "ALL_MEMBERS_CAN_DISCOVER",
    includeInGlobalAddressList: "false",
  };
}

/** E.g. `retired since 2026-11-22, closed`. */
export function retirementTitle({ since, step }: Pick<GroupRetirement, "since" | "step">): string {
  return `retired since ${since}, ${step}`;
}
