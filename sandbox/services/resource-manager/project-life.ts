import { googleError } from "../../http/errors";
import type { Principal } from "../../http/service";
import { replacePolicy } from "../../iam/policy";
import type { FolderRecord, ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { digitsOf } from "../identifiers";
import { findProject, projectsOf } from "../project-lookup";
import { DEFAULT_SERVICES, enable } from "../service-usage/enablement";
import { blockingLien } from "./liens";
import { checkParent, checkProject } from "./project-rules";

/** Makes a project as Google does: a number, the default services, and its creator as owner. */
export function createProject(world: World, creator: Principal, wanted: Partial<ProjectRecord>): ProjectRecord {
  checkProject(wanted);
  checkParent(wanted.parent);
  const { projectId = "", name = projectId, labels, parent } = wanted;
  checkOpenParent(world, parent);
  world.access.require(creator, "resourcemanager.projects.create", parentName(parent));
  // A deleted project keeps its id: Google gives none out twice.
  if (projectsOf(world).has(projectId)) throw googleError(409, "alreadyExists", "Requested entity already exists");
  const project: ProjectRecord = {
    projectNumber: digitsOf(projectId, (digits) => findProject(world, digits) !== undefined),
    projectId,
    lifecycleState: "ACTIVE",
    name,
    createTime: world.clock.timestamp(),
    ...(labels === undefined || Object.keys(labels).length === 0 ? {} : { labels }),
    ...(parent === undefined ? {} : { parent: { type: parent.type, id: String(parent.id) } }),
  };
  projectsOf(world).put(projectId, project);
  const owner = creator ?? world.owner;
  replacePolicy(world, `projects/${projectId}`, { bindings: [{ role: "roles/owner", members: [owner] }] });
  for (const service of DEFAULT_SERVICES) enable(world, project, service);
  return project;
}

/** Marks a project as deleted, unless a lien holds it. What is in it stays where it is, out of reach. */
export function deleteProject(world: World, project: ProjectRecord): void {
  requireActive(project);
  const lien = blockingLien(world, project);
  if (lien !== undefined) {
    throw googleError(
      400,
      "failedPrecondition",
      `A lien to prevent deletion was placed on the project by [${lien.origin}]. Remove the lien to allow deletion.`,
      "FAILED_PRECONDITION",
    );
  }
  projectsOf(world).put(project.projectId, { ...project, lifecycleState: "DELETE_REQUESTED" });
}

export function undeleteProject(world: World, project: ProjectRecord): void {
  if (project.lifecycleState === "ACTIVE") throw failedPrecondition(`Project ${project.projectId} is not deleted.`);
  projectsOf(world).put(project.projectId, { ...project, lifecycleState: "ACTIVE" });
}

export function requireActive({ projectId, lifecycleState }: ProjectRecord): void {
  if (lifecycleState !== "ACTIVE") throw failedPrecondition(`Project ${projectId} is not active.`);
}

/** E.g. `folders/123`; a project without parent lies in no organization. */
export function parentName(parent: ProjectRecord["parent"]): string {
  return parent === undefined ? "organizations/none" : `${parent.type}s/${parent.id}`;
}

/** A folder that the sandbox knows must be there; others belong to an organization that it doesn't hold. */
export function checkOpenParent(world: World, parent: ProjectRecord["parent"]): void {
  if (parent?.type !== "folder") return;
  const folder = world.store.collection<FolderRecord>("folders").get(`folders/${parent.id}`);
  if (folder !== undefined && folder.state !== "ACTIVE") {
    throw failedPrecondition(`The parent folders/${parent.id} is not active.`);
  }
}

function failedPrecondition(message: string) {
  return googleError(400, "failedPrecondition", message, "FAILED_PRECONDITION");
}
