import { type GoogleError, googleError } from "../http/errors";
import type { Principal } from "../http/service";
import type { ProjectRecord } from "../state/records";
import type { World } from "../state/world";
import { behaviourOf } from "./behaviour";

export function projectsOf(world: World) {
  return world.store.collection<ProjectRecord>("projects");
}

/** The project of that id or number, whatever its state. */
export function findProject(world: World, idOrNumber: string): ProjectRecord | undefined {
  const projects = projectsOf(world);
  if (!/^\d+$/.test(idOrNumber)) return projects.get(idOrNumber);
  return projects.values().find(({ projectNumber }) => projectNumber === idOrNumber);
}

/**
 * The live project in which a call is to happen. Google answers 403 for one that doesn't exist, as for one that the
 * caller may not see, so that nobody learns which ids are taken.
 */
export function openProject(world: World, principal: Principal, idOrNumber: string, permission: string): ProjectRecord {
  const project = findProject(world, idOrNumber);
  world.access.require(principal, permission, `projects/${project?.projectId ?? idOrNumber}`);
  if (project === undefined) throw noSuchProject(idOrNumber);
  if (project.lifecycleState !== "ACTIVE") {
    throw googleError(403, "forbidden", `Permission denied on resource project ${idOrNumber}: it is pending deletion.`);
  }
  return project;
}

export function noSuchProject(idOrNumber: string): GoogleError {
  return googleError(403, "forbidden", `Project '${idOrNumber}' not found or permission denied.`);
}

/** Refuses what Google refuses while the project has not enabled the API, if the sandbox is told to be that strict. */
export function requireService(world: World, { projectId, projectNumber }: ProjectRecord, service: string): void {
  if (!behaviourOf(world).checkEnabledServices || isEnabled(world, projectId, service)) return;
  throw googleError(
    403,
    "accessNotConfigured",
    `API ${service} has not been used in project ${projectNumber} before or it is disabled. Enable it, then retry. If you enabled it recently, wait a few minutes for it to take effect.`,
  );
}

/** `services`, by `PROJECT-ID/SERVICE`: present means enabled. */
export function enabledServices(world: World) {
  return world.store.collection<{ readonly state: "ENABLED" }>("services");
}

export function isEnabled(world: World, projectId: string, service: string): boolean {
  return enabledServices(world).has(`${projectId}/${service}`);
}
