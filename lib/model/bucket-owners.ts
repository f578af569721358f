import type { Defaults } from "./defaults";
import type { Estate } from "./estate";
import type { Base } from "./filestore-base";

/** The buckets of defaults.yaml, each with whose it is: nobody pushes to them. */
export function reservedBuckets({ serving, stateBucket, logsBucket }: Defaults): ReadonlyMap<string, string> {
  const named: readonly (readonly [string | undefined, string])[] = [
    [serving.bucket, "production (serving.bucket)"],
    [serving.backupBucket, "the backup of production (serving.backup-bucket)"],
    [stateBucket, "Terraform (state-bucket)"],
    [logsBucket, "access logs (logs-bucket)"],
  ];
  return new Map(named.flatMap(([bucket, whose]) => (bucket ? [[bucket, whose] as const] : [])));
}

/** Whose a project is that nobody may share: it, or the bucket that its guests would get, is not for those who push. */
export function reservedHost(projectId: string, { projects, defaults }: Estate): string | undefined {
  const { serving } = defaults;
  if (projectId === serving.projectId) return "production (serving.project)";
  if (projectId === serving.backupProjectId) return "the backup of production (serving.backup-project)";
  const reserved = reservedBuckets(defaults);
  const named = projects.find((each) => each.projectId === projectId)?.bucket;
  return reserved.get(named ?? projectId) ?? reserved.get(projectId);
}

/** Whose each bucket is, as far as the inputs tell. */
export function bucketOwners({ defaults, staging, projects }: Estate): ReadonlyMap<string, string> {
  const ours = new Set(staging.map(({ projectId }) => projectId));
  // Projects of others keep candidates under their id, as the scripts made them.
  const others = projects.filter(({ type, projectId }) => type === "staging" && !ours.has(projectId));
  const own = staging.filter(({ mode }) => mode === "project");
  return new Map([
    ...others.flatMap(({ projectId, bucket = projectId, gcbBucket = `${bucket}-gcb` }) =>
      [bucket, gcbBucket].map((each) => [each, projectId] as const),
    ),
    ...own.flatMap(({ projectId, bucket, gcbBucket }) => [bucket, gcbBucket].map((each) => [each, projectId] as const)),
    ...reservedBuckets(defaults),
  ]);
}

/** Whose this bucket is; undefined when it is nobody's. */
export function bucketOwner(bucket: string, estate: Estate): string | undefined {
  return bucketOwners(estate).get(bucket);
}

/** Whose the bucket of a destination is, if it is there for something else than what is published. */
export function destinationOwner(
  { scheme, bucket }: Base,
  { serving }: Defaults,
  owners: ReadonlyMap<string, string>,
): string | undefined {
  return scheme === "gs" && bucket !== serving.bucket ? owners.get(bucket) : undefined;
}
