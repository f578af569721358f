import type { Entries } from "../../../lib/tfplugin/types";
import { isUnknown } from "../../../lib/tfplugin/types";
import { lastSegment, parse } from "../address";
import { ApiError } from "../api/api-error";
import type { JsonObject } from "../api/json";
import type { Driver } from "../driver";
import { ignoreMissing } from "./rest-driver";

/** `google_service_account`. */
export const serviceAccountDriver: Driver = {
  type: "google_service_account",
  traits: { forceNew: ["account_id", "project"], defaults: { disabled: false } },

  // The address follows from the configuration, so that what refers to it is known in the plan.
  plan(planned, { prior }) {
    const { project, account_id } = planned;
    if (prior !== undefined || isUnknown(project) || isUnknown(account_id) || project === undefined) return planned;
    const email = `${account_id}@${project}.iam.gserviceaccount.com`;
    return { ...planned, email, member: `serviceAccount:${email}` };
  },

  async create(planned, api) {
    const body = {
      accountId: planned.account_id as string,
      serviceAccount: { displayName: planned.display_name as string, description: planned.description as string },
    };
    const id = `projects/${planned.project}/serviceAccounts/${planned.account_id}@${planned.project}.iam.gserviceaccount.com`;
    await api.call("IAM", "POST", `projects/${planned.project}/serviceAccounts`, { body }).catch((error: unknown) => {
      const isThere = error instanceof ApiError && error.status === 409;
      if (!isThere || planned.create_ignore_already_exists !== true) throw error;
    });
    if (planned.disabled === true) await api.call("IAM", "POST", `${id}:disable`, { body: {} });
    return { id, name: id };
  },

  async read(state, api) {
    const account = await api.find("IAM", String(state.name ?? state.id));
    return account && { ...state, ...attributesOf(account) };
  },

  async update(prior, planned, api) {
    const name = String(planned.name);
    const changed = (["display_name", "description"] as const).filter(
      (key) => (prior[key] ?? "") !== (planned[key] ?? ""),
    );
    if (changed.length > 0) {
      const { etag } = await api.call("IAM", "GET", name);
      const serviceAccount = {
        displayName: planned.display_name as string,
        description: planned.description as string,
        etag,
      };
      await api.call("IAM", "PATCH", name, { body: { serviceAccount, updateMask: changed.join(",") } });
    }
    if ((prior.disabled ?? false) !== (planned.disabled ?? false)) {
      await api.call("IAM", "POST", `${name}:${planned.disabled === true ? "disable" : "enable"}`, { body: {} });
    }
  },

  async delete(state, api) {
    await api.call("IAM", "DELETE", String(state.name)).catch(ignoreMissing);
  },

  import(id) {
    const { project, email } = parse(["projects/{project}/serviceAccounts/{email}", "{project}/{email}"], id);
    const name = `projects/${project}/serviceAccounts/${email}`;
    return { id: name, name };
  },
};

function attributesOf(account: JsonObject): Entries {
  const email = String(account.email);
  return {
    id: String(account.name),
    name: String(account.name),
    email,
    member: `serviceAccount:${email}`,
    unique_id: String(account.uniqueId),
    project: String(account.projectId),
    account_id: lastSegment(email.split("@")[0]),
    display_name: String(account.displayName ?? ""),
    description: String(account.description ?? ""),
    disabled: account.disabled === true,
  };
}
