import type { StagingProject } from "../projects";
import type { Draft } from "./draft";

/**
 * Staging projects of ours before and after a change, without those that are shut down. None when defaults.yaml can't be
 * compared: what it decides for all of them is not known then.
 */
export function lastingProjects(base: Draft, head: Draft): readonly (readonly [StagingProject, StagingProject])[] {
  if (base.hasDefaultsFile !== head.hasDefaultsFile) return [];
  const after = new Map(head.staging.map((project) => [project.projectId, project]));
  return base.staging.flatMap((before) => {
    const now = after.get(before.projectId);
    const isOver = [before, now].some((project) => project?.retired?.step === "shut-down");
    return now === undefined || isOver ? [] : [[before, now] as const];
  });
}
