import { googleError } from "../http/errors";
import { findBucket } from "./buckets";
import type { Content } from "./bytes/content-store";
import { checkObjectName } from "./names";
import { checkPreconditions, type Preconditions } from "./preconditions";
import type { BucketRecord, ObjectRecord, ObjectSettings } from "./records";
import { checkOwnRetention, checkRetention } from "./retention";
import { type StorageState, versionKey } from "./storage-state";

/** An object about to be written. */
export interface Draft {
  readonly name: string;
  readonly size: number;
  readonly md5Hash?: string;
  readonly crc32c: string;
  readonly componentCount?: number;
  readonly storageClass?: string;
  readonly settings: ObjectSettings;

  /** Called once nothing stands against the write any more. */
  readonly keep: () => Content;
}

/** The live object, or one version of it. Throws 404. */
export function findObject(state: StorageState, bucket: string, name: string, generation?: string): ObjectRecord {
  const live = state.live(bucket).get(name);
  if (generation === undefined || generation === live?.generation) {
    if (live !== undefined) return live;
  } else {
    const version = state.noncurrent(bucket).get(versionKey(name, generation));
    if (version !== undefined) return version;
  }
  const suffix = generation === undefined ? "" : `#${generation}`;
  throw googleError(404, "notFound", `No such object: ${bucket}/${name}${suffix}`);
}

/**
 * Throws if the object may not be written now: preconditions, then the right to overwrite, then retention. To be called
 * again, without an `await` in between, when the bytes have arrived: `createObject` does.
 */
export function checkWrite(
  state: StorageState,
  bucket: BucketRecord,
  name: string,
  preconditions: Preconditions,
  checkOverwrite: () => void,
): void {
  checkObjectName(name);
  const existing = state.live(bucket.name).get(name);
  checkPreconditions(preconditions, existing);
  if (existing === undefined) return;
  checkOverwrite();
  checkRetention(bucket, existing, state.world.clock.now());
}

/** Writes a new live version. `checkOverwrite` throws if the caller may not replace an existing one. */
export function createObject(
  state: StorageState,
  bucketName: string,
  draft: Draft,
  preconditions: Preconditions,
  checkOverwrite: () => void,
): ObjectRecord {
  // The bucket may have gone or changed while the bytes arrived.
  const bucket = findBucket(state, bucketName);
  checkOwnRetention(bucket, draft.settings, state.world.clock.now());
  checkWrite(state, bucket, draft.name, preconditions, checkOverwrite);
  const { keep, storageClass = bucket.settings.storageClass, ...rest } = draft;
  const now = state.world.clock.timestamp();
  const content = keep();
  const record: ObjectRecord = {
    ...rest,
    generation: state.world.clock.nextMicros(),
    metageneration: 1,
    storageClass,
    timeCreated: now,
    updated: now,
    timeStorageClassUpdated: now,
    settings: {
      ...(bucket.settings.defaultEventBasedHold === true ? { eventBasedHold: true } : {}),
      ...rest.settings,
    },
    content,
  };
  state.contents.refer(content);
  retire(state, bucket, draft.name);
  state.live(bucketName).put(draft.name, record);
  return record;
}

/** Changes metadata of one version. */
export function updateObject(
  state: StorageState,
  bucket: string,
  record: ObjectRecord,
  change: Partial<Pick<ObjectRecord, "settings" | "holdReleased" | "storageClass" | "timeStorageClassUpdated">>,
): ObjectRecord {
  const changed = {
    ...record,
    ...change,
    metageneration: record.metageneration + 1,
    updated: state.world.clock.timestamp(),
  };
  if (record.timeDeleted === undefined) state.live(bucket).put(record.name, changed);
  else state.noncurrent(bucket).put(versionKey(record.name, record.generation), changed);
  return changed;
}

/** Deletes the live version (with versioning it becomes noncurrent), or for good the version that was named. */
export function deleteObject(state: StorageState, bucket: BucketRecord, record: ObjectRecord, isNamed: boolean): void {
  checkRetention(bucket, record, state.world.clock.now());
  const isNoncurrent = record.timeDeleted !== undefined;
  if (!isNoncurrent && !isNamed && isVersioned(bucket)) {
    retire(state, bucket, record.name);
    return;
  }
  if (isNoncurrent) state.noncurrent(bucket.name).delete(versionKey(record.name, record.generation));
  else state.live(bucket.name).delete(record.name);
  dispose(state, bucket, record);
}

/** Brings a soft-deleted object back as a new live version. */
export function restoreObject(
  state: StorageState,
  bucket: BucketRecord,
  name: string,
  generation: string,
): ObjectRecord {
  const key = versionKey(name, generation);
  const deleted = state.softDeleted(bucket.name).get(key);
  if (deleted === undefined) throw googleError(404, "notFound", `No such object: ${bucket.name}/${name}#${generation}`);
  const { softDeleteTime: _soft, hardDeleteTime: _hard, timeDeleted: _gone, ...rest } = deleted;
  const now = state.world.clock.timestamp();
  retire(state, bucket, name);
  const restored = {
    ...rest,
    generation: state.world.clock.nextMicros(),
    metageneration: 1,
    timeCreated: now,
    updated: now,
  };
  state.softDeleted(bucket.name).delete(key);
  state.live(bucket.name).put(name, restored);
  return restored;
}

/** Takes the live version out of the way: to the noncurrent ones with versioning, else as a deletion. */
function retire(state: StorageState, bucket: BucketRecord, name: string): void {
  const old = state.live(bucket.name).get(name);
  if (old === undefined) return;
  state.live(bucket.name).delete(name);
  if (!isVersioned(bucket)) {
    dispose(state, bucket, old);
    return;
  }
  const timeDeleted = state.world.clock.timestamp();
  state.noncurrent(bucket.name).put(versionKey(name, old.generation), { ...old, timeDeleted });
}

/** What is no version any more stays restorable as long as the bucket's soft deletion says. */
function dispose(state: StorageState, { name: bucket, settings }: BucketRecord, record: ObjectRecord): void {
  const seconds = Number(settings.softDeletePolicy.retentionDurationSeconds);
  if (seconds === 0) {
    state.release(record);
    return;
  }
  const now = state.world.clock.now();
  state.softDeleted(bucket).put(versionKey(record.name, record.generation), {
    ...record,
    softDeleteTime: new Date(now).toISOString(),
    hardDeleteTime: new Date(now + seconds * 1000).toISOString(),
  });
}

function isVersioned({ settings }: BucketRecord): boolean {
  return settings.versioning?.enabled === true;
}
