import type { PolicyRecord } from "../../state/records";
import type { World } from "../../state/world";
import { newEtag } from "../identifiers";

/**
 * What becomes of a principal in all policies when it is deleted: `serviceAccount:a@p` turns into
 * `deleted:serviceAccount:a@p?uid=1`, so that a new account of the same name inherits nothing.
 */
export function markDeleted(world: World, member: string, uid: string): void {
  rename(world, member, `deleted:${member}?uid=${uid}`);
}

/** The way back, when a deleted account returns. */
export function unmarkDeleted(world: World, member: string, uid: string): void {
  rename(world, `deleted:${member}?uid=${uid}`, member);
}

function rename(world: World, from: string, to: string): void {
  const policies = world.store.collection<PolicyRecord>("policies");
  const wanted = from.toLowerCase();
  for (const name of policies.keys()) {
    const policy = policies.get(name);
    const isNamed = policy?.bindings.some(({ members }) => members.some((member) => member.toLowerCase() === wanted));
    if (policy === undefined || isNamed !== true) continue;
    const bindings = policy.bindings.map((binding) => ({
      ...binding,
      members: binding.members.map((member) => (member.toLowerCase() === wanted ? to : member)),
    }));
    policies.put(name, { ...policy, bindings, etag: newEtag(world) });
  }
}
