/** Arguments of a resource that is to be made, as `terraform show -json` tells them. */
export type Arguments = Readonly<Record<string, unknown>>;

/** Collections of Compute Engine whose objects our stacks make, by resource type. */
const COMPUTE: Readonly<Record<string, string>> = {
  google_compute_backend_bucket: "backendBuckets",
  google_compute_global_address: "addresses",
  google_compute_global_forwarding_rule: "forwardingRules",
  google_compute_managed_ssl_certificate: "sslCertificates",
  google_compute_target_http_proxy: "targetHttpProxies",
  google_compute_target_https_proxy: "targetHttpsProxies",
  google_compute_url_map: "urlMaps",
};

type ImportId = (values: Arguments) => string;

const POOL = "google_iam_workload_identity_pool";
const pool: ImportId = ({ project, workload_identity_pool_id: id }) =>
  `projects/${project}/locations/global/workloadIdentityPools/${id}`;

/** Ids by which the Google provider imports what can't be made twice: its service answers 409 to a second one. */
const importIds: Readonly<Record<string, ImportId>> = {
  google_project: ({ project_id: id }) => `${id}`,
  // The short form would make the next plan replace the bucket.
  google_storage_bucket: ({ project, name }) => `${project}/${name}`,
  google_storage_managed_folder: ({ bucket, name }) => `${bucket}/${name}`,
  google_service_account: ({ project, account_id: id }) =>
    `projects/${project}/serviceAccounts/${id}@${project}.iam.gserviceaccount.com`,
  google_artifact_registry_repository: ({ project, location, repository_id: id }) =>
    `projects/${project}/locations/${location}/repositories/${id}`,
  [POOL]: pool,
  [`${POOL}_provider`]: (values) => `${pool(values)}/providers/${values.workload_identity_pool_provider_id}`,
  google_project_iam_custom_role: ({ project, role_id: id }) => `projects/${project}/roles/${id}`,
  google_logging_project_sink: ({ project, name }) => `projects/${project}/sinks/${name}`,
};

/** Undefined for a type that the service makes anew, or sets, without a question. */
export function importIdOf(type: string, values: Arguments): string | undefined {
  const collection = COMPUTE[type];
  if (collection !== undefined) return `projects/${values.project}/global/${collection}/${values.name}`;
  return importIds[type]?.(values);
}
