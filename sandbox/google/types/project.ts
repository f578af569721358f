import type { Entries, Value } from "../../../lib/tfplugin/types";
import { lastSegment, parse } from "../address";
import type { Api } from "../api/api";
import { ApiError } from "../api/api-error";
import type { JsonObject } from "../api/json";
import type { Driver } from "../driver";
import { declaredLabels } from "../plan/labels";

const DEFAULT_NETWORK = "default";

/** `google_project`: the project, its billing account, and whether it keeps the network that Google gives it. */
export const projectDriver: Driver = {
  type: "google_project",
  traits: {
    version: 1,
    forceNew: ["project_id", "tags"],
    defaults: { auto_create_network: true, deletion_policy: "PREVENT" },
    labelled: true,
    same: { folder_id: (prior, planned) => lastSegment(prior) === lastSegment(planned) },
  },

  async create(planned, api) {
    const projectId = String(planned.project_id);
    if (planned.billing_account !== undefined) await requireBillingAccess(String(planned.billing_account), api);
    const body = { projectId, name: planned.name as string, ...parentOf(planned), ...labelsOf(planned) };
    await api.settled("RESOURCE_MANAGER", await api.call("RESOURCE_MANAGER", "POST", "projects", { body }));
    if (planned.billing_account !== undefined) await setBilling(planned, api);
    if (planned.auto_create_network === false) await removeDefaultNetwork(projectId, api);
    return { id: `projects/${projectId}` };
  },

  async read(state, api) {
    const projectId = String(state.project_id ?? lastSegment(state.id));
    const project = await api.find("RESOURCE_MANAGER", `projects/${projectId}`);
    if (project === undefined || project.lifecycleState !== "ACTIVE") return undefined;
    const billing = await api.call("CLOUD_BILLING", "GET", `projects/${projectId}/billingInfo`);
    const parent = (project.parent ?? {}) as JsonObject;
    const labels = (project.labels ?? {}) as Readonly<Record<string, string>>;
    return {
      ...state,
      id: `projects/${projectId}`,
      project_id: projectId,
      number: String(project.projectNumber),
      name: String(project.name),
      // As the real provider, so that an import plans no change of it.
      deletion_policy: state.deletion_policy ?? "PREVENT",
      org_id: parent.type === "organization" ? String(parent.id) : "",
      folder_id: parent.type === "folder" ? String(parent.id) : "",
      // As the real provider, which doesn't see an account that was taken away.
      ...(billing.billingAccountName ? { billing_account: lastSegment(billing.billingAccountName) } : {}),
      labels: declaredLabels(state, labels),
      terraform_labels: state.terraform_labels ?? {},
      effective_labels: labels,
    };
  },

  async update(prior, planned, api) {
    const path = `projects/${planned.project_id}`;
    const current = await api.call("RESOURCE_MANAGER", "GET", path);
    const changed = {
      ...current,
      name: planned.name as string,
      ...parentOf(planned),
      labels: (planned.effective_labels ?? {}) as JsonObject,
    };
    if (JSON.stringify(changed) !== JSON.stringify(current))
      await api.call("RESOURCE_MANAGER", "PUT", path, { body: changed });
    if (prior.billing_account !== planned.billing_account) await setBilling(planned, api);
  },

  async delete(state, api) {
    const policy = state.deletion_policy ?? "PREVENT";
    if (policy === "ABANDON") return;
    if (policy === "PREVENT") throw new Error("Cannot destroy project as deletion_policy is set to PREVENT.");
    await api.call("RESOURCE_MANAGER", "DELETE", `projects/${state.project_id}`);
  },

  import(id) {
    const { project_id } = parse(["projects/{project_id}", "{project_id}"], id);
    return { id: `projects/${project_id}`, project_id, auto_create_network: true };
  },
};

async function requireBillingAccess(account: string, api: Api): Promise<void> {
  const permission = "billing.resourceAssociations.create";
  const path = `billingAccounts/${account}:testIamPermissions`;
  const { permissions } = await api.call("CLOUD_BILLING", "POST", path, { body: { permissions: [permission] } });
  if (Array.isArray(permissions) && permissions.includes(permission)) return;
  throw new Error(`missing permission on "billingAccounts/${account}": ${permission}`);
}

async function setBilling(planned: Entries, api: Api): Promise<void> {
  const account = planned.billing_account;
  const body = account ? { billingAccountName: `billingAccounts/${account}` } : {};
  await api.call("CLOUD_BILLING", "PUT", `projects/${planned.project_id}/billingInfo`, { body });
}

function parentOf({ org_id, folder_id }: Entries): JsonObject {
  if (folder_id) return { parent: { type: "folder", id: lastSegment(folder_id) } };
  return org_id ? { parent: { type: "organization", id: String(org_id) } } : {};
}

function labelsOf({ effective_labels }: Entries): JsonObject {
  return effective_labels === undefined || isEmpty(effective_labels) ? {} : { labels: effective_labels as JsonObject };
}

function isEmpty(value: Value): boolean {
  return Object.keys(value as object).length === 0;
}

/** The network comes with the Compute API, and so has to be removed after enabling it. */
async function removeDefaultNetwork(projectId: string, api: Api): Promise<void> {
  const service = `projects/${projectId}/services/compute.googleapis.com:enable`;
  await api.settled("SERVICE_USAGE", await api.call("SERVICE_USAGE", "POST", service, { body: {} }));
  const global = `projects/${projectId}/global`;
  const network = await api.find("COMPUTE", `${global}/networks/${DEFAULT_NETWORK}`);
  if (network === undefined) return;
  const filter = `network eq ${network.selfLink}`;
  for (const { name } of await api.list("COMPUTE", `${global}/firewalls`, "items", { filter })) {
    await remove(api, global, `firewalls/${name}`);
  }
  await remove(api, global, `networks/${DEFAULT_NETWORK}`);
}

async function remove(api: Api, global: string, path: string): Promise<void> {
  try {
    const operation = await api.call("COMPUTE", "DELETE", `${global}/${path}`);
    await api.settled("COMPUTE", { ...operation, name: `${global}/operations/${operation.name}` });
  } catch (error) {
    if (!(error instanceof ApiError) || error.status !== 404) throw error;
  }
}
