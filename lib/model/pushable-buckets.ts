import type { KnownProject, StagingProject } from "./projects";

/** Buckets of staging projects: whoever may push there can also write what an object says of itself. */
export function pushableBuckets(
  projects: readonly KnownProject[],
  staging: readonly StagingProject[],
): ReadonlySet<string> {
  const ours = new Map(staging.map(({ projectId, bucket }) => [projectId, bucket]));
  const staged = projects.filter(({ type }) => type === "staging");
  return new Set(staged.map(({ projectId, bucket }) => ours.get(projectId) ?? bucket ?? projectId));
}
