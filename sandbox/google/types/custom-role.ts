import type { Entries } from "../../../lib/tfplugin/types";
import { lastSegment, parse } from "../address";
import type { JsonObject } from "../api/json";
import type { Driver } from "../driver";
import { ignoreMissing } from "./rest-driver";

/** `google_project_iam_custom_role`. A deleted role lives on for a week and is taken up again. */
export const customRoleDriver: Driver = {
  type: "google_project_iam_custom_role",
  traits: { forceNew: ["project", "role_id"], defaults: { stage: "GA" } },

  async create(planned, api) {
    const name = `projects/${planned.project}/roles/${planned.role_id}`;
    const existing = await api.find("IAM", name);
    if (existing !== undefined && existing.deleted !== true) {
      throw new Error(`Custom project role ${name} already exists and must be imported`);
    }
    if (existing === undefined) {
      await api.call("IAM", "POST", `projects/${planned.project}/roles`, {
        body: { roleId: String(planned.role_id), role: roleOf(planned) },
      });
    } else {
      await api.call("IAM", "POST", `${name}:undelete`, { body: {} });
      await api.call("IAM", "PATCH", name, { body: roleOf(planned) });
    }
    return { id: name };
  },

  async read(state, api) {
    const role = await api.find("IAM", String(state.id));
    return role && { ...state, ...attributesOf(role) };
  },

  async update(_, planned, api) {
    await api.call("IAM", "PATCH", String(planned.id), { body: roleOf(planned) });
  },

  async delete(state, api) {
    await api.call("IAM", "DELETE", String(state.id)).catch(ignoreMissing);
  },

  import(id, session) {
    const { project = session.project, role_id } = parse(
      ["projects/{project}/roles/{role_id}", "{project}/{role_id}", "{role_id}"],
      id,
    );
    return { id: `projects/${project}/roles/${role_id}` };
  },
};

function roleOf({ title, description, permissions, stage }: Entries): JsonObject {
  const includedPermissions = [...((permissions ?? []) as readonly string[])].sort();
  return { title: title as string, description: description as string, includedPermissions, stage: stage as string };
}

function attributesOf(role: JsonObject): Entries {
  const name = String(role.name);
  return {
    id: name,
    name,
    project: name.split("/")[1],
    role_id: lastSegment(name),
    title: String(role.title ?? ""),
    description: String(role.description ?? ""),
    permissions: (role.includedPermissions ?? []) as string[],
    stage: String(role.stage ?? "ALPHA"),
    deleted: role.deleted === true,
  };
}
