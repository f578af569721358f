import type { ObservedBucket } from "../cloud/observed";
import type { BucketRecipe } from "../model/recipe";
import { labelChanges } from "./label-changes";

const SECONDS_PER_DAY = 86_400;

/** What the next plan changes on a bucket that exists, beside its policy, in words. */
export function bucketChanges(recipe: BucketRecipe, found: ObservedBucket): readonly string[] {
  const bucket = `gs://${recipe.name}`;
  const { storageClass = "STANDARD", foreignSettings = [] } = found;
  return [
    ...(found.isUniform === false
      ? [`${bucket}: gets uniform access. What single objects are granted by access control lists stops counting.`]
      : []),
    ...(found.isKeptPrivate === recipe.isPublic
      ? [
          recipe.isPublic
            ? `${bucket}: public access is not forbidden any more`
            : `${bucket}: public access is forbidden, whatever a policy says`,
        ]
      : []),
    ...labelChanges(bucket, recipe.labels, found.labels),
    ...lifetimeChanges(bucket, recipe, found),
    ...loggingChanges(bucket, recipe, found),
    ...(recipe.isVersioned !== undefined && found.isVersioned !== recipe.isVersioned
      ? [`${bucket}: versioning is switched ${recipe.isVersioned ? "on" : "off"}`]
      : []),
    ...(recipe.indexPage !== undefined && found.indexPage !== recipe.indexPage
      ? [`${bucket}: a folder is served as its ${recipe.indexPage}, now as ${found.indexPage ?? "nothing"}`]
      : []),
    ...(storageClass === "STANDARD" ? [] : [`${bucket}: new objects get the class STANDARD, now ${storageClass}`]),
    ...foreignSettings.map((setting) => `${bucket}: loses ${setting}`),
  ];
}

function lifetimeChanges(bucket: string, recipe: BucketRecipe, found: ObservedBucket): readonly string[] {
  const { deleteAfterDays: ages, retentionSeconds = 0, softDeleteSeconds } = found;
  const { deleteAfterDays, retentionDays = 0, softDeleteDays } = recipe;
  const wanted = deleteAfterDays === undefined ? [] : [deleteAfterDays];
  const retention = retentionDays * SECONDS_PER_DAY;
  return [
    ...(ages !== undefined && String([...ages].sort()) !== String(wanted)
      ? [`${bucket}: objects are deleted ${after(wanted)}, now they are ${after(ages)}`]
      : []),
    ...(retention === retentionSeconds
      ? []
      : [
          `${bucket}: objects are kept for ${days(retentionDays)}, now for ${days(retentionSeconds / SECONDS_PER_DAY)}`,
        ]),
    ...(softDeleteDays !== undefined &&
    softDeleteSeconds !== undefined &&
    softDeleteSeconds !== softDeleteDays * SECONDS_PER_DAY
      ? [
          `${bucket}: deleted objects can be restored for ${days(softDeleteDays)}, now for ${days(softDeleteSeconds / SECONDS_PER_DAY)}`,
        ]
      : []),
  ];
}

/** The retention that the next deploy locks, of a bucket that exists or that it makes. */
export function retentionToLock(recipe: BucketRecipe, found?: ObservedBucket): readonly string[] {
  const { name, retentionDays = 0, isRetentionLocked = false } = recipe;
  return isRetentionLocked && !found?.isRetentionLocked
    ? [`gs://${name}: its retention of ${days(retentionDays)}`]
    : [];
}

function loggingChanges(bucket: string, { name, logsBucket }: BucketRecipe, found: ObservedBucket): readonly string[] {
  // Where nothing is known of the bucket's settings, nothing is said of them.
  if (found.isUniform === undefined) return [];
  if (found.logsBucket !== logsBucket) {
    return [`${bucket}: access logs go to ${logsBucket ?? "nowhere"}, now ${found.logsBucket ?? "nowhere"}`];
  }
  if (logsBucket === undefined || found.logsPrefix === undefined || found.logsPrefix === name) return [];
  return [`${bucket}: access logs are called ${name}, now ${found.logsPrefix}`];
}

/** Why a bucket can't be what the recipe says; Terraform would destroy it and make another. */
export function bucketObstacles(recipe: BucketRecipe, found: ObservedBucket): readonly string[] {
  const { name, location, retentionDays = 0, isRetentionLocked = false } = recipe;
  const { fixedSettings = [], retentionSeconds = 0 } = found;
  const retention = retentionDays * SECONDS_PER_DAY;
  const isElsewhere = found.location !== undefined && found.location.toUpperCase() !== location.toUpperCase();
  return [
    ...(isElsewhere
      ? [
          `gs://${name}: lies in ${found.location}, declared is ${location}. A bucket can't be moved: the plan would replace it. Declare where it lies (location, gcb-location), or another bucket (bucket, gcb-bucket).`,
        ]
      : []),
    ...fixedSettings.map(
      (setting) =>
        `gs://${name}: has ${setting}, which is chosen for good when a bucket is made: the plan would replace it. Declare another bucket for it (bucket, gcb-bucket).`,
    ),
    ...(found.isRetentionLocked && (!isRetentionLocked || retention < retentionSeconds)
      ? [
          `gs://${name}: its retention of ${days(retentionSeconds / SECONDS_PER_DAY)} is locked, and can't be taken away or shortened: the plan would replace the bucket. ${lockAdvice(recipe, retentionSeconds)}`,
        ]
      : []),
  ];
}

/** Only the buckets of published files are declared with a retention, all with the same. */
function lockAdvice({ retentionDays }: BucketRecipe, retentionSeconds: number): string {
  if (retentionDays === undefined) return "Declare another bucket for it (bucket, gcb-bucket, logs-bucket).";
  return `Declare it: serving.retention-locked: true, retention-days: ${retentionSeconds / SECONDS_PER_DAY}. That holds for the production bucket and for a backup bucket, one that is made later too: a deploy locks both for good, which nobody can undo.`;
}

function after(ages: readonly number[]): string {
  return ages.length === 0 ? "never" : `after ${ages.map(days).join(" and ")}`;
}

/** Also said of repositories. */
export function days(number: number): string {
  return number === 1 ? "1 day" : `${number} days`;
}
