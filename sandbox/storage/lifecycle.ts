import { deleteObject, updateObject } from "./objects";
import type { BucketRecord, LifecycleRule, ObjectRecord } from "./records";
import { coldness } from "./storage-class";
import type { StorageState } from "./storage-state";

const DAY = 24 * 3600 * 1000;

/**
 * Does what fell due by the clock: lifecycle rules act, and soft-deleted objects whose time is over go for good. Google
 * does so within a day or so; here it happens when the clock is moved, and once an hour.
 */
export function applyTime(state: StorageState): void {
  const now = state.world.clock.now();
  for (const bucket of state.buckets.values()) {
    for (const key of [...state.softDeleted(bucket.name).keys()]) {
      const record = state.softDeleted(bucket.name).get(key);
      if (record?.hardDeleteTime === undefined || Date.parse(record.hardDeleteTime) > now) continue;
      state.softDeleted(bucket.name).delete(key);
      state.release(record);
    }
    const rules = bucket.settings.lifecycle?.rule ?? [];
    if (rules.length === 0) continue;
    for (const record of state.live(bucket.name).values()) act(state, bucket, record, rules, now);
    for (const record of state.noncurrent(bucket.name).values()) act(state, bucket, record, rules, now);
  }
}

function act(
  state: StorageState,
  bucket: BucketRecord,
  record: ObjectRecord,
  rules: readonly LifecycleRule[],
  now: number,
): void {
  const due = rules.filter(({ condition }) => holds(state, bucket, record, condition, now)).map(({ action }) => action);
  // Deletion wins over a change of class.
  if (due.some(({ type }) => type === "Delete")) {
    remove(state, bucket, record);
    return;
  }
  const classes = due
    .filter(({ type }) => type === "SetStorageClass")
    .flatMap(({ storageClass }) => storageClass ?? []);
  // The coldest one wins, and no object gets warmer.
  const [storageClass] = classes.sort((a, b) => coldness(b) - coldness(a));
  if (storageClass === undefined || storageClass === record.storageClass) return;
  if (coldness(storageClass) < coldness(record.storageClass)) return;
  const timeStorageClassUpdated = new Date(now).toISOString();
  updateObject(state, bucket.name, record, { storageClass, timeStorageClassUpdated });
}

/** Retention and holds are stronger than lifecycle rules: the object is tried again later. */
function remove(state: StorageState, bucket: BucketRecord, record: ObjectRecord): void {
  try {
    deleteObject(state, bucket, record, false);
  } catch (error) {
    const isKept = error instanceof Error && "status" in error && error.status === 403;
    if (!isKept) throw error;
  }
}

/** All conditions of a rule must hold. */
function holds(
  state: StorageState,
  bucket: BucketRecord,
  record: ObjectRecord,
  condition: LifecycleRule["condition"],
  now: number,
): boolean {
  const daysSince = (time: string | undefined) =>
    time === undefined ? -1 : Math.floor((now - Date.parse(time)) / DAY);
  const isBefore = (time: string | undefined, date: string) =>
    time !== undefined && Date.parse(time) < Date.parse(date);
  const { age, createdBefore, customTimeBefore, daysSinceCustomTime, daysSinceNoncurrentTime, isLive } = condition;
  const { matchesPrefix, matchesStorageClass, matchesSuffix, noncurrentTimeBefore, numNewerVersions } = condition;
  const { name, settings, timeCreated, timeDeleted, storageClass } = record;
  return (
    (age === undefined || daysSince(timeCreated) >= age) &&
    (createdBefore === undefined || isBefore(timeCreated, createdBefore)) &&
    (customTimeBefore === undefined || isBefore(settings.customTime, customTimeBefore)) &&
    (daysSinceCustomTime === undefined || daysSince(settings.customTime) >= daysSinceCustomTime) &&
    (daysSinceNoncurrentTime === undefined || daysSince(timeDeleted) >= daysSinceNoncurrentTime) &&
    (noncurrentTimeBefore === undefined || isBefore(timeDeleted, noncurrentTimeBefore)) &&
    (isLive === undefined || isLive === (timeDeleted === undefined)) &&
    (matchesPrefix === undefined || matchesPrefix.some((prefix) => name.startsWith(prefix))) &&
    (matchesSuffix === undefined || matchesSuffix.some((suffix) => name.endsWith(suffix))) &&
    (matchesStorageClass === undefined || matchesStorageClass.includes(storageClass)) &&
    (numNewerVersions === undefined || newerVersions(state, bucket, record) >= numNewerVersions)
  );
}

function newerVersions(
  state: StorageState,
  bucket: BucketRecord,
  { name, generation, timeDeleted }: ObjectRecord,
): number {
  if (timeDeleted === undefined) return 0;
  const noncurrent = state.noncurrent(bucket.name).values(`${name}\0`);
  const newer = noncurrent.filter((version) => BigInt(version.generation) > BigInt(generation)).length;
  return newer + (state.live(bucket.name).has(name) ? 1 : 0);
}
