import type { TokenSource } from "./auth";
import { defaultRetryPolicy } from "./context";
import { type Environment, serviceEndpoint, storageRoot } from "./endpoints";
import { GoogleApiError, googleApiError, isPassing } from "./google-api-error";
import { googleCaller } from "./google-caller";
import { type HttpRequest, readText, send } from "./http";
import type { EstateReader, ObservedBucket, ObservedPolicy } from "./observed";
import { backoffSeconds, retryAfterSeconds } from "./retry";

interface Policy {
  readonly bindings?: readonly {
    readonly role: string;
    readonly members?: readonly string[];
    readonly condition?: unknown;
  }[];
}

/** Reads what stands in Google Cloud. Makes GET requests, and the POSTs that Resource Manager and IAM want for a policy; nothing else. */
export function estateReader(tokens: TokenSource, env: Environment = process.env): EstateReader {
  const resourceManager = serviceEndpoint("RESOURCE_MANAGER", env);
  const read = reader(tokens, resourceManager);
  const storage = `${storageRoot(env)}/storage/v1`;
  const registry = serviceEndpoint("ARTIFACT_REGISTRY", env);
  const folderUrl = (bucket: string, folder: string) =>
    `${storage}/b/${encodeURIComponent(bucket)}/managedFolders/${encodeURIComponent(folder)}`;
  const repositoryUrl = (projectId: string, location: string, repository: string) =>
    `${registry}/projects/${projectId}/locations/${location}/repositories/${repository}`;

  const accountUrl = (projectId: string, address: string) =>
    `${serviceEndpoint("IAM", env)}/projects/${projectId}/serviceAccounts/${address}`;

  return {
    async project(projectId) {
      // For a project that does not exist Resource Manager answers 403, so that nobody can find out which ids are taken.
      const found = await read.get<{
        projectNumber: string;
        lifecycleState: string;
        parent?: { type: string; id: string };
      }>(`${resourceManager}/projects/${projectId}`, [403, 404]);
      if (found === undefined) return undefined;
      const { projectNumber: number, lifecycleState, parent } = found;
      const isActive = lifecycleState === "ACTIVE";
      return { number, isActive, ...(parent === undefined ? {} : { parent: `${parent.type} ${parent.id}` }) };
    },
    async services(projectId) {
      const url = `${serviceEndpoint("SERVICE_USAGE", env)}/projects/${projectId}/services?filter=state:ENABLED&pageSize=200`;
      const found = await read.pages<{ name: string }>(url, "services");
      return new Set(found.map(({ name }) => name.slice(name.lastIndexOf("/") + 1)));
    },
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
        if (error instanceof GoogleApiError && error.status === 403) return "forbidden";
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
      return (await read.get(repositoryUrl(projectId, location, repository), [403, 404])) !== undefined;
    },
    async repositoryPolicy(projectId, location, repository) {
      return policyOf(await read.get<Policy>(`${repositoryUrl(projectId, location, repository)}:getIamPolicy`));
    },
    async serviceAccount(projectId, address) {
      return (await read.get(accountUrl(projectId, address), [403, 404])) !== undefined;
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
      return read.pages<{ name: string; email: string }>(url, "contacts", [403, 404]);
    },
  };
}

const BUCKET_FIELDS = "name,projectNumber,location,iamConfiguration,versioning,logging,lifecycle";

interface BucketAnswer {
  readonly projectNumber: string;
  readonly location?: string;
  readonly iamConfiguration?: { readonly uniformBucketLevelAccess?: { readonly enabled?: boolean } };
  readonly versioning?: { readonly enabled?: boolean };
  readonly logging?: { readonly logBucket?: string };
  readonly lifecycle?: {
    readonly rule?: readonly { readonly action?: { type?: string }; readonly condition?: { age?: number } }[];
  };
}

function observedBucket({ projectNumber, location, ...more }: BucketAnswer): ObservedBucket {
  const rules = more.lifecycle?.rule ?? [];
  const logsBucket = more.logging?.logBucket;
  return {
    projectNumber,
    ...(location === undefined ? {} : { location }),
    isUniform: more.iamConfiguration?.uniformBucketLevelAccess?.enabled ?? false,
    isVersioned: more.versioning?.enabled ?? false,
    ...(logsBucket === undefined ? {} : { logsBucket }),
    deleteAfterDays: rules.flatMap(({ action, condition }) =>
      action?.type === "Delete" && condition?.age !== undefined ? [condition.age] : [],
    ),
  };
}

function policyOf(policy: Policy = {}): ObservedPolicy {
  const bindings = policy.bindings ?? [];
  return {
    grants: bindings.filter(({ condition }) => !condition).map(({ role, members = [] }) => ({ role, members })),
    conditionalRoles: bindings.filter(({ condition }) => condition).map(({ role }) => role),
  };
}

function reader(tokens: TokenSource, rootUrl: string) {
  // Tokens, their renewal and the form of errors are the caller's; what may be missing is known here.
  const caller = googleCaller({ rootUrl, tokens });

  async function call<T>(
    method: "GET" | "POST",
    url: string,
    body: unknown,
    absent: readonly number[],
  ): Promise<T | undefined> {
    const subject = `${method} ${url}`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await caller.call(subject, ({ headers }) => once<T>({ subject, method, url }, headers, body, absent));
      } catch (error) {
        const told = googleApiError(subject, error);
        if (!isPassing(told) || attempt >= defaultRetryPolicy.maxAttempts) throw told;
        const seconds = told.retryAfterSeconds ?? backoffSeconds(defaultRetryPolicy, attempt);
        if (seconds > defaultRetryPolicy.maxRetryAfterSeconds) throw told;
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      }
    }
  }

  const get = <T>(url: string, absent: readonly number[] = []) => call<T>("GET", url, undefined, absent);
  return {
    get,
    post: <T>(url: string, body: unknown) => call<T>("POST", url, body, []),
    /** All pages of a listing. */
    async pages<T>(url: string, key: string, absent: readonly number[] = []): Promise<readonly T[]> {
      const items: T[] = [];
      for (let token = ""; ; ) {
        const next =
          token === "" ? url : `${url}${url.includes("?") ? "&" : "?"}pageToken=${encodeURIComponent(token)}`;
        const page = (await get<Record<string, unknown>>(next, absent)) ?? {};
        items.push(...((page[key] as readonly T[] | undefined) ?? []));
        if (typeof page.nextPageToken !== "string" || page.nextPageToken === "") return items;
        if (page.nextPageToken === token) throw new Error(`GET ${url}: the next page is said to be this one`);
        token = page.nextPageToken;
      }
    },
  };
}

async function once<T>(
  what: Pick<HttpRequest, "subject" | "method" | "url">,
  identity: Readonly<Record<string, string>>,
  body: unknown,
  absent: readonly number[],
): Promise<T | undefined> {
  const response = await send({
    ...what,
    headers: { ...identity, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    answerTimeoutSeconds: 60,
    idleTimeoutSeconds: 30,
  });
  const text = await readText(response, what);
  if (absent.includes(response.status)) return undefined;
  if (response.status >= 400) {
    const wait = retryAfterSeconds(response.headers["retry-after"]);
    throw new GoogleApiError(what.subject, says(text), response.status, undefined, wait);
  }
  return JSON.parse(text) as T;
}

/** Google's sentence in an error body, else the beginning of whatever came. */
function says(text: string): string {
  try {
    const { error } = JSON.parse(text) as { error?: { message?: string } };
    return error?.message ?? text.slice(0, 200);
  } catch {
    return text.slice(0, 200);
  }
}
