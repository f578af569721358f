import type { Binding, GroupRecord, MemberRecord, PolicyRecord, ProjectRecord } from "../state/records";
import type { BucketRecord } from "../storage/records";
import type { StorageState } from "../storage/storage-state";

/** What the sandbox holds, at a glance: `GET /sandbox/v1/state`. */
export function summary(state: StorageState): object {
  const { store, clock, owner, folder } = state.world;
  const members = store.collection<MemberRecord>("members");
  return {
    owner,
    folder,
    now: clock.timestamp(),
    projects: store.collection<ProjectRecord>("projects").values(),
    buckets: state.buckets.values().map((bucket) => bucketSummary(state, bucket)),
    groups: store
      .collection<GroupRecord>("groups")
      .values()
      .map(({ email, name }) => ({ email, name, members: members.keys(`${email.toLowerCase()}/`).length })),
  };
}

function bucketSummary(state: StorageState, bucket: BucketRecord): object {
  const { name, project, location, metageneration, settings } = bucket;
  const objects = state.live(name).values();
  const policy = state.world.store.collection<PolicyRecord>("policies").get(`buckets/${name}`);
  return {
    name,
    project,
    location,
    metageneration: String(metageneration),
    isPublic: isPublic(policy?.bindings ?? []) && settings.iamConfiguration.publicAccessPrevention !== "enforced",
    objects: objects.length,
    bytes: objects.reduce((sum, { size }) => sum + size, 0),
    noncurrent: state.noncurrent(name).size,
    softDeleted: state.softDeleted(name).size,
  };
}

function isPublic(bindings: readonly Binding[]): boolean {
  return bindings.some(({ members }) => members.includes("allUsers"));
}
