import { randomUUID } from "node:crypto";
import { googleError } from "../../http/errors";
import { type Call, del, get, json, patch, post, type Route } from "../../http/service";
import type { World } from "../../state/world";
import { pageOf, pageToken } from "../listing";
import { openProject, requireService } from "../project-lookup";
import { readBody } from "../request-body";

/** `triggers`, by `projects/ID/locations/L/triggers/UUID`. Everything else is as the caller gave it. */
interface TriggerRecord {
  readonly id: string;
  readonly name: string;
  readonly createTime: string;
  readonly resourceName: string;
}

/** Set by Google; what a caller says of them counts for nothing. */
const READ_ONLY = ["id", "createTime", "resourceName", "projectId", "triggerId"];

export function triggerRoutes(world: World, path: string, isGlobal: boolean): Route[] {
  const triggers = world.store.collection<TriggerRecord>("triggers");

  function parentOf(call: Call, permission: string): string {
    const project = openProject(world, call.principal, call.param("project"), `cloudbuild.builds.${permission}`);
    requireService(world, project, "cloudbuild.googleapis.com");
    return `projects/${project.projectId}/locations/${isGlobal ? "global" : call.param("location")}/triggers`;
  }

  /** By id or by name. */
  function find(call: Call, permission: string): TriggerRecord {
    const key = call.param("trigger");
    const found = triggers.values(`${parentOf(call, permission)}/`).find(({ id, name }) => id === key || name === key);
    if (found === undefined) throw googleError(404, "notFound", "Requested entity was not found.");
    return found;
  }

  function keep(parent: string, trigger: TriggerRecord) {
    if (!/^[a-z0-9][a-z0-9-]{0,63}$/i.test(trigger.name)) {
      throw googleError(
        400,
        "badRequest",
        `Invalid trigger name: "${trigger.name}", expected letters, digits and hyphens.`,
      );
    }
    const twin = triggers.values(`${parent}/`).find(({ name, id }) => name === trigger.name && id !== trigger.id);
    if (twin !== undefined) {
      throw googleError(409, "alreadyExists", `a trigger named "${trigger.name}" already exists`);
    }
    triggers.put(trigger.resourceName, trigger);
    return json(trigger);
  }

  return [
    post(`${path}/triggers`, async (call) => {
      const body = await readBody<TriggerRecord>(call, { name: "text", description: "text" });
      const parent = parentOf(call, "create");
      const id = randomUUID();
      return keep(parent, {
        ...without(body, READ_ONLY),
        id,
        name: body.name ?? `trigger-${id.slice(0, 8)}`,
        createTime: world.clock.timestamp(),
        resourceName: `${parent}/${id}`,
      });
    }),
    get(`${path}/triggers`, async (call) => {
      const page = pageOf(triggers.values(`${parentOf(call, "list")}/`), ({ resourceName }) => resourceName, {
        size: call.query.get("pageSize"),
        token: call.query.get("pageToken"),
        defaultSize: 100,
        largestSize: 1000,
      });
      return json({ ...(page.items.length === 0 ? {} : { triggers: page.items }), ...pageToken(page) });
    }),
    get(`${path}/triggers/{trigger}`, async (call) => json(find(call, "get"))),
    patch(`${path}/triggers/{trigger}`, async (call) => {
      const body = await readBody<TriggerRecord>(call, { name: "text", description: "text" });
      const { id, createTime, resourceName, name } = find(call, "update");
      const changed = { name, ...without(body, READ_ONLY), id, createTime, resourceName };
      return keep(parentOf(call, "update"), changed);
    }),
    del(`${path}/triggers/{trigger}`, async (call) => {
      triggers.delete(find(call, "delete").resourceName);
      return json({});
    }),
  ];
}

function without<T extends object>(body: T, keys: readonly string[]): T {
  // Keys left out are set again by the caller.
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key))) as T;
}
