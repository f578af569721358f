import { googleError } from "../../http/errors";
import { type Call, del, get, json, post, type Route } from "../../http/service";
import type { ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { findProject, openProject } from "../project-lookup";
import { readBody, TEXTS } from "../request-body";

/** `liens`, by `liens/NAME`. */
interface LienRecord {
  readonly name: string;

  /** `projects/NUMBER`. */
  readonly parent: string;
  readonly restrictions: readonly string[];
  readonly origin: string;
  readonly reason: string;
  readonly createTime: string;
}

const DELETION = "resourcemanager.projects.delete";

/** The lien that forbids deleting the project, if there is one. */
export function blockingLien(world: World, { projectNumber }: ProjectRecord): LienRecord | undefined {
  return liensOf(world)
    .values()
    .find(({ parent, restrictions }) => parent === `projects/${projectNumber}` && restrictions.includes(DELETION));
}

export function lienRoutes(world: World): Route[] {
  const liens = liensOf(world);

  function find(call: Call, permission: string): LienRecord {
    const lien = liens.get(`liens/${call.param("lien")}`);
    if (lien === undefined) throw googleError(404, "notFound", `Lien liens/${call.param("lien")} was not found.`);
    const project = findProject(world, lien.parent.slice("projects/".length));
    world.access.require(call.principal, permission, `projects/${project?.projectId}`);
    return lien;
  }

  function parentOf(call: Call, parent: string | null | undefined, permission: string): ProjectRecord {
    const id = /^projects\/([^/]+)$/.exec(parent ?? "")?.[1];
    if (id === undefined)
      throw googleError(400, "badRequest", `Invalid parent: "${parent ?? ""}", expected projects/ID`);
    return openProject(world, call.principal, id, permission);
  }

  return [
    post("/v1/liens", async (call) => {
      const {
        parent,
        restrictions = [],
        origin = "",
        reason = "",
      } = await readBody<LienRecord>(call, { parent: "text", restrictions: TEXTS, origin: "text", reason: "text" });
      const { projectNumber } = parentOf(call, parent, "resourcemanager.projects.updateLiens");
      if (restrictions.length === 0) throw googleError(400, "badRequest", "A lien needs at least one restriction.");
      const unknown = restrictions.find((restriction) => restriction !== DELETION);
      if (unknown !== undefined)
        throw googleError(400, "badRequest", `Invalid restriction: "${unknown}", known is ${DELETION}`);
      if (origin === "") throw googleError(400, "badRequest", "A lien needs an origin.");
      const lien: LienRecord = {
        name: `liens/p${projectNumber}-l${world.clock.nextMicros()}`,
        parent: `projects/${projectNumber}`,
        restrictions,
        origin,
        reason,
        createTime: world.clock.timestamp(),
      };
      liens.put(lien.name, lien);
      return json(lien);
    }),
    get("/v1/liens", async (call) => {
      const { projectNumber } = parentOf(call, call.query.get("parent"), "resourcemanager.projects.get");
      const found = liens.values().filter(({ parent }) => parent === `projects/${projectNumber}`);
      return json(found.length === 0 ? {} : { liens: found });
    }),
    get("/v1/liens/{lien}", async (call) => json(find(call, "resourcemanager.projects.get"))),
    del("/v1/liens/{lien}", async (call) => {
      liens.delete(find(call, "resourcemanager.projects.updateLiens").name);
      return json({});
    }),
  ];
}

function liensOf(world: World) {
  return world.store.collection<LienRecord>("liens");
}
