import { createHash } from "node:crypto";
import { googleError } from "../../http/errors";
import { type Call, del, get, json, patch, post, type Route } from "../../http/service";
import type { ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { applyMask } from "../field-mask";
import { randomDigits } from "../identifiers";
import { pageOf, pageToken } from "../listing";
import { startOperation } from "../operations";
import { policyRoutes } from "../policy-routes";
import { projectsOf } from "../project-lookup";
import { readBody, type Shape, TEXT_MAP } from "../request-body";
import { fitsFilter } from "./project-filter";
import { createProject, deleteProject, parentName, requireActive, undeleteProject } from "./project-life";
import { checkLabels, checkName } from "./project-rules";
import { knownProject, visibleProject } from "./projects-v1";

interface ProjectV3 {
  readonly projectId: string;
  readonly displayName: string;
  readonly parent: string;
  readonly labels: Readonly<Record<string, string>>;
}

const BODY: Shape = { projectId: "text", displayName: "text", parent: "text", labels: TEXT_MAP };
const TYPE = "type.googleapis.com/google.cloud.resourcemanager.v3";
const GET = "resourcemanager.projects.get";

/** Projects of the Resource Manager API, version 3: the same projects in other words. */
export function projectRoutesV3(world: World): Route[] {
  function operation(prefix: string, metadata: string, project: ProjectRecord) {
    return json(
      startOperation(world, {
        name: `operations/${prefix}.${randomDigits(19)}`,
        metadata: { "@type": `${TYPE}.${metadata}` },
        response: { ...wire(project), "@type": `${TYPE}.Project` },
      }),
    );
  }

  function list(call: Call, fits: (project: ProjectRecord) => boolean) {
    const found = projectsOf(world)
      .values()
      .filter((project) => fits(project) && world.access.allows(call.principal, GET, `projects/${project.projectId}`));
    const page = pageOf(found, ({ projectId }) => projectId, {
      size: call.query.get("pageSize"),
      token: call.query.get("pageToken"),
      defaultSize: 100,
      largestSize: 300,
    });
    return json({ ...(page.items.length === 0 ? {} : { projects: page.items.map(wire) }), ...pageToken(page) });
  }

  return [
    post("/v3/projects", async (call) => {
      const { projectId, displayName, parent, labels } = await readBody<ProjectV3>(call, BODY);
      const above = parent === undefined ? undefined : parentOf(parent);
      const wanted = { projectId, name: displayName, labels, parent: above };
      const stated = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
      return operation("cp", "CreateProjectMetadata", createProject(world, call.principal, stated));
    }),
    get("/v3/projects", async (call) => {
      const parent = call.query.get("parent");
      if (parent === null) throw googleError(400, "badRequest", "parent must be given");
      return list(call, (project) => project.lifecycleState === "ACTIVE" && parentName(project.parent) === parent);
    }),
    get("/v3/projects:search", async (call) => list(call, (project) => fitsFilter(project, call.query.get("query")))),
    get("/v3/projects/{project}", async (call) => json(wire(visibleProject(world, call, GET)))),
    patch("/v3/projects/{project}", async (call) => {
      const { displayName, labels } = await readBody<ProjectV3>(call, BODY);
      const project = visibleProject(world, call, "resourcemanager.projects.update");
      requireActive(project);
      const mask = call.query.get("updateMask")?.replaceAll(/display_?[nN]ame/g, "name");
      const changed = applyMask(project, { name: displayName, labels }, mask, ["name", "labels"]);
      checkName(changed.name);
      checkLabels(changed.labels ?? {});
      projectsOf(world).put(project.projectId, changed);
      return operation("up", "UpdateProjectMetadata", changed);
    }),
    del("/v3/projects/{project}", async (call) => {
      const project = visibleProject(world, call, "resourcemanager.projects.delete");
      deleteProject(world, project);
      return operation("dp", "DeleteProjectMetadata", knownProject(world, project.projectId));
    }),
    post("/v3/projects/{project}:undelete", async (call) => {
      const project = visibleProject(world, call, "resourcemanager.projects.undelete");
      undeleteProject(world, project);
      return operation("udp", "UndeleteProjectMetadata", knownProject(world, project.projectId));
    }),
    ...policyRoutes(world, {
      pattern: "/v3/projects/{project}",
      permissions: "resourcemanager.projects",
      resource: (call) => `projects/${knownProject(world, call.param("project")).projectId}`,
    }),
  ];
}

function parentOf(name: string): NonNullable<ProjectRecord["parent"]> {
  const [, type, id = ""] = /^(organization|folder)s\/(\d+)$/.exec(name) ?? [];
  if (type !== "organization" && type !== "folder") {
    throw googleError(400, "badRequest", `Invalid parent: "${name}", expected organizations/N or folders/N.`);
  }
  return { type, id };
}

function wire(project: ProjectRecord): object {
  const { projectId, projectNumber, name, lifecycleState, createTime, labels, parent } = project;
  return {
    name: `projects/${projectNumber}`,
    ...(parent === undefined ? {} : { parent: parentName(parent) }),
    projectId,
    state: lifecycleState,
    displayName: name,
    createTime,
    updateTime: createTime,
    etag: `W/"${createHash("sha256").update(JSON.stringify(project)).digest("hex").slice(0, 16)}"`,
    ...(labels === undefined ? {} : { labels }),
  };
}
