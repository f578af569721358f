import { isAnswer } from "../cloud/google-api-error";
import { normalAddress } from "./addresses";
import { GROUPS_AT_A_TIME, groupsOfDomain, listedGroups } from "./apply-groups";
import { type DesiredGroup, desiredRoles } from "./desired-group";
import { inParallel } from "./in-parallel";
import { observeGroup } from "./observe-group";
import { type GroupReview, reviewGroup } from "./review";
import type { GroupsSession } from "./session";

/** A group whose difference could not be told. */
export interface UnreadGroup {
  readonly email: string;
  readonly message: string;

  /** Whether Google said so: false where it could not be asked. */
  readonly answered: boolean;
}

export type ReviewOutcome = GroupReview | UnreadGroup;

export function isUnread(outcome: ReviewOutcome): outcome is UnreadGroup {
  return "message" in outcome;
}

export function isReview(outcome: ReviewOutcome): outcome is GroupReview {
  return !isUnread(outcome);
}

/** Compares every declared group with the live one and changes nothing. One that can't be read stops no other. */
export async function reviewGroups(
  session: GroupsSession,
  desired: readonly DesiredGroup[],
  onReview?: (outcome: ReviewOutcome) => void,
): Promise<readonly ReviewOutcome[]> {
  const listed = await listedGroups(session, desired);
  return inParallel(desired, GROUPS_AT_A_TIME, async (group) => {
    const outcome = await review(group);
    onReview?.(outcome);
    return outcome;
  });

  async function review(group: DesiredGroup): Promise<ReviewOutcome> {
    const email = normalAddress(group.email);
    try {
      const declared = [...desiredRoles(group).keys()];
      return reviewGroup(group, await observeGroup(session, email, declared, listed.get(email)));
    } catch (error) {
      return { email, message: error instanceof Error ? error.message : String(error), answered: isAnswer(error) };
    }
  }
}

/** Live groups of the managed domains that nothing declares: named, and never touched. */
export async function undeclaredGroups(
  session: GroupsSession,
  domains: readonly string[],
  declared: readonly string[],
): Promise<readonly string[]> {
  const known = new Set(declared.map(normalAddress));
  const lists = await Promise.all(domains.map((domain) => groupsOfDomain(session, domain)));
  return lists
    .flat()
    .map(({ email }) => normalAddress(email))
    .filter((email) => !known.has(email))
    .sort();
}
