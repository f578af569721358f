import type { Defaults, Serving, StagingDefaults } from "./defaults";

/** The `managed_by` that makes a project ours, unless defaults.yaml says otherwise. */
export const MANAGED_BY = "stacks/staging.ts";

/** What the Kubernetes project's own script gives each staging project. */
export const STAGING_DEFAULTS: StagingDefaults = {
  services: [
    "artifactregistry.googleapis.com",
    "cloudbuild.googleapis.com",
    "cloudkms.googleapis.com",
    "logging.googleapis.com",
    "pubsub.googleapis.com",
    "secretmanager.googleapis.com",
    "storage-api.googleapis.com",
    "storage-component.googleapis.com",
  ],
  viewers: [],
  writers: [],
  deleteAfterDays: 60,
  isPublic: true,
  labels: {},
  contacts: [],
  iam: [],
};

/** What may be left out of `serving`. */
export function servingDefaults(bucket: string, location: string): Omit<Serving, "projectId" | "bucket"> {
  return {
    location,
    retentionDays: 3650,
    softDeleteDays: 7,
    publicUrls: bucket === "" ? [] : [`https://storage.googleapis.com/${bucket}`],
    promoterAccountId: "artifacts-promoter",
    plannerAccountId: "artifacts-planner",
    federatedRepositories: [],
    cdnDomains: [],
  };
}

/**
 * What holds where there is no defaults.yaml: names and habits of the Kubernetes project. What only an owner can know
 * (accounts, buckets, organization) is empty; `missingDefaults` reports it to whoever needs it.
 */
export function builtinDefaults(domain: string): Defaults {
  return {
    managedBy: MANAGED_BY,
    billingAccount: "",
    location: "US",
    stateBucket: "",
    domain,
    stagingPrefix: "k8s-staging-",
    groupPrefix: "k8s-infra-staging-",
    adminGroups: [],
    releaseViewersGroup: "",
    logsBucket: "",
    promoterServiceAccounts: [],
    serving: { projectId: "", bucket: "", ...servingDefaults("", "US") },
    staging: STAGING_DEFAULTS,
  };
}

/** The keys of defaults.yaml that stacks can not do without and that are not known, as the file spells them. */
export function missingDefaults(defaults: Defaults): readonly string[] {
  const missing: string[] = [];
  if (defaults.organization === undefined && defaults.folder === undefined) missing.push("organization or folder");
  if (defaults.billingAccount === "") missing.push("billing-account");
  if (defaults.stateBucket === "") missing.push("state-bucket");
  if (defaults.adminGroups.length === 0) missing.push("admin-groups");
  if (defaults.releaseViewersGroup === "") missing.push("release-viewers-group");
  if (defaults.logsBucket === "") missing.push("logs-bucket");
  if (defaults.promoterServiceAccounts.length === 0) missing.push("promoter-service-accounts");
  if (defaults.serving.projectId === "") missing.push("serving.project");
  if (defaults.serving.bucket === "") missing.push("serving.bucket");
  return missing;
}
