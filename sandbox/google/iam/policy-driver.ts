import type { Entries, Value } from "../../../lib/tfplugin/types";
import type { Api } from "../api/api";
import type { Driver } from "../driver";
import { type IamParent, parseParent, sameParent } from "./parents";
import { normalized, parsePolicyData, policyData } from "./policy";
import { findPolicy } from "./policy-change";

/** The whole policy: what isn't in it is taken away. */
export function policyDriver(parent: IamParent): Driver {
  async function write(state: Entries, api: Api): Promise<void> {
    const { bindings, auditConfigs } = parsePolicyData(String(state.policy_data));
    await parent.set(
      state,
      { bindings: normalized(bindings), ...(auditConfigs === undefined ? {} : { auditConfigs }) },
      api,
    );
  }
  return {
    type: `${parent.prefix}_iam_policy`,
    traits: { forceNew: parent.attributes, same: { ...sameParent(parent), policy_data: samePolicies } },

    async create(planned, api) {
      await write(planned, api);
      return { id: parent.name(planned) };
    },

    async read(state, api) {
      const policy = await findPolicy(parent, state, api);
      return (
        policy && {
          ...state,
          ...parent.stored?.(state),
          id: parent.name(state),
          policy_data: policyData(policy),
          etag: policy.etag,
        }
      );
    },

    update: (_, planned, api) => write(planned, api),

    async delete(state, api) {
      await parent.set(state, {}, api);
    },

    import(id) {
      const state = parseParent(parent, id);
      return { ...state, id: parent.name(state) };
    },
  };
}

function samePolicies(prior: Value, planned: Value): boolean {
  if (typeof prior !== "string" || typeof planned !== "string") return false;
  return policyData(parsePolicyData(prior)) === policyData(parsePolicyData(planned));
}
