import type { StagingProject } from "../projects";
import type { Draft } from "./draft";

/** Staging projects that are ours before and after a change. */
export function projectPairs(base: Draft, head: Draft): readonly (readonly [StagingProject, StagingProject])[] {
  const after = new Map(head.staging.map((project) => [project.projectId, project]));
  return base.staging.flatMap((before) => {
    const now = after.get(before.projectId);
    return now === undefined ? [] : [[before, now] as const];
  });
}

/** Without those that are shut down. None when defaults.yaml can't be compared: what it decides for all of them is not known then. */
export function lastingProjects(base: Draft, head: Draft): readonly (readonly [StagingProject, StagingProject])[] {
  if (base.hasDefaultsFile !== head.hasDefaultsFile) return [];
  return projectPairs(base, head).filter((pair) => pair.every(({ retired }) => retired?.step !== "shut-down"));
}
