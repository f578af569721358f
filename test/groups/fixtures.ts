import type { FakeGoogleGroups } from "../../bench/groups/fake-google-groups";
import type { Clock } from "../../lib/groups/clock";
import type { DesiredGroup } from "../../lib/groups/desired-group";
import type { ObservedGroup } from "../../lib/groups/observed-group";
import { type GroupsSession, groupsServices, groupsSession } from "../../lib/groups/session";
import type { GroupRole } from "../../lib/model/groups";

export const email = "crew@example.org";

export function desired(some: Partial<DesiredGroup> = {}): DesiredGroup {
  return { email, name: "crew", settings: {}, reconcileMembers: true, owners: [], managers: [], members: [], ...some };
}

export function observed(
  members: Readonly<Record<string, GroupRole>> = {},
  some: Partial<ObservedGroup> = {},
): ObservedGroup {
  return {
    email,
    name: "crew",
    description: "",
    aliases: [],
    settings: {},
    members: Object.entries(members).map(([address, role]) => ({
      key: `id-${address}`,
      address,
      hasAddress: true,
      role,
      type: "USER",
    })),
    ...some,
  };
}

/** Time that passes only by being slept through, at once. */
export function jumpingClock(): Clock & { readonly slept: () => number } {
  let now = 0;
  return {
    now: () => now,
    random: () => 0.5,
    slept: () => now,
    async sleep(milliseconds, signal) {
      signal?.throwIfAborted();
      now += milliseconds;
    },
  };
}

export function sessionOn(fake: FakeGoogleGroups, clock: Clock = jumpingClock(), signal?: AbortSignal): GroupsSession {
  const services = groupsServices({
    directory: fake.directory,
    settings: fake.settings,
    clock,
    requestsPerMinute: 1e9,
  });
  return groupsSession(services, signal);
}
