import { type Entries, isEntries } from "../../../lib/tfplugin/types";
import type { Api } from "../api/api";
import type { Driver } from "../driver";
import { addMember, removeFromAll } from "../iam/merge";
import { projectParent } from "../iam/parents";
import { changePolicy } from "../iam/policy-change";

const EDITOR = "roles/editor";

/** Google makes these accounts itself when an API is enabled, and makes them editors of the project. */
const IS_DEFAULT = /(-compute@developer|@appspot)\.gserviceaccount\.com$/;

const UNDO: Readonly<Record<string, string>> = { DISABLE: "enable", DELETE: "undelete" };

/** `google_project_default_service_accounts`: takes power from the accounts that nobody asked for. */
export const defaultServiceAccountsDriver: Driver = {
  type: "google_project_default_service_accounts",
  traits: { forceNew: ["action", "project"], defaults: { restore_policy: "REVERT" } },

  async create(planned, api) {
    const accounts = await defaultAccounts(String(planned.project), api);
    for (const [uniqueId, email] of Object.entries(accounts)) await act(planned, uniqueId, email, api);
    return { id: `projects/${planned.project}`, service_accounts: accounts };
  },

  // As the real provider, which doesn't look either.
  read: async (state) => state,

  async update() {},

  async delete(state, api) {
    const accounts = isEntries(state.service_accounts) ? state.service_accounts : {};
    if (!String(state.restore_policy).startsWith("REVERT")) return;
    for (const [uniqueId, email] of Object.entries(accounts)) await revert(state, uniqueId, String(email), api);
  },
};

async function defaultAccounts(project: string, api: Api): Promise<Readonly<Record<string, string>>> {
  const accounts = await api.list("IAM", `projects/${project}/serviceAccounts`, "accounts");
  const found = accounts.filter(({ email }) => IS_DEFAULT.test(String(email)));
  return Object.fromEntries(found.map(({ uniqueId, email }) => [String(uniqueId), String(email)]));
}

async function act({ project, action }: Entries, uniqueId: string, email: string, api: Api): Promise<void> {
  const path = `projects/${project}/serviceAccounts/${uniqueId}`;
  // As the real provider: not only what Google gave it, whatever it has.
  if (action === "DEPRIVILEGE")
    await changePolicy(projectParent, { project }, api, (policy) => removeFromAll(policy, `serviceAccount:${email}`));
  else if (action === "DELETE") await api.call("IAM", "DELETE", path);
  else await api.call("IAM", "POST", `${path}:disable`, { body: {} });
}

async function revert({ project, action }: Entries, uniqueId: string, email: string, api: Api): Promise<void> {
  const grant = { role: EDITOR, member: `serviceAccount:${email}` };
  if (action === "DEPRIVILEGE")
    await changePolicy(projectParent, { project }, api, (policy) => addMember(policy, grant));
  else
    await api.call("IAM", "POST", `projects/${project}/serviceAccounts/${uniqueId}:${UNDO[String(action)]}`, {
      body: {},
    });
}
