import { googleError } from "../http/errors";
import type { BucketRecord, ObjectRecord, ObjectSettings } from "./records";

/** Until when the bucket's or the object's own retention keeps the object; undefined if neither does. */
export function retainedUntil(
  { settings: bucket }: BucketRecord,
  { settings, timeCreated, holdReleased }: ObjectRecord,
) {
  const own = settings.retention === undefined ? undefined : Date.parse(settings.retention.retainUntilTime);
  const period = bucket.retentionPolicy?.retentionPeriod;
  // While an event-based hold stands, nobody knows when the time ends; the hold itself keeps the object.
  const isOpen = period === undefined || settings.eventBasedHold === true;
  const byBucket = isOpen ? undefined : Date.parse(holdReleased ?? timeCreated) + Number(period) * 1000;
  const times = [own, byBucket].filter((time) => time !== undefined);
  return times.length === 0 ? undefined : Math.max(...times);
}

/** Throws Google's 403 if the object may not be deleted or overwritten yet. */
export function checkRetention(bucket: BucketRecord, object: ObjectRecord, now: number): void {
  const name = `Object '${bucket.name}/${object.name}'`;
  const { eventBasedHold, temporaryHold } = object.settings;
  if (eventBasedHold === true || temporaryHold === true) {
    const kind = eventBasedHold === true ? "Event-Based" : "Temporary";
    throw googleError(
      403,
      "objectUnderActiveHold",
      `${name} is under active ${kind} hold and cannot be deleted, overwritten or archived until hold is removed.`,
    );
  }
  const until = retainedUntil(bucket, object);
  if (until !== undefined && until > now) {
    throw googleError(
      403,
      "retentionPolicyNotMet",
      `${name} is subject to bucket's retention policy or object retention and cannot be deleted or overwritten until ${new Date(until).toISOString()}`,
    );
  }
}

/** Throws unless an object of the bucket may be given that retention now. */
export function checkOwnRetention(bucket: BucketRecord, { retention }: ObjectSettings, now: number): void {
  if (retention === undefined) return;
  if (bucket.fixed.objectRetention === undefined) {
    throw googleError(400, "invalid", `Object retention is not enabled for bucket '${bucket.name}'.`);
  }
  if (Date.parse(retention.retainUntilTime) > now) return;
  throw googleError(400, "invalid", `retention.retainUntilTime ${retention.retainUntilTime} is not in the future.`);
}

/** A locked retention can only be made longer; so can an unlocked one, unless the request `overrides` it. */
export function checkRetentionChange(
  bucket: BucketRecord,
  before: ObjectSettings,
  after: ObjectSettings,
  overrides: boolean,
  now: number,
): void {
  const was = before.retention;
  const is = after.retention;
  if (was?.mode === is?.mode && was?.retainUntilTime === is?.retainUntilTime) return;
  const isLonger =
    was === undefined || (is?.mode === was.mode && Date.parse(is.retainUntilTime) >= Date.parse(was.retainUntilTime));
  if (!isLonger && (was.mode === "Locked" || !overrides)) {
    const what =
      was.mode === "Locked"
        ? "locked retention of an object cannot be shortened or removed"
        : "unlocked retention of an object cannot be shortened, removed or locked without overrideUnlockedRetention";
    throw googleError(403, "forbidden", `The ${what}.`);
  }
  checkOwnRetention(bucket, after, now);
}
