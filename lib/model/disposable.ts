import type { BucketRecipe, ProjectRecipe, StagingRecipe } from "./recipe";
import type { BackupRecipe, ServingRecipe } from "./serving-recipe";

/**
 * The same without anything that keeps it from being destroyed. Only for a sandbox that is to be torn down with
 * `cdktf destroy`: of a real estate, nothing goes but by retirement.
 */
export function disposableStaging(recipe: StagingRecipe): StagingRecipe {
  if (recipe.mode === "shared") return recipe;
  return { ...recipe, project: withoutGuards(recipe.project), buckets: recipe.buckets.map(disposableBucket) };
}

export function disposableServing(recipe: ServingRecipe): ServingRecipe {
  return {
    ...recipe,
    ...(recipe.project === undefined ? {} : { project: withoutGuards(recipe.project) }),
    buckets: recipe.buckets.map(disposableBucket),
    ...(recipe.backup === undefined ? {} : { backup: disposableBackup(recipe.backup) }),
    ...(recipe.whole === undefined ? {} : { whole: disposableServing(recipe.whole) }),
    isGuarded: false,
  };
}

function disposableBackup(backup: BackupRecipe): BackupRecipe {
  return {
    ...backup,
    ...(backup.project === undefined ? {} : { project: withoutGuards(backup.project) }),
    buckets: backup.buckets.map(disposableBucket),
  };
}

function withoutGuards(project: ProjectRecipe): ProjectRecipe {
  return { ...project, isGuarded: false };
}

function disposableBucket({ retentionDays: _, ...bucket }: BucketRecipe): BucketRecipe {
  return { ...bucket, destroyable: "any" };
}
