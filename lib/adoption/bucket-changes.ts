import type { ObservedBucket } from "../cloud/observed";
import type { BucketRecipe } from "../model/recipe";

/** What the next plan changes on a bucket that exists, beside its policy, in words. */
export function bucketChanges(recipe: BucketRecipe, found: ObservedBucket): readonly string[] {
  const { name, deleteAfterDays, logsBucket } = recipe;
  const bucket = `gs://${name}`;
  const ages = found.deleteAfterDays;
  const wanted = deleteAfterDays === undefined ? [] : [deleteAfterDays];
  return [
    ...(found.isUniform === false
      ? [`${bucket}: gets uniform access. What single objects are granted by access control lists stops counting.`]
      : []),
    ...(ages !== undefined && String([...ages].sort()) !== String(wanted)
      ? [`${bucket}: objects are deleted ${days(wanted)}, now they are ${days(ages)}`]
      : []),
    ...(logsBucket !== undefined && found.isUniform !== undefined && found.logsBucket !== logsBucket
      ? [`${bucket}: access logs go to ${logsBucket}, now ${found.logsBucket ?? "nowhere"}`]
      : []),
    ...(recipe.isVersioned !== undefined && found.isVersioned !== recipe.isVersioned
      ? [`${bucket}: versioning is switched ${recipe.isVersioned ? "on" : "off"}`]
      : []),
  ];
}

/** Why a bucket can't be what the recipe says; Terraform would destroy it and make another. */
export function bucketObstacle({ name, location }: BucketRecipe, found: ObservedBucket): string | undefined {
  if (found.location === undefined || found.location.toUpperCase() === location.toUpperCase()) return undefined;
  return `gs://${name}: lies in ${found.location}, declared is ${location}. A bucket can't be moved: the plan would replace it. Declare another bucket for it (bucket, gcb-bucket), or copy its objects, delete it and let a deploy make it anew.`;
}

function days(ages: readonly number[]): string {
  return ages.length === 0 ? "never" : `after ${ages.join(" and ")} days`;
}
