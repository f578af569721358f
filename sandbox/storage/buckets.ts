import { googleError } from "../http/errors";
import { bucketRoles, objectRoles } from "../iam/bucket-policy";
import { forgetPolicies, replacePolicy } from "../iam/policy";
import { findProject as findProjectOf, projectsOf } from "../services/project-lookup";
import type { ProjectRecord } from "../state/records";
import { checkLock, settle, writableFields } from "./bucket-settings";
import { mergePatch } from "./merge-patch";
import { checkBucketName } from "./names";
import type { BucketRecord } from "./records";
import type { StorageState } from "./storage-state";

type Json = Readonly<Record<string, unknown>>;

const MULTI_REGIONS = ["US", "EU", "ASIA"];
const DUAL_REGIONS = ["NAM4", "EUR4", "EUR5", "EUR7", "EUR8", "ASIA1"];

/** Chosen when the bucket is made and never changed. */
const FIXED = ["customPlacementConfig", "hierarchicalNamespace", "objectRetention"];

/** Throws 404 for a bucket that isn't there, 403 for one of a deleted project. */
export function findBucket(state: StorageState, name: string): BucketRecord {
  const bucket = state.buckets.get(name);
  if (bucket === undefined) throw googleError(404, "notFound", "The specified bucket does not exist.");
  if (projectsOf(state.world).get(bucket.project)?.lifecycleState !== "DELETE_REQUESTED") return bucket;
  throw googleError(
    403,
    "accountDisabled",
    "The account associated with the project that owns the bucket or object has been disabled.",
  );
}

/** The live project of that id or number. */
export function findProject(state: StorageState, idOrNumber: string): ProjectRecord {
  const found = findProjectOf(state.world, idOrNumber);
  if (found === undefined || found.lifecycleState !== "ACTIVE") {
    throw googleError(400, "invalid", `Unknown project id: ${idOrNumber}`);
  }
  return found;
}

/** Makes a bucket with the policy that Google gives new ones. `body` is the request's resource. */
export function createBucket(
  state: StorageState,
  project: ProjectRecord,
  body: Json,
  objectRetention: boolean,
): BucketRecord {
  const { name } = body;
  checkBucketName(name);
  const taken = state.buckets.get(name);
  if (taken !== undefined) {
    const message =
      taken.project === project.projectId
        ? "Your previous request to create the named bucket succeeded and you already own it."
        : "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Please select a different name and try again.";
    throw googleError(409, "conflict", message);
  }
  const now = state.world.clock.timestamp();
  const location = String(body.location ?? "US").toUpperCase();
  const locationType = kindOfLocation(location);
  const bucket: BucketRecord = {
    name,
    project: project.projectId,
    projectNumber: project.projectNumber,
    generation: state.world.clock.nextMicros(),
    metageneration: 1,
    timeCreated: now,
    updated: now,
    location,
    locationType,
    settings: settle(
      { ...(locationType === "region" ? {} : { rpo: "DEFAULT" }), ...writableFields(body) },
      undefined,
      now,
    ),
    fixed: {
      ...Object.fromEntries(FIXED.filter((key) => key in body).map((key) => [key, body[key]])),
      ...(objectRetention ? { objectRetention: { mode: "Enabled" } } : {}),
    },
  };
  state.buckets.put(name, bucket);
  const isUniform = bucket.settings.iamConfiguration.uniformBucketLevelAccess.enabled;
  const bindings = [...bucketRoles(project.projectId), ...(isUniform ? objectRoles(project.projectId) : [])];
  replacePolicy(state.world, `buckets/${name}`, { bindings });
  return bucket;
}

/** PATCH: changes what `body` names. */
export function patchBucket(state: StorageState, bucket: BucketRecord, body: Json): BucketRecord {
  // Settings are plain JSON.
  return change(state, bucket, mergePatch(bucket.settings as unknown as Json, writableFields(body)));
}

/** PUT: whatever `body` does not name is reset; class, access and soft deletion stay, they have no empty value. */
export function replaceBucket(state: StorageState, bucket: BucketRecord, body: Json): BucketRecord {
  return change(state, bucket, mergePatch({}, writableFields(body)));
}

function change(state: StorageState, bucket: BucketRecord, wanted: Json): BucketRecord {
  const settings = settle(wanted, bucket.settings, state.world.clock.timestamp());
  checkLock(bucket.name, bucket.settings, settings);
  // Turning uniform access on adds nothing to the policy: only a bucket that is made with it gets roles in place of lists.
  return store(state, { ...bucket, settings });
}

/** Makes the retention policy permanent. */
export function lockRetention(state: StorageState, bucket: BucketRecord): BucketRecord {
  const { retentionPolicy } = bucket.settings;
  if (retentionPolicy === undefined) {
    throw googleError(400, "invalid", `Bucket '${bucket.name}' has no Retention Policy to lock.`);
  }
  return store(state, {
    ...bucket,
    settings: { ...bucket.settings, retentionPolicy: { ...retentionPolicy, isLocked: true } },
  });
}

/** Counts a change of the bucket's metadata that is kept elsewhere, such as its policy. */
export function touchBucket(state: StorageState, bucket: BucketRecord): BucketRecord {
  return store(state, bucket);
}

function store(state: StorageState, bucket: BucketRecord): BucketRecord {
  const changed = { ...bucket, metageneration: bucket.metageneration + 1, updated: state.world.clock.timestamp() };
  state.buckets.put(bucket.name, changed);
  return changed;
}

/** Deletes an empty bucket. Noncurrent versions count as content, soft-deleted objects don't. */
export function deleteBucket(state: StorageState, { name }: BucketRecord): void {
  if (state.live(name).size > 0 || state.noncurrent(name).size > 0) {
    throw googleError(409, "conflict", "The bucket you tried to delete is not empty.");
  }
  for (const record of state.softDeleted(name).values()) state.release(record);
  for (const collection of ["softDeleted", "objects", "versions", "managedFolders"]) {
    state.world.store.drop(`${collection}/${name}`);
  }
  state.buckets.delete(name);
  forgetPolicies(state.world, `buckets/${name}`);
}

function kindOfLocation(location: string): string {
  if (MULTI_REGIONS.includes(location)) return "multi-region";
  if (DUAL_REGIONS.includes(location)) return "dual-region";
  if (/^[A-Z]+-[A-Z]+\d+$/.test(location)) return "region";
  throw googleError(400, "invalid", "The specified location constraint is not valid.");
}
