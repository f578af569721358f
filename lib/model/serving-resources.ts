import { addressKey } from "./address-keys";
import { CDN_NAME, certificateName } from "./cdn-names";
import {
  accountResources,
  bucketResources,
  grantResources,
  type PlannedResource,
  projectResources,
  without,
} from "./planned-resources";
import { FEDERATION_POOL, FEDERATION_PROVIDER } from "./serving-actors";
import type { ServingRecipe } from "./serving-recipe";

/** What stands before the names of all that is in the backup's own project. */
const BACKUP = "backup__";

/** The resources of the serving stack, with the ids under which existing ones are adopted. */
export function servingResources(recipe: ServingRecipe): readonly PlannedResource[] {
  const { projectId, project, grants, accounts, buckets, backup, hasIndexPage } = recipe;
  return [
    ...(project === undefined ? [] : projectResources(project)),
    ...federationResources(recipe),
    ...accounts.flatMap(({ key, address }) => accountResources(projectId, key, address)),
    ...grantResources(projectId, grants),
    auditResource(projectId),
    ...buckets.flatMap((bucket) => bucketResources(projectId, bucket)),
    ...(hasIndexPage ? [{ type: "google_storage_bucket_object", name: "index" }] : []),
    ...cdnResources(recipe),
    ...(backup === undefined
      ? []
      : [
          ...(backup.project === undefined ? [] : projectResources(backup.project, BACKUP)),
          ...grantResources(backup.projectId, backup.grants, BACKUP),
          auditResource(backup.projectId, BACKUP),
          ...backup.buckets.flatMap((bucket) => bucketResources(backup.projectId, bucket)),
        ]),
  ];
}

/** What something else looks after from now on: it leaves the state, and stays as it is. */
export function servingResourcesToForget(recipe: ServingRecipe): readonly PlannedResource[] {
  return recipe.whole === undefined ? [] : without(servingResources(recipe.whole), servingResources(recipe));
}

/** A backup that nobody declares: where there is one, no plan may destroy it. */
export function servingResourcesToKeep(recipe: ServingRecipe): readonly PlannedResource[] {
  if (!recipe.isGuarded) return [];
  const backups = [
    { type: "google_storage_bucket", name: "backup" },
    { type: "google_project", name: `${BACKUP}project` },
  ];
  return without(backups, servingResources(recipe.whole ?? recipe));
}

/** Full name of the pool that lets jobs of GitHub in; `project` is the project's id or number. */
export function federationPool(project: string): string {
  return `projects/${project}/locations/global/workloadIdentityPools/${FEDERATION_POOL}`;
}

function federationResources({ projectId, federatedRepositories }: ServingRecipe): readonly PlannedResource[] {
  if (federatedRepositories.length === 0) return [];
  const pool = federationPool(projectId);
  return [
    { type: "google_iam_workload_identity_pool", name: FEDERATION_POOL, importId: pool },
    {
      type: "google_iam_workload_identity_pool_provider",
      name: FEDERATION_PROVIDER,
      importId: `${pool}/providers/${FEDERATION_PROVIDER}`,
    },
  ];
}

function auditResource(projectId: string, prefix = ""): PlannedResource {
  return {
    type: "google_project_iam_audit_config",
    name: `${prefix}storage`,
    importId: `${projectId} storage.googleapis.com`,
  };
}

/** Resources of Compute Engine: all are global, and known by a name of our choice. */
export interface ComputePart {
  readonly type: string;
  readonly address: string;
  readonly collection: string;
  readonly name: string;
}

export function computeParts({ cdnDomains }: Pick<ServingRecipe, "cdnDomains">): readonly ComputePart[] {
  if (cdnDomains.length === 0) return [];
  const part = (type: string, address: string, collection: string, name = CDN_NAME) => ({
    type: `google_compute_${type}`,
    address,
    collection,
    name,
  });
  return [
    part("backend_bucket", "production", "backendBuckets"),
    part("url_map", "production-map", "urlMaps"),
    ...cdnDomains.map((domain) =>
      part("managed_ssl_certificate", addressKey(domain), "sslCertificates", certificateName(domain)),
    ),
    part("target_https_proxy", "production-proxy", "targetHttpsProxies"),
    part("global_address", "production-address", "addresses"),
    part("global_forwarding_rule", "production-rule", "forwardingRules"),
  ];
}

function cdnResources(recipe: ServingRecipe): readonly PlannedResource[] {
  return computeParts(recipe).map(({ type, address, collection, name }) => ({
    type,
    name: address,
    importId: `projects/${recipe.projectId}/global/${collection}/${name}`,
  }));
}
