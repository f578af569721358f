import { googleError } from "../../http/errors";
import { type Call, del, get, json, post, put, type Route } from "../../http/service";
import type { FolderRecord, ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { randomDigits } from "../identifiers";
import { pageOf, pageToken } from "../listing";
import { startOperation } from "../operations";
import { policyRoutes } from "../policy-routes";
import { findProject, projectsOf } from "../project-lookup";
import { readBody, type Shape, TEXT_MAP } from "../request-body";
import { fitsFilter } from "./project-filter";
import {
  checkOpenParent,
  createProject,
  deleteProject,
  parentName,
  requireActive,
  undeleteProject,
} from "./project-life";
import { checkLabels, checkName, checkParent } from "./project-rules";

/** Projects of the Resource Manager API, version 1. */
export function projectRoutesV1(world: World): Route[] {
  return [
    post("/v1/projects", async (call) => {
      const project = createProject(world, call.principal, await readBody<ProjectRecord>(call, BODY));
      return json(
        startOperation(world, {
          name: `operations/cp.${randomDigits(19)}`,
          metadata: {
            "@type": "type.googleapis.com/google.cloudresourcemanager.v1.ProjectCreationStatus",
            createTime: project.createTime,
            gettable: true,
            ready: true,
          },
          response: { ...project, "@type": "type.googleapis.com/google.cloudresourcemanager.v1.Project" },
        }),
      );
    }),
    get("/v1/projects", async (call) => {
      const found = projectsOf(world)
        .values()
        .filter((project) => fitsFilter(project, call.query.get("filter")))
        .filter(({ projectId }) => world.access.allows(call.principal, GET, `projects/${projectId}`));
      const page = pageOf(found, ({ projectId }) => projectId, {
        size: call.query.get("pageSize"),
        token: call.query.get("pageToken"),
        defaultSize: 500,
        largestSize: 1000,
      });
      return json({ ...(page.items.length === 0 ? {} : { projects: page.items }), ...pageToken(page) });
    }),
    get("/v1/projects/{project}", async (call) => json(visibleProject(world, call, GET))),
    put("/v1/projects/{project}", async (call) => {
      const wanted = await readBody<ProjectRecord>(call, BODY);
      const changed = updated(world, call, wanted);
      projectsOf(world).put(changed.projectId, changed);
      return json(changed);
    }),
    del("/v1/projects/{project}", async (call) => {
      deleteProject(world, visibleProject(world, call, "resourcemanager.projects.delete"));
      return json({});
    }),
    post("/v1/projects/{project}:undelete", async (call) => {
      undeleteProject(world, visibleProject(world, call, "resourcemanager.projects.undelete"));
      return json({});
    }),
    post("/v1/projects/{project}:getAncestry", async (call) => {
      return json({ ancestor: ancestry(world, visibleProject(world, call, GET)) });
    }),
    ...policyRoutes(world, {
      pattern: "/v1/projects/{project}",
      permissions: "resourcemanager.projects",
      resource: (call) => `projects/${knownProject(world, call.param("project")).projectId}`,
    }),
  ];
}

const BODY: Shape = { projectId: "text", name: "text", labels: TEXT_MAP, parent: { type: "text", id: "text" } };

const GET = "resourcemanager.projects.get";

/** The project of a call, deleted ones too; a missing one is a 403, as Google wouldn't say that it is missing. */
export function visibleProject(world: World, call: Call, permission: string): ProjectRecord {
  const id = call.param("project");
  const project = findProject(world, id);
  const name = `projects/${project?.projectId ?? id}`;
  if (project !== undefined && world.access.allows(call.principal, permission, name)) return project;
  // Whoever says nothing about himself is asked to, before anything else.
  if (call.principal === undefined) world.access.require(call.principal, permission, name);
  throw callerMayNot();
}

export function knownProject(world: World, id: string): ProjectRecord {
  const project = findProject(world, id);
  if (project === undefined) throw callerMayNot();
  return project;
}

function callerMayNot() {
  return googleError(403, "forbidden", "The caller does not have permission");
}

/** An update sends the whole project: what it leaves out, goes. Name, labels and parent can change. */
function updated(world: World, call: Call, wanted: Partial<ProjectRecord>): ProjectRecord {
  const project = visibleProject(world, call, "resourcemanager.projects.update");
  requireActive(project);
  const { name = project.name, labels, parent } = wanted;
  checkName(name);
  if (labels !== undefined) checkLabels(labels);
  checkParent(parent);
  const { labels: _labels, parent: before, ...rest } = project;
  if (parentName(parent ?? before) !== parentName(before)) {
    checkOpenParent(world, parent);
    world.access.require(call.principal, "resourcemanager.projects.move", `projects/${project.projectId}`);
    world.access.require(call.principal, "resourcemanager.projects.create", parentName(parent));
  }
  const after = parent ?? before;
  return {
    ...rest,
    name,
    ...(labels === undefined || Object.keys(labels).length === 0 ? {} : { labels }),
    ...(after === undefined ? {} : { parent: { type: after.type, id: String(after.id) } }),
  };
}

/** From the project up to what lies in nothing known. */
function ancestry(world: World, { projectId, parent }: ProjectRecord): readonly object[] {
  const folders = world.store.collection<FolderRecord>("folders");
  const names: string[] = [];
  let current = parent === undefined ? undefined : parentName(parent);
  while (current !== undefined && !names.includes(current)) {
    names.push(current);
    current = folders.get(current)?.parent;
  }
  return [`projects/${projectId}`, ...names].map((name) => {
    const [type = "", id = ""] = name.split("/");
    return { resourceId: { type: type.slice(0, -1), id } };
  });
}
