import { addressKey } from "./address-keys";
import {
  accountResources,
  bucketResources,
  grantResources,
  type PlannedResource,
  projectResources,
} from "./planned-resources";
import type { BuildAccountRecipe, RegistryRecipe, SharedProjectRecipe, StagingRecipe } from "./recipe";

/** The resources of a staging project's stack, with the ids under which existing ones are adopted. */
export function stagingResources(recipe: StagingRecipe): readonly PlannedResource[] {
  return recipe.step === "shut-down" ? [] : allResources(recipe);
}

/**
 * What shutting a project down takes out of the state without touching it. Google keeps a project that was shut down for
 * 30 days, whole; destroying its buckets one by one first would leave nothing to bring back.
 */
export function resourcesToForget(recipe: StagingRecipe): readonly PlannedResource[] {
  return allResources(recipe).filter(({ type }) => type !== "google_project");
}

function allResources(recipe: StagingRecipe): readonly PlannedResource[] {
  if (recipe.mode === "shared") {
    const folder = `b/${recipe.bucket}/managedFolders/${recipe.folder}`;
    return [
      { type: "google_storage_managed_folder", name: "staging", importId: `${recipe.bucket}/${recipe.folder}` },
      { type: "google_storage_managed_folder_iam_policy", name: "staging", importId: folder },
      ...buildAccountResources(recipe.projectId, recipe.buildAccount),
      ...grantResources(recipe.projectId, recipe.grants),
      ...sourcesResources(recipe),
      ...registryResources(recipe.projectId, recipe.registry),
    ];
  }
  const { projectId } = recipe.project;
  return [
    ...projectResources(recipe.project),
    ...buildAccountResources(projectId, recipe.buildAccount),
    ...grantResources(projectId, recipe.grants),
    ...recipe.buckets.flatMap((bucket) => bucketResources(projectId, bucket)),
    ...registryResources(projectId, recipe.registry),
  ];
}

function buildAccountResources(projectId: string, account: BuildAccountRecipe | undefined): readonly PlannedResource[] {
  if (account === undefined) return [];
  return accountResources(projectId, "builds", account.address);
}

function sourcesResources({ sources, folder }: SharedProjectRecipe): readonly PlannedResource[] {
  if (sources === undefined) return [];
  const { bucket } = sources;
  return [
    { type: "google_storage_managed_folder", name: "sources", importId: `${bucket}/${folder}` },
    {
      type: "google_storage_managed_folder_iam_policy",
      name: "sources",
      importId: `b/${bucket}/managedFolders/${folder}`,
    },
  ];
}

function registryResources(projectId: string, registry: RegistryRecipe | undefined): readonly PlannedResource[] {
  if (registry === undefined) return [];
  const { repository, location } = registry;
  const name = addressKey(repository);
  const importId = `projects/${projectId}/locations/${location}/repositories/${repository}`;
  return [
    { type: "google_artifact_registry_repository", name, importId },
    { type: "google_artifact_registry_repository_iam_policy", name, importId },
  ];
}
