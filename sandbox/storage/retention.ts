import { googleError } from "../http/errors";
import type { BucketRecord, ObjectRecord } from "./records";

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
