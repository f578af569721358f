import { lastSegment } from "../address";
import type { JsonObject } from "../api/json";
import type { Driver } from "../driver";
import { ignoreMissing } from "./rest-driver";

/** `google_resource_manager_lien`: keeps a project from being deleted. */
export const lienDriver: Driver = {
  type: "google_resource_manager_lien",
  traits: { forceNew: ["origin", "parent", "reason", "restrictions"] },

  async create({ parent, origin, reason, restrictions }, api) {
    const body = { parent, origin, reason, restrictions } as JsonObject;
    const name = lastSegment((await api.call("RESOURCE_MANAGER", "POST", "liens", { body })).name);
    return { id: name, name };
  },

  // Liens are looked up in the list of their project, as the real provider does.
  async read(state, api) {
    const liens = await api.list("RESOURCE_MANAGER", "liens", "liens", { parent: String(state.parent) });
    const lien = liens.find(({ name }) => lastSegment(name) === state.name);
    if (lien === undefined) return undefined;
    return {
      ...state,
      parent: String(lien.parent),
      origin: String(lien.origin),
      reason: String(lien.reason),
      restrictions: lien.restrictions as string[],
      create_time: String(lien.createTime),
    };
  },

  async delete(state, api) {
    await api.call("RESOURCE_MANAGER", "DELETE", `liens/${state.name}`).catch(ignoreMissing);
  },

  import(id) {
    const name = lastSegment(id);
    const parent = id.slice(0, -name.length - 1);
    return { id: name, name, parent: parent.startsWith("projects/") ? parent : `projects/${parent}` };
  },
};
