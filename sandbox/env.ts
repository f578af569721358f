/** Base path of each service below the sandbox's address, by the name that Google's Terraform provider gives its setting. */
const ENDPOINTS: Readonly<Record<string, string>> = {
  ADMIN: "/",
  ARTIFACT_REGISTRY: "/artifact-registry/v1/",
  BILLING: "/budgets/v1/",
  CLOUD_BILLING: "/billing/v1/",
  CLOUD_BUILD: "/cloud-build/v1/",
  CLOUD_IDENTITY: "/cloud-identity/v1/",
  COMPUTE: "/compute/compute/v1/",
  CORE_BILLING: "/core-billing/v1/",
  ESSENTIAL_CONTACTS: "/essential-contacts/v1/",
  GROUPS_SETTINGS: "/",
  IAM: "/iam/v1/",
  IAM_BETA: "/iam/v1/",
  IAM_CREDENTIALS: "/iam-credentials/v1/",
  LOGGING: "/logging/v2/",
  MONITORING: "/monitoring/",
  RESOURCE_MANAGER: "/resource-manager/v1/",
  RESOURCE_MANAGER_V3: "/resource-manager-v3/v3/",
  SERVICE_USAGE: "/service-usage/v1/",
  STORAGE: "/storage/v1/",
  TAGS: "/tags/v3/",
};

/** What the Google provider for Terraform is told to talk to, by the name of its setting. */
export function googleEndpoints(url: string): Readonly<Record<string, string>> {
  const ours = new Set(["ADMIN", "GROUPS_SETTINGS"]);
  const theirs = Object.entries(ENDPOINTS).filter(([name]) => !ours.has(name));
  return Object.fromEntries(theirs.map(([name, path]) => [name, url + path]));
}

/** Nothing listens here: whatever is sent to a host beyond this machine is refused at once. */
const REFUSING_PROXY = "http://127.0.0.1:9";

/** Where Terraform and OpenTofu get Google's own provider from. */
const REGISTRIES = [
  ...["registry.terraform.io", "releases.hashicorp.com"],
  ...["registry.opentofu.org", "github.com", ".githubusercontent.com"],
];

/**
 * Every variable a client needs to work against the sandbox at `url` and nothing else, as `principal`. Google's storage
 * libraries send an emulator no token, nor does kpromo that uses one: `storage` is an address that takes them for `principal`.
 */
export function clientEnvironment(
  url: string,
  storage: string,
  principal: string,
  botoConfig: string,
): Readonly<Record<string, string>> {
  const endpoints = Object.entries(ENDPOINTS).map(([name, path]) => [`GOOGLE_${name}_CUSTOM_ENDPOINT`, url + path]);
  const unproxied = ["127.0.0.1", "localhost", "::1", ...REGISTRIES].join();
  return {
    ...Object.fromEntries(endpoints),
    STORAGE_EMULATOR_HOST: storage,
    GOOGLE_OAUTH_ACCESS_TOKEN: principal,
    ARTIFACTS_TARGET: "sandbox",
    ARTIFACTS_SANDBOX: url,
    BOTO_CONFIG: botoConfig,
    CDKTF_DISABLE_PLUGIN_CACHE_ENV: "1",
    CHECKPOINT_DISABLE: "1",
    // What Terraform links into a cache that others share would be used in the place of Google's own provider.
    TF_PLUGIN_CACHE_DIR: "",
    // In both spellings: some clients prefer the one, some the other.
    HTTPS_PROXY: REFUSING_PROXY,
    https_proxy: REFUSING_PROXY,
    NO_PROXY: unproxied,
    no_proxy: unproxied,
    // Nobody is to look for the metadata server of a Google machine.
    METADATA_SERVER_DETECTION: "none",
    NO_GCE_CHECK: "true",
  };
}

/** One line for a shell, values quoted where a shell needs it. */
export function exportLine(environment: Readonly<Record<string, string>>): string {
  const words = Object.entries(environment).map(([name, value]) => `${name}=${quoted(value)}`);
  return `export ${words.join(" ")}`;
}

function quoted(value: string): string {
  return /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`;
}
