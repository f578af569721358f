import type { EstateReader, ObservedBucket } from "../cloud/observed";
import type { IamGrant } from "../model/projects";
import type { BucketRecipe } from "../model/recipe";
import { bucketChanges, bucketObstacles, retentionToLock } from "./bucket-changes";
import { type Found, nothing } from "./found";
import { policyDifference } from "./policy-difference";

export interface BucketPlace {
  readonly projectId: string;
  readonly projectNumber: string;

  /** Where another name for the bucket is declared, e.g. `bucket`. */
  readonly key: string;
}

export async function lookAtBucket(bucket: BucketRecipe, place: BucketPlace, reader: EstateReader): Promise<Found> {
  const found = await reader.bucket(bucket.name);
  if (found === undefined) return { toLock: retentionToLock(bucket) };
  if (found === "forbidden") return { obstacles: [forbidden(bucket, place)] };
  if (found.projectNumber !== place.projectNumber) return { obstacles: [ofAnother(bucket, found, place)] };
  const obstacles = bucketObstacles(bucket, found);
  if (obstacles.length > 0) return { obstacles };
  return {
    ids: [`b/${bucket.name}`, `${place.projectId}/${bucket.name}`],
    policies: [policyDifference(`gs://${bucket.name}`, bucket.policy, await reader.bucketPolicy(bucket.name))],
    changes: bucketChanges(bucket, found),
    toLock: retentionToLock(bucket, found),
    undeclared: bucket.isVersioned === undefined && found.isVersioned ? [`versioning of gs://${bucket.name}`] : [],
  };
}

function forbidden({ name }: BucketRecipe, { key }: BucketPlace): string {
  return `gs://${name}: exists, and these credentials may not look at it. If it is the project's own, run this as somebody with roles/viewer there; else declare another with "${key}".`;
}

function ofAnother({ name }: BucketRecipe, found: ObservedBucket, { projectNumber, key }: BucketPlace): string {
  return `gs://${name}: belongs to the project with the number ${found.projectNumber}, not to this one (${projectNumber}). Names of buckets are unique in the world: declare another with "${key}".`;
}

/** A managed folder of a shared bucket. */
export async function lookAtManagedFolder(
  bucket: string,
  folder: string,
  declared: readonly IamGrant[],
  reader: EstateReader,
): Promise<Found> {
  if (!(await reader.managedFolder(bucket, folder))) return nothing;
  const observed = await reader.managedFolderPolicy(bucket, folder);
  return {
    ids: [`${bucket}/${folder}`, `b/${bucket}/managedFolders/${folder}`],
    policies: [policyDifference(`gs://${bucket}/${folder}`, declared, observed)],
  };
}
