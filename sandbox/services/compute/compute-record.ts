import type { World } from "../../state/world";

/** A global resource of Compute Engine. Beyond these fields it holds what its caller gave. */
export interface ComputeRecord {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
  readonly creationTimestamp: string;
  readonly selfLink: string;
}

/** `compute`, by `PROJECT-ID/COLLECTION/NAME`. */
export function computeResources(world: World) {
  return world.store.collection<ComputeRecord>("compute");
}

/** Google's own address of the resource, by which other resources refer to it. */
export function linkOf(projectId: string, collection: string, name: string): string {
  return `https://www.googleapis.com/compute/v1/projects/${projectId}/global/${collection}/${name}`;
}
