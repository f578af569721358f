import { googleError } from "../http/errors";
import { checked, type Shape, TEXT_MAP, TEXTS } from "../services/request-body";
import { checkLifecycle, LIFECYCLE } from "./lifecycle-rules";
import type { BucketSettings } from "./records";
import { checkStorageClass } from "./storage-class";

const DAY = 24 * 3600;
const WEEK = 7 * DAY;
const CENTURY = 100 * 365 * DAY + 25 * DAY;

/** Fields a client may write; the others of a bucket's resource are the server's and ignored. */
const SETTINGS: { readonly [field: string]: Shape } = {
  autoclass: { enabled: "flag", terminalStorageClass: "text" },
  billing: { requesterPays: "flag" },
  cors: [{ method: TEXTS, origin: TEXTS, responseHeader: TEXTS }],
  defaultEventBasedHold: "flag",
  encryption: { defaultKmsKeyName: "text" },
  iamConfiguration: {
    bucketPolicyOnly: { enabled: "flag" },
    uniformBucketLevelAccess: { enabled: "flag" },
    publicAccessPrevention: "text",
  },
  labels: TEXT_MAP,
  lifecycle: LIFECYCLE,
  logging: { logBucket: "text", logObjectPrefix: "text" },
  retentionPolicy: {},
  rpo: "text",
  softDeletePolicy: {},
  storageClass: "text",
  versioning: { enabled: "flag" },
  website: { mainPageSuffix: "text", notFoundPage: "text" },
};

type Json = Readonly<Record<string, unknown>>;

/** The writable fields of a request's body. */
export function writableFields(body: Json): Json {
  return Object.fromEntries(Object.entries(body).filter(([key]) => Object.hasOwn(SETTINGS, key)));
}

/** Checks what a client wants and completes it as the server does. `before` is what the bucket had. */
export function settle(wanted: Json, before: BucketSettings | undefined, now: string): BucketSettings {
  // Its shape was looked at; the values are, field by field, below.
  const fields = checked(wanted, SETTINGS, "") as Partial<BucketSettings>;
  checkStorageClass(fields.storageClass);
  checkLabels(fields.labels);
  checkLifecycle(fields.lifecycle);
  const { retentionPolicy, ...rest } = fields;
  return {
    ...rest,
    storageClass: fields.storageClass ?? before?.storageClass ?? "STANDARD",
    iamConfiguration: access(fields.iamConfiguration, before?.iamConfiguration, now),
    softDeletePolicy: softDelete(fields.softDeletePolicy, before?.softDeletePolicy, now),
    ...(retentionPolicy === undefined
      ? {}
      : { retentionPolicy: retention(retentionPolicy, before?.retentionPolicy, now) }),
  };
}

/** Refuses to shorten or remove a locked retention policy. */
export function checkLock(bucket: string, before: BucketSettings, after: BucketSettings): void {
  const locked = before.retentionPolicy;
  if (locked?.isLocked !== true) return;
  const period = after.retentionPolicy?.retentionPeriod;
  if (period !== undefined && Number(period) >= Number(locked.retentionPeriod)) return;
  const verb = period === undefined ? "remove" : "reduce retention duration of";
  throw googleError(403, "forbidden", `Cannot ${verb} a locked Retention Policy for bucket '${bucket}'.`);
}

/** Uniform access under its present and its former name; the client may use either. */
function access(
  wanted: Partial<BucketSettings["iamConfiguration"]> | undefined,
  before: BucketSettings["iamConfiguration"] | undefined,
  now: string,
): BucketSettings["iamConfiguration"] {
  const prevention = wanted?.publicAccessPrevention ?? before?.publicAccessPrevention ?? "inherited";
  if (prevention !== "inherited" && prevention !== "enforced" && prevention !== "unspecified") {
    throw invalid(`Invalid argument: publicAccessPrevention "${prevention}".`);
  }
  const was = before?.uniformBucketLevelAccess.enabled ?? false;
  const uniform = wanted?.uniformBucketLevelAccess?.enabled;
  const former = wanted?.bucketPolicyOnly?.enabled;
  // A patch merges into both names, so the one that differs from before is the one that was asked for.
  const enabled = [uniform, former].find((value) => value !== undefined && value !== was) ?? uniform ?? former ?? was;
  const lockedTime =
    before?.uniformBucketLevelAccess.lockedTime ?? new Date(Date.parse(now) + 90 * DAY * 1000).toISOString();
  if (was && !enabled && Date.parse(lockedTime) <= Date.parse(now)) {
    throw googleError(412, "conditionNotMet", "Uniform bucket-level access is locked and cannot be disabled.");
  }
  const state = enabled ? { enabled, lockedTime } : { enabled };
  return { bucketPolicyOnly: state, uniformBucketLevelAccess: state, publicAccessPrevention: prevention };
}

function softDelete(
  wanted: Partial<BucketSettings["softDeletePolicy"]> | undefined,
  before: BucketSettings["softDeletePolicy"] | undefined,
  now: string,
): BucketSettings["softDeletePolicy"] {
  const seconds = String(wanted?.retentionDurationSeconds ?? before?.retentionDurationSeconds ?? WEEK);
  if (!/^\d+$/.test(seconds) || (seconds !== "0" && (Number(seconds) < WEEK || Number(seconds) > 90 * DAY))) {
    throw invalid(
      `Invalid argument: softDeletePolicy.retentionDurationSeconds ${seconds} is neither 0 nor 7 to 90 days.`,
    );
  }
  if (seconds === "0") return { retentionDurationSeconds: seconds };
  const effectiveTime = before?.retentionDurationSeconds === seconds ? before.effectiveTime : undefined;
  return { retentionDurationSeconds: seconds, effectiveTime: effectiveTime ?? now };
}

function retention(
  wanted: Partial<NonNullable<BucketSettings["retentionPolicy"]>>,
  before: BucketSettings["retentionPolicy"],
  now: string,
): NonNullable<BucketSettings["retentionPolicy"]> {
  const period = String(wanted.retentionPeriod ?? before?.retentionPeriod ?? "");
  if (!/^\d+$/.test(period) || Number(period) <= 0 || Number(period) > CENTURY) {
    throw invalid(
      `Retention period must be positive and less than 100 years, found ${JSON.stringify(period)} seconds.`,
    );
  }
  const effectiveTime = before?.retentionPeriod === period ? before.effectiveTime : now;
  return { retentionPeriod: period, effectiveTime, ...(before?.isLocked === true ? { isLocked: true } : {}) };
}

function checkLabels(labels: BucketSettings["labels"] = {}): void {
  const entries = Object.entries(labels);
  if (entries.length > 64) throw invalid(`Too many labels: ${entries.length} are more than 64.`);
  for (const [key, value] of entries) {
    const isValid =
      /^[\p{Ll}\p{Lo}][\p{Ll}\p{Lo}\p{N}_-]{0,62}$/u.test(key) && /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u.test(value);
    if (!isValid) throw invalid(`Invalid label: "${key}": ${JSON.stringify(value)}.`);
  }
}

function invalid(message: string) {
  return googleError(400, "invalid", message);
}
