import type { Schema } from "../../../lib/tfplugin/schema";
import { type Entries, isUnknown } from "../../../lib/tfplugin/types";
import { lastSegment } from "../address";
import type { Api } from "../api/api";
import type { JsonObject } from "../api/json";
import type { Driver } from "../driver";
import { elementsOf, isZero } from "../fields";
import { declaredLabels } from "../plan/labels";
import { bucketBody, bucketPatch, bucketState } from "./bucket-fields";

/** `google_storage_bucket`. */
export function bucketDriver(schema: Schema): Driver {
  return {
    type: "google_storage_bucket",
    traits: {
      version: 3,
      forceNew: [
        "name",
        "location",
        "project",
        "enable_object_retention",
        "hierarchical_namespace",
        "custom_placement_config.data_locations",
      ],
      defaults: {
        storage_class: "STANDARD",
        force_destroy: false,
        "retention_policy.is_locked": false,
        "soft_delete_policy.retention_duration_seconds": 604_800,
      },
      computedBlocks: ["soft_delete_policy", "versioning", "website"],
      labelled: true,
      same: {
        // Absent and switched off is the same.
        hierarchical_namespace: (prior, planned) => [prior, planned].every((value) => elementsOf(value).every(isZero)),
        // Google has a state for a condition that the configuration leaves out.
        "lifecycle_rule.condition.with_state": (prior, planned) => planned === undefined && prior === "ANY",
      },
    },

    plan: (planned) => ({
      ...planned,
      location: isUnknown(planned.location) ? planned.location : String(planned.location).toUpperCase(),
    }),

    // A lock can be set on a bucket that exists, and only goes with it.
    replacedFor: (prior, planned) => (isLocked(prior) && !isLocked(planned) ? ["retention_policy"] : []),

    async create(planned, api) {
      const retains = planned.enable_object_retention === true ? { enableObjectRetention: "true" } : {};
      const query = { project: String(planned.project), ...retains };
      await api.call("STORAGE", "POST", "b", { query, body: bucketBody(schema, planned) });
      await lockRetention(undefined, planned, api);
      return { id: String(planned.name) };
    },

    async read(state, api) {
      const name = String(state.name ?? state.id);
      const bucket = await api.find("STORAGE", `b/${name}`);
      if (bucket === undefined) return undefined;
      const labels = (bucket.labels ?? {}) as Readonly<Record<string, string>>;
      return {
        ...bucketState(schema, bucket),
        hierarchical_namespace: [
          { enabled: (bucket.hierarchicalNamespace as JsonObject | undefined)?.enabled === true },
        ],
        project: state.project ?? (await projectIdOf(bucket, api)),
        force_destroy: state.force_destroy,
        timeouts: state.timeouts,
        enable_object_retention: bucket.objectRetention !== undefined,
        labels: declaredLabels(state, labels),
        terraform_labels: state.terraform_labels ?? {},
        effective_labels: labels,
      };
    },

    async update(prior, planned, api) {
      const patch = bucketPatch(bucketBody(schema, prior), bucketBody(schema, planned));
      if (Object.keys(patch).length > 0) await api.call("STORAGE", "PATCH", `b/${planned.name}`, { body: patch });
      await lockRetention(prior, planned, api);
    },

    async delete(state, api) {
      await empty(state, api);
      await api.call("STORAGE", "DELETE", `b/${state.name}`);
    },

    import(id) {
      const name = lastSegment(id);
      return { id: name, name, ...(id.includes("/") ? { project: id.slice(0, -name.length - 1) } : {}) };
    },
  };
}

async function lockRetention(prior: Entries | undefined, planned: Entries, api: Api): Promise<void> {
  if (!isLocked(planned) || isLocked(prior)) return;
  const { metageneration } = await api.call("STORAGE", "GET", `b/${planned.name}`);
  const query = { ifMetagenerationMatch: String(metageneration) };
  await api.call("STORAGE", "POST", `b/${planned.name}/lockRetentionPolicy`, { query });
}

function isLocked(state: Entries | undefined): boolean {
  const [policy] = Array.isArray(state?.retention_policy) ? state.retention_policy : [];
  return (policy as Entries | undefined)?.is_locked === true;
}

async function empty(state: Entries, api: Api): Promise<void> {
  const objects = await api.list("STORAGE", `b/${state.name}/o`, "items", { versions: "true" });
  if (objects.length > 0 && state.force_destroy !== true) {
    throw new Error(
      `Error trying to delete bucket ${state.name} containing objects without \`force_destroy\` set to true`,
    );
  }
  for (const { name, generation } of objects) {
    const query = { generation: String(generation) };
    await api.call("STORAGE", "DELETE", `b/${state.name}/o/${encodeURIComponent(String(name))}`, { query });
  }
}

/** A bucket tells its project's number only; Compute Engine knows the id. */
async function projectIdOf(bucket: JsonObject, api: Api): Promise<string> {
  const { name } = await api.call("COMPUTE", "GET", `projects/${bucket.projectNumber}`);
  return String(name);
}
