import { googleError } from "../../http/errors";
import { type Call, del, get, json, post, type Route } from "../../http/service";
import type { World } from "../../state/world";
import { randomDigits } from "../identifiers";
import { startOperation } from "../operations";
import { findProject } from "../project-lookup";
import { readBody } from "../request-body";

/** `tagBindings`, by name. Tag keys and values themselves are not kept: a binding may name any value. */
interface TagBinding {
  readonly name: string;

  /** E.g. `//cloudresourcemanager.googleapis.com/projects/123`. */
  readonly parent: string;

  /** E.g. `tagValues/456`. */
  readonly tagValue: string;
}

const TYPE = "type.googleapis.com/google.cloud.resourcemanager.v3";
const EMPTY = { "@type": "type.googleapis.com/google.protobuf.Empty" };

export function tagBindingRoutes(world: World): Route[] {
  const bindings = world.store.collection<TagBinding>("tagBindings");

  /** Whoever may bind tags in a project; on what lies elsewhere only the estate's owner may. */
  function authorize(call: Call, parent: string, permission: string): void {
    const id = /\/projects\/([^/]+)/.exec(parent)?.[1];
    const project = id === undefined ? undefined : findProject(world, id);
    world.access.require(call.principal, permission, `projects/${project?.projectId ?? "unknown"}`);
  }

  function done(prefix: string, response: object) {
    return json(startOperation(world, { name: `operations/${prefix}.${randomDigits(12)}`, response }));
  }

  return [
    get("/v3/tagBindings", async (call) => {
      const parent = call.query.get("parent") ?? "";
      authorize(call, parent, "resourcemanager.projects.get");
      const found = bindings.values().filter((binding) => binding.parent === parent);
      return json(found.length === 0 ? {} : { tagBindings: found });
    }),
    post("/v3/tagBindings", async (call) => {
      const { parent = "", tagValue = "" } = await readBody<TagBinding>(call, { parent: "text", tagValue: "text" });
      if (!/^\/\/[\w.]+\/.+$/.test(parent)) throw googleError(400, "badRequest", `Invalid parent: "${parent}"`);
      if (!/^tagValues\/\d+$/.test(tagValue)) throw googleError(400, "badRequest", `Invalid tag value: "${tagValue}"`);
      authorize(call, parent, "resourcemanager.tagValueBindings.create");
      const binding: TagBinding = { name: nameOf(parent, tagValue), parent, tagValue };
      if (bindings.has(binding.name))
        throw googleError(409, "alreadyExists", "A binding already exists between the tag value and the resource.");
      bindings.put(binding.name, binding);
      return done("rctb.us", { ...binding, "@type": `${TYPE}.TagBinding` });
    }),
    del("/v3/tagBindings/{parent}/tagValues/{value}", async (call) => {
      const parent = call.param("parent");
      authorize(call, parent, "resourcemanager.tagValueBindings.delete");
      if (!bindings.delete(nameOf(parent, `tagValues/${call.param("value")}`))) {
        throw googleError(404, "notFound", "The tag binding was not found.");
      }
      return done("rdtb.us", EMPTY);
    }),
  ];
}

function nameOf(parent: string, tagValue: string): string {
  return `tagBindings/${encodeURIComponent(parent)}/${tagValue}`;
}
