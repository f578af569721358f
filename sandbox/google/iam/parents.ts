import type { Entries, Value } from "../../../lib/tfplugin/types";
import { fill, parse } from "../address";
import type { Api, ApiRequest } from "../api/api";
import type { JsonObject } from "../api/json";
import type { Service } from "../api/session";
import type { Binding, Policy } from "./policy";

/** Something that has an IAM policy: what the types `<prefix>_iam_member`, `_binding` and `_policy` are about. */
export interface IamParent {
  /** E.g. `google_storage_bucket`. */
  readonly prefix: string;

  /** Attributes that name it. A change of one is another object. */
  readonly attributes: readonly string[];

  /** Its name in ids, from those attributes. */
  name(state: Entries): string;

  /** The attributes as the real provider stores them. @default - as they are configured */
  stored?(state: Entries): Entries;

  /** Forms of its name, for import. */
  readonly forms: readonly string[];

  get(state: Entries, api: Api): Promise<Policy>;
  set(state: Entries, policy: Policy, api: Api): Promise<Policy>;
}

const VERSION = "3";

export const projectParent: IamParent = {
  prefix: "google_project",
  attributes: ["project"],
  name: ({ project }) => lastOf(project, "projects"),
  forms: ["projects/{project}", "{project}"],
  get: (state, api) =>
    policyAt(api, "RESOURCE_MANAGER", "POST", `projects/${projectParent.name(state)}:getIamPolicy`, {
      body: { options: { requestedPolicyVersion: 3 } },
    }),
  set: (state, policy, api) =>
    policyAt(api, "RESOURCE_MANAGER", "POST", `projects/${projectParent.name(state)}:setIamPolicy`, {
      body: { policy: asJson(policy), updateMask: "bindings,etag,auditConfigs" },
    }),
};

export const bucketParent: IamParent = {
  prefix: "google_storage_bucket",
  attributes: ["bucket"],
  name: ({ bucket }) => `b/${lastOf(bucket, "b")}`,
  stored: (state) => ({ bucket: bucketParent.name(state) }),
  forms: ["b/{bucket}", "{bucket}"],
  get: (state, api) => policyAt(api, "STORAGE", "GET", `${bucketParent.name(state)}/iam`, { query: storageVersion }),
  set: (state, policy, api) =>
    policyAt(api, "STORAGE", "PUT", `${bucketParent.name(state)}/iam`, { body: asJson(policy) }),
};

export const managedFolderParent: IamParent = {
  prefix: "google_storage_managed_folder",
  attributes: ["bucket", "managed_folder"],
  name: ({ bucket, managed_folder }) => `b/${lastOf(bucket, "b")}/managedFolders/${managed_folder}`,
  stored: ({ bucket }) => ({ bucket: `b/${lastOf(bucket, "b")}` }),
  forms: ["b/{bucket}/managedFolders/{managed_folder}", "{bucket}/{managed_folder}"],
  get: (state, api) => policyAt(api, "STORAGE", "GET", `${folderPath(state)}/iam`, { query: storageVersion }),
  set: (state, policy, api) => policyAt(api, "STORAGE", "PUT", `${folderPath(state)}/iam`, { body: asJson(policy) }),
};

export const serviceAccountParent: IamParent = {
  prefix: "google_service_account",
  attributes: ["service_account_id"],
  name: ({ service_account_id }) => String(service_account_id),
  forms: ["{service_account_id}"],
  get: (state, api) =>
    policyAt(api, "IAM", "POST", `${serviceAccountParent.name(state)}:getIamPolicy`, {
      query: { "options.requestedPolicyVersion": VERSION },
    }),
  set: (state, policy, api) =>
    policyAt(api, "IAM", "POST", `${serviceAccountParent.name(state)}:setIamPolicy`, {
      body: { policy: asJson(policy) },
    }),
};

export const repositoryParent: IamParent = {
  prefix: "google_artifact_registry_repository",
  attributes: ["project", "location", "repository"],
  name: ({ project, location, repository }) =>
    `projects/${project}/locations/${location}/repositories/${lastOf(repository, "repositories")}`,
  stored: (state) => ({ repository: repositoryParent.name(state) }),
  forms: ["projects/{project}/locations/{location}/repositories/{repository}", "{project}/{location}/{repository}"],
  get: (state, api) => policyAt(api, "ARTIFACT_REGISTRY", "GET", `${repositoryParent.name(state)}:getIamPolicy`, {}),
  set: (state, policy, api) =>
    policyAt(api, "ARTIFACT_REGISTRY", "POST", `${repositoryParent.name(state)}:setIamPolicy`, {
      body: { policy: asJson(policy) },
    }),
};

/** The attributes that name a parent, from its name in an import id. */
export function parseParent(parent: IamParent, name: string): Entries {
  return parse(parent.forms, name);
}

/** Attributes of the parent take a name and a path alike. */
export function sameParent(parent: IamParent) {
  const same = (prior: Value, planned: Value) =>
    String(prior).endsWith(`/${planned}`) || String(planned).endsWith(`/${prior}`);
  return Object.fromEntries(parent.attributes.map((name) => [name, same]));
}

const storageVersion = { optionsRequestedPolicyVersion: VERSION };

function folderPath({ bucket, managed_folder }: Entries): string {
  return fill("b/{bucket}/managedFolders/{managed_folder|segment}", { bucket: lastOf(bucket, "b"), managed_folder });
}

async function policyAt(
  api: Api,
  service: Service,
  method: string,
  path: string,
  request: ApiRequest,
): Promise<Policy> {
  return (await api.call(service, method, path, request)) as Policy;
}

function asJson(policy: Policy): JsonObject {
  const { etag, bindings, auditConfigs } = policy;
  return {
    ...(etag === undefined ? {} : { etag }),
    ...(bindings === undefined ? {} : { bindings: bindings.map(bindingJson) }),
    ...(auditConfigs === undefined ? {} : { auditConfigs }),
    version: 3,
  };
}

/** The part after `collection/`, or all of it: attributes take both a name and a path. */
function lastOf(value: unknown, collection: string): string {
  const text = String(value);
  const start = text.lastIndexOf(`${collection}/`);
  return start === -1 ? text : text.slice(start + collection.length + 1);
}

function bindingJson({ role, members, condition }: Binding): JsonObject {
  return { role, members, ...(condition === undefined ? {} : { condition: { ...condition } }) };
}
