import type { Entries } from "../../../lib/tfplugin/types";
import { parse } from "../address";
import type { JsonObject } from "../api/json";
import type { Driver } from "../driver";
import { elementsOf } from "../fields";

const FORM = "projects/{project}/locations/{location}/buckets/{bucket_id}";

/** `google_logging_project_bucket_config`: a log bucket; those that every project has are changed, not made. */
export const logBucketDriver: Driver = {
  type: "google_logging_project_bucket_config",
  traits: { forceNew: ["bucket_id", "location", "project"], defaults: { retention_days: 30 } },

  async create(planned, api) {
    const id = nameOf(planned);
    const parent = `projects/${planned.project}/locations/${planned.location}/buckets`;
    if ((await api.find("LOGGING", id)) === undefined) {
      const request = {
        query: { bucketId: String(planned.bucket_id) },
        body: { ...bodyOf(planned), locked: planned.locked === true },
      };
      await api.settled("LOGGING", await api.call("LOGGING", "POST", `${parent}:createAsync`, request));
    } else {
      await api.call("LOGGING", "PATCH", id, {
        query: { updateMask: planned.description ? "retentionDays,description" : "retentionDays" },
        body: bodyOf(planned),
      });
    }
    return { id };
  },

  async read(state, api) {
    const bucket = await api.find("LOGGING", String(state.id));
    if (bucket === undefined || bucket.lifecycleState === "DELETE_REQUESTED") return undefined;
    return {
      ...state,
      name: String(bucket.name),
      description: String(bucket.description ?? ""),
      lifecycle_state: String(bucket.lifecycleState),
      retention_days: Number(bucket.retentionDays),
      enable_analytics: bucket.analyticsEnabled === true,
      locked: bucket.locked === true,
    };
  },

  async update(prior, planned, api) {
    const changed = [
      ["retention_days", "retentionDays"],
      ["description", "description"],
      ["index_configs", "indexConfigs"],
    ] as const;
    const mask = changed.filter(([name]) => JSON.stringify(prior[name] ?? "") !== JSON.stringify(planned[name] ?? ""));
    const query = { updateMask: mask.map(([, field]) => field).join(",") };
    if (mask.length > 0) await api.call("LOGGING", "PATCH", String(planned.id), { query, body: bodyOf(planned) });
    if (planned.locked === true && prior.locked !== true) {
      await api.call("LOGGING", "PATCH", String(planned.id), {
        query: { updateMask: "locked" },
        body: { locked: true },
      });
    }
  },

  async delete(state, api) {
    // Google's own buckets stay; the real provider forgets them.
    if (state.bucket_id === "_Default" || state.bucket_id === "_Required") return;
    await api.call("LOGGING", "DELETE", String(state.id));
  },

  import(id) {
    const found = parse([FORM], id);
    return { ...found, id: nameOf(found) };
  },
};

function nameOf({ project, location, bucket_id }: Entries): string {
  return `projects/${project}/locations/${location}/buckets/${bucket_id}`;
}

function bodyOf(planned: Entries): JsonObject {
  return {
    description: String(planned.description ?? ""),
    retentionDays: Number(planned.retention_days),
    indexConfigs: elementsOf(planned.index_configs).map(({ field_path, type }) => ({
      fieldPath: String(field_path),
      type: String(type),
    })),
    ...(planned.enable_analytics === true ? { analyticsEnabled: true } : {}),
  };
}
