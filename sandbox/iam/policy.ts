import { googleError } from "../http/errors";
import type { Binding, PolicyRecord } from "../state/records";
import type { World } from "../state/world";

/** The policy of a resource; one that was never set is empty. */
export function readPolicy(world: World, resource: string): PolicyRecord {
  return policies(world).get(resource) ?? { version: 1, bindings: [], etag: "ACAB" };
}

/**
 * Replaces the policy of a resource. An etag that isn't the current one's is a 409 in the newer services' words (Cloud
 * Storage has its own). Returns what is now in force.
 */
export function writePolicy(world: World, resource: string, wanted: Partial<PolicyRecord>): PolicyRecord {
  const current = readPolicy(world, resource);
  if (wanted.etag !== undefined && wanted.etag !== "" && wanted.etag !== current.etag) {
    throw googleError(
      409,
      "aborted",
      "There were concurrent policy changes. Please retry the whole read-modify-write with exponential backoff.",
      "ABORTED",
    );
  }
  return replacePolicy(world, resource, wanted);
}

/** Replaces the policy whatever its etag. */
export function replacePolicy(world: World, resource: string, wanted: Partial<PolicyRecord>): PolicyRecord {
  const bindings = mergeBindings(wanted.bindings ?? []);
  const written: PolicyRecord = {
    version: bindings.some(({ condition }) => condition !== undefined) ? 3 : 1,
    bindings,
    etag: nextEtag(world),
    ...(wanted.auditConfigs === undefined ? {} : { auditConfigs: wanted.auditConfigs }),
  };
  policies(world).put(resource, written);
  return written;
}

/** Takes the policies of a resource and of all that lies in it away, when the resource is deleted. */
export function forgetPolicies(world: World, resource: string): void {
  policies(world).delete(resource);
  for (const name of policies(world).keys(`${resource}/`)) policies(world).delete(name);
}

function policies(world: World) {
  return world.store.collection<PolicyRecord>("policies");
}

/** Google keeps one binding per role and condition, members without repetition, and none without members. */
function mergeBindings(bindings: readonly Binding[]): readonly Binding[] {
  const merged = new Map<string, Binding>();
  for (const binding of bindings) {
    const key = JSON.stringify([binding.role, binding.condition]);
    const before = merged.get(key)?.members ?? [];
    merged.set(key, { ...binding, members: [...new Set([...before, ...(binding.members ?? [])])] });
  }
  return [...merged.values()].filter(({ members }) => members.length > 0);
}

/** Etags of policies look like `BwYx3f0vE2c=`: a version byte and a time stamp. */
function nextEtag(world: World): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(world.clock.nextMicros()));
  bytes[0] = 7;
  return bytes.toString("base64");
}
