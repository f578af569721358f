import { StorageBucket, type StorageBucketLifecycleRule } from "@cdktf/provider-google/lib/storage-bucket";
import { StorageBucketIamPolicy } from "@cdktf/provider-google/lib/storage-bucket-iam-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { policyData } from "../model/iam-policy";
import type { BucketRecipe } from "../model/recipe";
import { literal } from "./literal";

export interface BucketProps {
  readonly projectId: string;
  readonly recipe: BucketRecipe;

  /** What has to be there before the bucket or those whom its policy names. */
  readonly dependsOn: readonly ITerraformDependable[];
}

const SECONDS_PER_DAY = 86_400;

/** A bucket with uniform access and one authoritative policy: exactly what the recipe declares, in one call. */
export class Bucket extends Construct {
  readonly resource: StorageBucket;

  constructor(scope: Construct, id: string, { projectId, recipe, dependsOn }: BucketProps) {
    super(scope, id);
    this.resource = new StorageBucket(this, "Resource", {
      project: projectId,
      name: recipe.name,
      location: recipe.location,
      storageClass: "STANDARD",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: recipe.isPublic ? "inherited" : "enforced",
      forceDestroy: recipe.destroyable === "any",
      ...(recipe.destroyable === "kept" ? { lifecycle: { preventDestroy: true } } : {}),
      ...(Object.keys(recipe.labels).length === 0 ? {} : { labels: { ...recipe.labels } }),
      dependsOn: [...dependsOn],
      ...lifetime(recipe),
      ...(recipe.isVersioned === undefined ? {} : { versioning: { enabled: recipe.isVersioned } }),
      ...(recipe.logsBucket === undefined
        ? {}
        : { logging: { logBucket: recipe.logsBucket, logObjectPrefix: recipe.name } }),
      ...(recipe.indexPage === undefined ? {} : { website: { mainPageSuffix: recipe.indexPage } }),
    });
    new StorageBucketIamPolicy(this, "Policy", {
      bucket: this.resource.name,
      policyData: literal(policyData(recipe.policy)),
      dependsOn: [...dependsOn],
    });
  }
}

function lifetime({ deleteAfterDays, retentionDays, isRetentionLocked = false, softDeleteDays }: BucketRecipe) {
  return {
    ...(deleteAfterDays === undefined ? {} : { lifecycleRule: [deleteAfter(deleteAfterDays)] }),
    ...(retentionDays === undefined
      ? {}
      : { retentionPolicy: { retentionPeriod: retentionDays * SECONDS_PER_DAY, isLocked: isRetentionLocked } }),
    ...(softDeleteDays === undefined
      ? {}
      : { softDeletePolicy: { retentionDurationSeconds: softDeleteDays * SECONDS_PER_DAY } }),
  };
}

function deleteAfter(age: number): StorageBucketLifecycleRule {
  // Google's provider and the stand-in spell a state that is left out differently: either takes on a state of the other.
  return { action: { type: "Delete" }, condition: { age, withState: "ANY" } };
}
