import type { DirectoryGroup } from "../cloud/directory";
import { domainOf } from "../model/principals";
import { normalAddress } from "./addresses";
import { finishGroup, finishLater, hasLater, prepareGroup } from "./apply-group";
import type { DesiredGroup } from "./desired-group";
import type { GroupResult } from "./group-result";
import { inParallel } from "./in-parallel";
import { allPages } from "./observe-group";
import type { GroupsSession } from "./session";

/** Groups worked on at a time. The quota is the narrower bound; this one keeps memory and sockets few. */
export const GROUPS_AT_A_TIME = 24;

export interface ApplyOptions {
  /** Called when a group is done. */
  readonly onResult?: (result: GroupResult) => void;
}

/**
 * Brings all groups into their declared form, each on its own: a group that fails stops no other. All that are missing
 * are created before any membership is touched, so that groups may contain each other in any order.
 */
export async function applyGroups(
  session: GroupsSession,
  desired: readonly DesiredGroup[],
  { onResult }: ApplyOptions = {},
): Promise<readonly GroupResult[]> {
  const listed = await listedGroups(session, desired);
  const prepared = await inParallel(desired, GROUPS_AT_A_TIME, (group) =>
    prepareGroup(session, group, listed.get(normalAddress(group.email))),
  );
  const results = await inParallel(prepared, GROUPS_AT_A_TIME, async (group) => {
    const result = await finishGroup(session, group);
    if (!hasLater(result)) onResult?.(result);
    return { group, result };
  });
  // What had to wait for other groups has waited long enough: all of them are done.
  return inParallel(results, GROUPS_AT_A_TIME, async ({ group, result }) => {
    if (!hasLater(result)) return result;
    const final = await finishLater(session, group, result);
    onResult?.(final);
    return final;
  });
}

/** Fewer groups than this are read one by one: a whole domain may take more pages. */
const WORTH_LISTING = 20;

/**
 * The groups of the domains of `desired`, by address: one call for each 200 instead of one for each. What is not in it
 * is asked for singly, so a caller without the right to list loses time and nothing else.
 */
export async function listedGroups(
  session: GroupsSession,
  desired: readonly Pick<DesiredGroup, "email">[],
): Promise<ReadonlyMap<string, DirectoryGroup>> {
  const counts = new Map<string, number>();
  for (const { email } of desired) counts.set(domainOf(email), (counts.get(domainOf(email)) ?? 0) + 1);
  const domains = [...counts].filter(([, count]) => count >= WORTH_LISTING).map(([domain]) => domain);
  const lists = await inParallel(domains, GROUPS_AT_A_TIME, async (domain) => {
    try {
      return await groupsOfDomain(session, domain);
    } catch {
      // The single calls that follow will say what is wrong, each for its group.
      return [];
    }
  });
  return new Map(lists.flat().map((group) => [normalAddress(group.email), group]));
}

/** Every group of a Workspace domain, all pages. */
export function groupsOfDomain(session: GroupsSession, domain: string): Promise<readonly DirectoryGroup[]> {
  return allPages((token) => session.directory((directory) => directory.listGroups(domain, token)));
}
