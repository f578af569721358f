import { reservedHost } from "../bucket-owners";
import type { StagingProject } from "../projects";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** A project of mode shared against the project that it shares. */
export function checkGuest(guest: StagingProject, draft: Draft, found: Findings): void {
  const { projectId, sharedProjectId, mode } = guest;
  const { error, place } = found;
  if (mode !== "shared") return;
  if (sharedProjectId === undefined) {
    const detail = 'Name the project with "shared-project", here or in the staging defaults.';
    error("project/shared", place(guest, "mode"), `${projectId}: mode shared needs a project to share`, detail);
    return;
  }
  const host = draft.staging.find((project) => project.projectId === sharedProjectId);
  const reserved = reservedHost(sharedProjectId, draft);
  if (reserved !== undefined) {
    const summary = `${projectId}: the shared project ${quote(sharedProjectId)} is that of ${reserved}`;
    const detail = "Who shares it could write into its bucket. Share a project that is there for it.";
    error("project/shared", place(guest, "shared-project"), summary, detail);
  } else if (host !== undefined) checkHost(guest, host, found);
  else if (draft.isComplete.infra && !draft.projects.some((known) => known.projectId === sharedProjectId)) {
    const near = found.guesses.nearest(
      sharedProjectId,
      draft.projects.map((known) => known.projectId),
    );
    const detail = near === undefined ? "List it under its type." : `Did you mean ${quote(near)}?`;
    const summary = `${projectId}: the shared project ${quote(sharedProjectId)} does not stand in infra.yaml`;
    error("project/shared", place(guest, "shared-project"), summary, detail);
  }
}

/** What Google would refuse, or what would take the ground from under a guest, in a shared project of ours. */
function checkHost(guest: StagingProject, host: StagingProject, { error, warn, place }: Findings): void {
  const say = (what: string, detail: string) =>
    error("project/shared", place(guest, "shared-project"), `${guest.projectId}: ${what}`, detail);
  if (host.mode === "shared") {
    say(
      `the shared project ${quote(host.projectId)} has no bucket of its own, it is a guest itself`,
      "Share a project of mode project.",
    );
  } else if (guest.retired !== undefined) {
    if (!host.isPublic || host.retired !== undefined) return;
    const summary = `${guest.projectId}: is retired, and what is left in its folder stays public with the bucket of ${quote(host.projectId)}`;
    warn("project/shared", place(guest, "retired"), summary, privateHost(host));
  } else if (host.retired !== undefined) {
    say(
      `the shared project ${quote(host.projectId)} is retired, and everything in it goes with it`,
      "Retire this project first, or share another one.",
    );
  } else if (host.isPublic && !guest.isPublic) {
    say(
      `is not public, and the whole bucket of ${quote(host.projectId)} that it shares is, its folder with it`,
      privateHost(host),
    );
  }
}

function privateHost({ projectId }: StagingProject): string {
  return `Write "public: false" in the block of ${projectId}: guests that are public are so by themselves, on their own folders.`;
}

/** Two stacks that declare one thing would each replace, or fail to make, what the other one made. */
export function checkTaken({ staging }: Draft, { error, place }: Findings): void {
  const owners = new Map<string, string>();
  for (const project of staging.filter(({ retired }) => retired?.step !== "shut-down")) {
    for (const { key, rule, id, what, repair } of ownThings(project)) {
      const owner = owners.get(id);
      const summary = `${project.projectId}: ${what} is that of ${owner} already`;
      if (owner === undefined) owners.set(id, project.projectId);
      else error(rule, place(project, key), summary, repair);
    }
  }
}

/** What a project declares by a name that is unique in the project it lies in. */
function ownThings(project: StagingProject) {
  const { projectId, sharedProjectId = projectId, mode, registry, buildAccountId } = project;
  const home = mode === "shared" ? sharedProjectId : projectId;
  const things = [];
  if (registry !== undefined) {
    const { repository, location } = registry;
    things.push({
      key: "registry",
      rule: "project/repository-taken",
      id: `${home}/${location}/${repository}`,
      what: `the repository ${quote(repository)} in ${home} (${location})`,
      repair: 'Set "repository" to another name; without one it is the staging name.',
    });
  }
  if (buildAccountId !== undefined) {
    things.push({
      key: "build-account",
      rule: "project/build-account-taken",
      id: `${home}/${buildAccountId}`,
      what: `the build account ${quote(buildAccountId)} in ${home}`,
      repair: 'Set "build-account" to another name; in mode shared the staging name stands behind it.',
    });
  }
  return things;
}
