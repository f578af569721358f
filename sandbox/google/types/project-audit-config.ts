import type { Entries, Value } from "../../../lib/tfplugin/types";
import type { Api } from "../api/api";
import type { JsonObject } from "../api/json";
import type { Driver } from "../driver";
import { elementsOf } from "../fields";
import { projectParent } from "../iam/parents";
import type { Policy } from "../iam/policy";
import { changePolicy, findPolicy } from "../iam/policy-change";

/** `google_project_iam_audit_config`: what of a service is logged; a part of the project's IAM policy. */
export const projectAuditConfigDriver: Driver = {
  type: "google_project_iam_audit_config",
  traits: { forceNew: ["project", "service"] },

  async create(planned, api) {
    await write(planned, wanted(planned), api);
    return { id: idOf(planned) };
  },

  async read(state, api) {
    const policy = await findPolicy(projectParent, state, api);
    const config = policy?.auditConfigs?.find(({ service }) => service === state.service);
    if (config === undefined) return undefined;
    return { ...state, id: idOf(state), audit_log_config: blocksOf(config), etag: policy?.etag };
  },

  update: (_, planned, api) => write(planned, wanted(planned), api),

  delete: (state, api) => write(state, undefined, api),

  import(id) {
    const [, project, service] = /^(?:projects\/)?([^/\s]+)[\s/](.+)$/.exec(id) ?? [];
    return { id, project, service: service?.replace(/^audit_config\//, "") };
  },
};

async function write(state: Entries, config: JsonObject | undefined, api: Api): Promise<void> {
  await changePolicy(projectParent, state, api, (policy: Policy) => {
    const others = (policy.auditConfigs ?? []).filter(({ service }) => service !== state.service);
    return { ...policy, auditConfigs: config === undefined ? others : [...others, config] };
  });
}

function wanted(state: Entries): JsonObject {
  const auditLogConfigs = elementsOf(state.audit_log_config).map(({ log_type, exempted_members }) => ({
    logType: String(log_type),
    ...(Array.isArray(exempted_members) && exempted_members.length > 0
      ? { exemptedMembers: exempted_members as string[] }
      : {}),
  }));
  return { service: String(state.service), auditLogConfigs };
}

function blocksOf({ auditLogConfigs }: JsonObject): Value {
  return ((auditLogConfigs ?? []) as readonly JsonObject[]).map(({ logType, exemptedMembers }) => ({
    log_type: String(logType),
    exempted_members: (exemptedMembers ?? []) as string[],
  }));
}

function idOf({ project, service }: Entries): string {
  return `${project}/audit_config/${service}`;
}
