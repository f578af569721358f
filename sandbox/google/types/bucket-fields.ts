import type { Schema } from "../../../lib/tfplugin/schema";
import type { Entries, Value } from "../../../lib/tfplugin/types";
import type { Json, JsonObject } from "../api/json";
import { elementsOf, type FieldRules, fromJson, toJson } from "../fields";

/** What is another shape in the API, and handled here; or a setting of the provider's own. */
const rules: FieldRules = {
  notFields: [
    "project",
    "url",
    "labels",
    "terraform_labels",
    "effective_labels",
    "force_destroy",
    "enable_object_retention",
    "requester_pays",
    "uniform_bucket_level_access",
    "public_access_prevention",
    "lifecycle_rule",
    "retention_policy.is_locked",
  ],
  longNumbers: ["retention_policy.retention_period", "soft_delete_policy.retention_duration_seconds"],
};

const ruleFields: FieldRules = {
  notFields: [
    "condition.with_state",
    "condition.send_age_if_zero",
    "condition.send_days_since_custom_time_if_zero",
    "condition.send_days_since_noncurrent_time_if_zero",
    "condition.send_num_newer_versions_if_zero",
  ],
};

/** The body of a bucket's creation: also what a change is computed from. */
export function bucketBody(schema: Schema, planned: Entries): JsonObject {
  const lifecycle = schema.blocks?.lifecycle_rule;
  const labels = (planned.effective_labels ?? {}) as JsonObject;
  return {
    ...toJson(schema, planned, rules),
    iamConfiguration: {
      uniformBucketLevelAccess: { enabled: planned.uniform_bucket_level_access === true },
      ...(planned.public_access_prevention ? { publicAccessPrevention: String(planned.public_access_prevention) } : {}),
    },
    lifecycle: {
      rule: lifecycle === undefined ? [] : elementsOf(planned.lifecycle_rule).map((rule) => ruleBody(lifecycle, rule)),
    },
    ...(planned.requester_pays === true ? { billing: { requesterPays: true } } : {}),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  };
}

/** The state of a bucket, apart from what only the prior state knows. */
export function bucketState(schema: Schema, bucket: JsonObject): Entries {
  const access = (bucket.iamConfiguration ?? {}) as JsonObject;
  const uniform = (access.uniformBucketLevelAccess ?? {}) as JsonObject;
  const billing = (bucket.billing ?? {}) as JsonObject;
  const lifecycle = schema.blocks?.lifecycle_rule;
  const rules_ = ((bucket.lifecycle as JsonObject | undefined)?.rule ?? []) as readonly JsonObject[];
  const retention = bucket.retentionPolicy as JsonObject | undefined;
  return {
    ...fromJson(schema, bucket, rules),
    id: String(bucket.id),
    url: `gs://${bucket.name}`,
    uniform_bucket_level_access: uniform.enabled === true,
    public_access_prevention: String(access.publicAccessPrevention ?? "inherited"),
    requester_pays: billing.requesterPays === true,
    lifecycle_rule: lifecycle === undefined ? [] : rules_.map((rule) => ruleState(lifecycle, rule)),
    retention_policy:
      retention === undefined
        ? []
        : [{ retention_period: Number(retention.retentionPeriod), is_locked: retention.isLocked === true }],
  };
}

/** What a PATCH says: fields that differ, null for those and for labels that are gone. */
export function bucketPatch(prior: JsonObject, planned: JsonObject): JsonObject {
  const names = new Set([...Object.keys(prior), ...Object.keys(planned)]);
  const changed = [...names].filter((name) => JSON.stringify(prior[name]) !== JSON.stringify(planned[name]));
  const patch: Record<string, Json> = Object.fromEntries(changed.map((name) => [name, planned[name] ?? null]));
  if (changed.includes("labels")) {
    const gone = Object.keys((prior.labels ?? {}) as JsonObject).map((key) => [key, null]);
    patch.labels = { ...Object.fromEntries(gone), ...((planned.labels ?? {}) as JsonObject) };
  }
  return patch;
}

function ruleBody(block: Schema, rule: Entries): JsonObject {
  const json = toJson(block, rule, ruleFields);
  const [condition] = elementsOf(rule.condition);
  const sent = (json.condition ?? {}) as JsonObject;
  const isLive = ({ LIVE: true, ARCHIVED: false } as Readonly<Record<string, boolean>>)[String(condition?.with_state)];
  return {
    ...json,
    condition: { ...withoutZeros(sent, condition ?? {}), ...(isLive === undefined ? {} : { isLive }) },
  };
}

/** The old SDK can't tell 0 from unset, so there are attributes that say which it is. */
function withoutZeros(condition: JsonObject, { send_age_if_zero }: Entries): JsonObject {
  const meant = Object.entries(condition).filter(
    ([name, value]) =>
      (value !== 0 && value !== "" && !(Array.isArray(value) && value.length === 0)) ||
      (name === "age" && send_age_if_zero === true),
  );
  return Object.fromEntries(meant);
}

function ruleState(block: Schema, rule: JsonObject): Entries {
  const value = fromJson(block, rule, ruleFields);
  const { isLive } = (rule.condition ?? {}) as JsonObject;
  const withState: Value = isLive === undefined ? "ANY" : isLive === true ? "LIVE" : "ARCHIVED";
  return {
    ...value,
    condition: elementsOf(value.condition).map((condition) => ({ ...condition, with_state: withState })),
  };
}
