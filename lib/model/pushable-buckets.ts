import type { KnownProject, StagingProject } from "./projects";

/** Buckets of staging projects, those of their builds too: whoever may push there can also write what an object says of itself. */
export function pushableBuckets(
  projects: readonly KnownProject[],
  staging: readonly StagingProject[],
): ReadonlySet<string> {
  const ours = new Map(staging.map((project) => [project.projectId, project]));
  const staged = projects.filter(({ type }) => type === "staging");
  return new Set(
    staged.flatMap((project) => {
      const { bucket = project.projectId, gcbBucket = `${bucket}-gcb` } = ours.get(project.projectId) ?? project;
      return [bucket, gcbBucket];
    }),
  );
}
