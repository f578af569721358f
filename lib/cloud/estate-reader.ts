import type { TokenSource } from "./auth";
import { type Environment, serviceEndpoint, storageRoot } from "./endpoints";
import { GoogleApiError, isApiOff } from "./google-api-error";
import { googleReader } from "./google-reader";
import type { EstateReader, ObservedPolicy } from "./observed";
import { BUCKET_FIELDS, type BucketAnswer, observedBucket } from "./observed-bucket";

interface Policy {
  readonly bindings?: readonly {
    readonly role: string;
    readonly members?: readonly string[];
    readonly condition?: { readonly title?: string };
  }[];
  readonly auditConfigs?: readonly {
    readonly service: string;
    readonly auditLogConfigs?: readonly { readonly logType: string; readonly exemptedMembers?: readonly string[] }[];
  }[];
}

interface CleanupPolicy {
  readonly action?: string;
  readonly condition?: { readonly olderThan?: string; readonly tagState?: string };
}

/** Reads what stands in Google Cloud. Makes GET requests, and the POSTs that Resource Manager and IAM want for a policy; nothing else. */
export function estateReader(tokens: TokenSource, env: Environment = process.env): EstateReader {
  const resourceManager = serviceEndpoint("RESOURCE_MANAGER", env);
  const read = googleReader(tokens, resourceManager);
  const storage = `${storageRoot(env)}/storage/v1`;
  const registry = serviceEndpoint("ARTIFACT_REGISTRY", env);
  const folderUrl = (bucket: string, folder: string) =>
    `${storage}/b/${encodeURIComponent(bucket)}/managedFolders/${encodeURIComponent(folder)}`;
  const repositoryUrl = (projectId: string, location: string, repository: string) =>
    `${registry}/projects/${projectId}/locations/${location}/repositories/${repository}`;

  const accountUrl = (projectId: string, address: string) =>
    `${serviceEndpoint("IAM", env)}/projects/${projectId}/serviceAccounts/${address}`;

  const services = async (projectId: string): Promise<ReadonlySet<string>> => {
    const url = `${serviceEndpoint("SERVICE_USAGE", env)}/projects/${projectId}/services?filter=state:ENABLED&pageSize=200`;
    const found = await read.pages<{ name: string }>(url, "services");
    return new Set(found.map(({ name }) => name.slice(name.lastIndexOf("/") + 1)));
  };

  /** A project that has not enabled an API has nothing of it; any other refusal says nothing about what there is. */
  async function unlessHidden<T>(
    look: Promise<T>,
    projectId: string,
    service: string,
  ): Promise<T | "forbidden" | undefined> {
    try {
      return await look;
    } catch (error) {
      if (!isForbidden(error)) throw error;
      return isApiOff(error) && !(await services(projectId)).has(service) ? undefined : "forbidden";
    }
  }

  return {
    async project(projectId) {
      // For a project that does not exist Resource Manager answers 403, so that nobody can find out which ids are taken.
      const found = await read.get<{
        projectNumber: string;
        lifecycleState: string;
        name?: string;
        labels?: Readonly<Record<string, string>>;
        parent?: { type: string; id: string };
      }>(`${resourceManager}/projects/${projectId}`, [403, 404]);
      if (found === undefined) return undefined;
      const { projectNumber: number, lifecycleState, name, labels = {}, parent } = found;
      return {
        number,
        isActive: lifecycleState === "ACTIVE",
        labels: new Map(Object.entries(labels)),
        ...(name === undefined ? {} : { name }),
        ...(parent === undefined ? {} : { parent: `${parent.type} ${parent.id}` }),
      };
    },
    async billingAccount(projectId) {
      const url = `${serviceEndpoint("CLOUD_BILLING", env)}/projects/${projectId}/billingInfo`;
      // Google answers 403 as well where the API is not enabled in the project that pays for the calls.
      const found = await read.get<{ billingAccountName?: string }>(url, [403, 404]);
      return found && (found.billingAccountName ?? "").replace(/^billingAccounts\//, "");
    },
    services,
    async projectPolicy(projectId) {
      const body = { options: { requestedPolicyVersion: 3 } };
      return policyOf(await read.post<Policy>(`${resourceManager}/projects/${projectId}:getIamPolicy`, body));
    },
    async bucket(name) {
      const url = `${storage}/b/${encodeURIComponent(name)}?fields=${BUCKET_FIELDS}`;
      try {
        const found = await read.get<BucketAnswer>(url, [404]);
        return found && observedBucket(found);
      } catch (error) {
        if (isForbidden(error)) return "forbidden";
        throw error;
      }
    },
    async bucketPolicy(name) {
      return policyOf(
        await read.get<Policy>(`${storage}/b/${encodeURIComponent(name)}/iam?optionsRequestedPolicyVersion=3`),
      );
    },
    async managedFolder(bucket, folder) {
      return (await read.get(folderUrl(bucket, folder), [404])) !== undefined;
    },
    async managedFolderPolicy(bucket, folder) {
      return policyOf(await read.get<Policy>(`${folderUrl(bucket, folder)}/iam?optionsRequestedPolicyVersion=3`));
    },
    async repository(projectId, location, repository) {
      const look = read.get<{
        format: string;
        mode?: string;
        cleanupPolicies?: Readonly<Record<string, CleanupPolicy>>;
        cleanupPolicyDryRun?: boolean;
        vulnerabilityScanningConfig?: { enablementConfig?: string };
      }>(repositoryUrl(projectId, location, repository), [404]);
      const found = await unlessHidden(look, projectId, "artifactregistry.googleapis.com");
      if (found === undefined || found === "forbidden") return found;
      const {
        format,
        mode = "STANDARD_REPOSITORY",
        cleanupPolicies = {},
        cleanupPolicyDryRun: isCleanupDryRun = false,
        vulnerabilityScanningConfig: scanning,
      } = found;
      const isScanned = scanning?.enablementConfig !== "DISABLED";
      const policies = Object.entries(cleanupPolicies).map(([name, policy]) => ({ name, ...deletionAge(policy) }));
      return { format, mode, isScanned, cleanupPolicies: policies, isCleanupDryRun };
    },
    async repositoryPolicy(projectId, location, repository) {
      return policyOf(await read.get<Policy>(`${repositoryUrl(projectId, location, repository)}:getIamPolicy`));
    },
    async serviceAccount(projectId, address) {
      const look = read.get<{ displayName?: string }>(accountUrl(projectId, address), [404]);
      const found = await unlessHidden(look, projectId, IAM);
      return found === undefined || found === "forbidden" ? found : { displayName: found.displayName ?? "" };
    },
    async serviceAccountPolicy(projectId, address) {
      const url = `${accountUrl(projectId, address)}:getIamPolicy?options.requestedPolicyVersion=3`;
      return policyOf(await read.post<Policy>(url, {}));
    },
    async liens(projectNumber) {
      const url = `${resourceManager}/liens?parent=${encodeURIComponent(`projects/${projectNumber}`)}`;
      const found = await read.pages<{ name: string; origin?: string }>(url, "liens");
      return found.map(({ name, origin = "" }) => ({ name: name.replace(/^liens\//, ""), origin }));
    },
    async contacts(projectNumber) {
      const url = `${serviceEndpoint("ESSENTIAL_CONTACTS", env)}/projects/${projectNumber}/contacts`;
      const look = read.pages<{
        name: string;
        email: string;
        languageTag?: string;
        notificationCategorySubscriptions?: readonly string[];
      }>(url, "contacts", [404]);
      const found = (await unlessHidden(look, projectNumber, "essentialcontacts.googleapis.com")) ?? [];
      if (found === "forbidden") return undefined;
      return found.map(({ name, email, languageTag, notificationCategorySubscriptions: categories = [] }) => {
        return { name, email, categories, ...(languageTag === undefined ? {} : { language: languageTag }) };
      });
    },
    async budgets(billingAccount) {
      const url = `${serviceEndpoint("BILLING", env)}/billingAccounts/${billingAccount}/budgets`;
      try {
        const found = await read.pages<{
          name: string;
          displayName?: string;
          budgetFilter?: { projects?: readonly string[] };
        }>(url, "budgets", [404]);
        return found.map(({ name, displayName = "", budgetFilter: { projects = [] } = {} }) => {
          return { name, displayName, projects };
        });
      } catch (error) {
        if (isForbidden(error)) return undefined;
        throw error;
      }
    },
    async channels(projectId) {
      const url = `${serviceEndpoint("MONITORING", env)}/v3/projects/${projectId}/notificationChannels`;
      const look = read.pages<{
        name: string;
        type?: string;
        displayName?: string;
        labels?: { email_address?: string };
      }>(url, "notificationChannels", [404]);
      const found = (await unlessHidden(look, projectId, "monitoring.googleapis.com")) ?? [];
      if (found === "forbidden") return undefined;
      return found.map(({ name, type, displayName = "", labels: { email_address: email } = {} }) => {
        return { name, displayName, ...(type === "email" && email !== undefined ? { email } : {}) };
      });
    },
    async buckets(projectId) {
      const url = `${storage}/b?project=${projectId}&fields=items/name,nextPageToken`;
      const look = read.pages<{ name: string }>(url, "items");
      const found = (await unlessHidden(look, projectId, "storage.googleapis.com")) ?? [];
      return found === "forbidden" ? undefined : found.map(({ name }) => name);
    },
    async serviceAccounts(projectId) {
      const url = `${serviceEndpoint("IAM", env)}/projects/${projectId}/serviceAccounts?pageSize=100`;
      const found = (await unlessHidden(read.pages<{ email: string }>(url, "accounts", [404]), projectId, IAM)) ?? [];
      if (found === "forbidden") return undefined;
      return found.map(({ email }) => email).filter((email) => email.endsWith(`@${projectId}.iam.gserviceaccount.com`));
    },
    async object(bucket, name) {
      const url = `${storage}/b/${encodeURIComponent(bucket)}/o/${encodeURIComponent(name)}?fields=name,md5Hash`;
      const found = await read.get<{ md5Hash?: string }>(url, [404]);
      return found && { ...(found.md5Hash !== undefined && { md5: found.md5Hash }) };
    },
    async identityPool(name) {
      const [, projectId = ""] = name.split("/");
      const found = await unlessHidden(read.get(`${serviceEndpoint("IAM", env)}/${name}`, [404]), projectId, IAM);
      return found === "forbidden" ? found : found !== undefined;
    },
    async compute(projectId, collection, name) {
      const url = `${serviceEndpoint("COMPUTE", env)}/projects/${projectId}/global/${collection}/${name}`;
      const found = await unlessHidden(read.get(url, [404]), projectId, "compute.googleapis.com");
      return found === "forbidden" ? found : found !== undefined;
    },
  };
}

const IAM = "iam.googleapis.com";

function isForbidden(error: unknown): error is GoogleApiError {
  return error instanceof GoogleApiError && error.status === 403;
}

function deletionAge({ action, condition: { olderThan = "", tagState = "ANY", ...others } = {} }: CleanupPolicy): {
  readonly deleteAfterDays?: number;
} {
  const seconds = /^(\d+)s$/.exec(olderThan)?.[1];
  const isAll = action === "DELETE" && tagState === "ANY" && Object.keys(others).length === 0;
  return isAll && seconds !== undefined ? { deleteAfterDays: Number(seconds) / SECONDS_PER_DAY } : {};
}

const SECONDS_PER_DAY = 86_400;

function policyOf({ bindings = [], auditConfigs = [] }: Policy = {}): ObservedPolicy {
  return {
    grants: bindings.filter(({ condition }) => !condition).map(({ role, members = [] }) => ({ role, members })),
    conditional: bindings.flatMap(({ role, members = [], condition }) =>
      condition ? [{ role, members, condition: condition.title ?? "" }] : [],
    ),
    auditLogs: new Map(
      auditConfigs.map(({ service, auditLogConfigs = [] }) => [service, auditLogConfigs.map(logTypeInWords)]),
    ),
  };
}

function logTypeInWords({
  logType,
  exemptedMembers = [],
}: {
  readonly logType: string;
  readonly exemptedMembers?: readonly string[];
}): string {
  return exemptedMembers.length === 0 ? logType : `${logType} except ${exemptedMembers.join(", ")}`;
}
