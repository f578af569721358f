import { randomUUID } from "node:crypto";
import { googleError } from "../../http/errors";
import { type Call, get, json, post, type Route } from "../../http/service";
import type { World } from "../../state/world";
import { pageOf, pageToken } from "../listing";
import { startOperation } from "../operations";
import { openProject, requireService } from "../project-lookup";
import { readBody } from "../request-body";

/** `builds`, by `projects/ID/locations/L/builds/UUID`. */
interface BuildRecord {
  readonly id: string;
  readonly name: string;
  readonly projectId: string;
  readonly status: string;
  readonly statusDetail: string;
  readonly createTime: string;
  readonly steps?: readonly object[];
}

/**
 * Builds are recorded and never run: the sandbox has nothing to run containers with. So a build stays QUEUED until it is
 * cancelled, and says so itself.
 */
const NOT_RUN = "The sandbox records builds and does not run them.";

export function buildRoutes(world: World, path: string, isGlobal: boolean): Route[] {
  const builds = world.store.collection<BuildRecord>("builds");

  function parentOf(call: Call, permission: string) {
    const project = openProject(world, call.principal, call.param("project"), `cloudbuild.builds.${permission}`);
    requireService(world, project, "cloudbuild.googleapis.com");
    const location = isGlobal ? "global" : call.param("location");
    return { projectId: project.projectId, parent: `projects/${project.projectId}/locations/${location}/builds` };
  }

  function find(call: Call, permission: string): BuildRecord {
    const build = builds.get(`${parentOf(call, permission).parent}/${call.param("build")}`);
    if (build === undefined) throw googleError(404, "notFound", "Requested entity was not found.");
    return build;
  }

  return [
    post(`${path}/builds`, async (call) => {
      const body = await readBody<BuildRecord>(call, { steps: [{}] });
      const { projectId, parent } = parentOf(call, "create");
      if (!Array.isArray(body.steps) || body.steps.length === 0) {
        throw googleError(400, "badRequest", "invalid build: build step list is empty");
      }
      const id = randomUUID();
      const build: BuildRecord = {
        ...body,
        id,
        name: `${parent}/${id}`,
        projectId,
        status: "QUEUED",
        statusDetail: NOT_RUN,
        createTime: world.clock.timestamp(),
      };
      builds.put(build.name, build);
      const metadata = { "@type": "type.googleapis.com/google.devtools.cloudbuild.v1.BuildOperationMetadata", build };
      const name = `operations/build/${projectId}/${Buffer.from(id).toString("base64url")}`;
      return json(startOperation(world, { name, metadata, response: build }));
    }),
    get(`${path}/builds`, async (call) => {
      const newestFirst = builds
        .values(`${parentOf(call, "list").parent}/`)
        .sort((a, b) => (a.createTime < b.createTime ? 1 : -1));
      const page = pageOf(newestFirst, ({ id }) => id, {
        size: call.query.get("pageSize"),
        token: call.query.get("pageToken"),
        defaultSize: 100,
        largestSize: 1000,
      });
      return json({ ...(page.items.length === 0 ? {} : { builds: page.items }), ...pageToken(page) });
    }),
    get(`${path}/builds/{build}`, async (call) => json(find(call, "get"))),
    post(`${path}/builds/{build}:cancel`, async (call) => {
      const cancelled = { ...find(call, "update"), status: "CANCELLED" };
      builds.put(cancelled.name, cancelled);
      return json(cancelled);
    }),
  ];
}
