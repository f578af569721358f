import { readPolicy } from "../iam/policy";
import type { Binding } from "../state/records";
import type { World } from "../state/world";

/** Whether anybody may read what is in the bucket. */
export function isPublic(world: World, bucket: string): boolean {
  return world.access.allows(undefined, "storage.objects.get", `buckets/${bucket}`);
}

/** Who has which role on the bucket itself. */
export function bindingsOf(world: World, bucket: string): readonly Binding[] {
  return readPolicy(world, `buckets/${bucket}`).bindings;
}
