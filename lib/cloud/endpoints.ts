/** Environment variables as a value, so that tests need not touch the process. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Services whose endpoint the Google Terraform provider lets one set, in its own spelling and with the version that its setting ends in. */
export type CustomEndpoint =
  | "ARTIFACT_REGISTRY"
  | "BILLING"
  | "CLOUD_BILLING"
  | "CLOUD_BUILD"
  | "CLOUD_IDENTITY"
  | "COMPUTE"
  | "ESSENTIAL_CONTACTS"
  | "IAM"
  | "IAM_CREDENTIALS"
  | "LOGGING"
  | "MONITORING"
  | "RESOURCE_MANAGER"
  | "RESOURCE_MANAGER_V3"
  | "SERVICE_USAGE"
  | "STORAGE";

/** Services of ours: root URLs without a version. */
export type RootEndpoint = "ADMIN" | "GROUPS_SETTINGS";

const googleDefaults: Readonly<Record<CustomEndpoint | RootEndpoint, string>> = {
  ADMIN: "https://admin.googleapis.com",
  ARTIFACT_REGISTRY: "https://artifactregistry.googleapis.com/v1",
  BILLING: "https://billingbudgets.googleapis.com/v1",
  CLOUD_BILLING: "https://cloudbilling.googleapis.com/v1",
  CLOUD_BUILD: "https://cloudbuild.googleapis.com/v1",
  CLOUD_IDENTITY: "https://cloudidentity.googleapis.com/v1",
  COMPUTE: "https://compute.googleapis.com/compute/v1",
  ESSENTIAL_CONTACTS: "https://essentialcontacts.googleapis.com/v1",
  GROUPS_SETTINGS: "https://www.googleapis.com",
  IAM: "https://iam.googleapis.com/v1",
  IAM_CREDENTIALS: "https://iamcredentials.googleapis.com/v1",
  LOGGING: "https://logging.googleapis.com/v2",
  MONITORING: "https://monitoring.googleapis.com",
  RESOURCE_MANAGER: "https://cloudresourcemanager.googleapis.com/v1",
  RESOURCE_MANAGER_V3: "https://cloudresourcemanager.googleapis.com/v3",
  SERVICE_USAGE: "https://serviceusage.googleapis.com/v1",
  STORAGE: "https://storage.googleapis.com/storage/v1",
};

/** Base URL of a service, without a trailing slash: the environment's `GOOGLE_<SERVICE>_CUSTOM_ENDPOINT`, else Google's own. */
export function serviceEndpoint(service: CustomEndpoint | RootEndpoint, env: Environment = process.env): string {
  return trimSlash(env[`GOOGLE_${service}_CUSTOM_ENDPOINT`] || googleDefaults[service]);
}

/**
 * Root of Cloud Storage, without a trailing slash; `/storage/v1`, `/upload/storage/v1` and `/BUCKET/OBJECT` stand below it.
 * The provider's setting, cut at its version, wins over `STORAGE_EMULATOR_HOST`: that one may be an address which takes
 * requests without credentials for somebody's, and what we ask without credentials is to be answered as the public is.
 */
export function storageRoot(env: Environment = process.env): string {
  const custom = env.GOOGLE_STORAGE_CUSTOM_ENDPOINT;
  if (custom) return trimSlash(custom).replace(/\/storage\/v1$/, "");
  const emulator = env.STORAGE_EMULATOR_HOST;
  if (emulator) return trimSlash(/^https?:\/\//.test(emulator) ? emulator : `http://${emulator}`);
  return "https://storage.googleapis.com";
}

/** Whether Cloud Storage is an emulator, to which credentials are sent only if they are given as a token. */
export function isStorageEmulated(env: Environment = process.env): boolean {
  return Boolean(env.STORAGE_EMULATOR_HOST);
}

function trimSlash(url: string): string {
  return url.replace(/\/+$/, "");
}
