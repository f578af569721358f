import type { Estate } from "../model/estate";

/** Whose bucket this is, as far as the inputs tell; undefined when it is nobody's. */
export function bucketOwner(bucket: string, { defaults, staging, projects }: Estate): string | undefined {
  const { serving, stateBucket, logsBucket } = defaults;
  const reserved = new Map([
    [serving.bucket, "production (serving.bucket)"],
    [serving.backupBucket, "the backup of production (serving.backup-bucket)"],
    [stateBucket, "Terraform (state-bucket)"],
    [logsBucket, "access logs (logs-bucket)"],
  ]);
  const ours = new Map(staging.map((project) => [project.projectId, project]));
  const own = staging.find((each) => each.mode === "project" && [each.bucket, each.gcbBucket].includes(bucket));
  // Projects of others keep candidates under their id, as the scripts made them.
  const other = projects.find(
    ({ projectId, type, bucket: named = projectId }) =>
      type === "staging" && !ours.has(projectId) && [named, `${named}-gcb`].includes(bucket),
  );
  return bucket === "" ? undefined : (reserved.get(bucket) ?? own?.projectId ?? other?.projectId);
}
