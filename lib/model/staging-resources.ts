import { serviceKey } from "./address-keys";
import type { BucketRecipe, ProjectRecipe, RegistryRecipe, StagingRecipe } from "./recipe";

/** A Terraform resource that a recipe becomes. */
export interface PlannedResource {
  /** E.g. `google_storage_bucket`. */
  readonly type: string;

  /** The second half of its address, e.g. `staging`. */
  readonly name: string;

  /** What `terraform import` calls the existing object; undefined where it can't be imported or has an id only Google knows. */
  readonly importId?: string;
}

/** The resources of a staging project's stack, with the ids under which existing ones are adopted. */
export function stagingResources(recipe: StagingRecipe): readonly PlannedResource[] {
  if (recipe.step === "shut-down") return [];
  if (recipe.mode === "shared") {
    const folder = `b/${recipe.bucket}/managedFolders/${recipe.folder}`;
    return [
      { type: "google_storage_managed_folder", name: "staging", importId: `${recipe.bucket}/${recipe.folder}` },
      { type: "google_storage_managed_folder_iam_policy", name: "staging", importId: folder },
      ...registryResources(recipe.projectId, recipe.registry),
    ];
  }
  const { projectId } = recipe.project;
  return [
    ...projectResources(recipe.project),
    ...recipe.buckets.flatMap((bucket) => bucketResources(projectId, bucket)),
    ...registryResources(projectId, recipe.registry),
  ];
}

/** `google_project.project`: how plans, `terraform state` and import blocks name it. */
export function resourceAddress({ type, name }: PlannedResource): string {
  return `${type}.${name}`;
}

function projectResources({ projectId, services, grants, contacts, budget, isGuarded }: ProjectRecipe): readonly PlannedResource[] {
  return [
    { type: "google_project", name: "project", importId: projectId },
    ...services.map((service) => ({
      type: "google_project_service",
      name: serviceKey(service),
      importId: `${projectId}/${service}`,
    })),
    { type: "google_project_default_service_accounts", name: "default" },
    ...(isGuarded ? [{ type: "google_resource_manager_lien", name: "deletion" }] : []),
    ...grants.map(({ key, role, member }) => ({
      type: "google_project_iam_member",
      name: key,
      importId: `${projectId} ${role} ${member}`,
    })),
    ...contacts.map((contact) => ({ type: "google_essential_contacts_contact", name: contact })),
    ...(budget === undefined ? [] : [{ type: "google_billing_budget", name: "monthly" }]),
  ];
}

function bucketResources(projectId: string, { key, name }: BucketRecipe): readonly PlannedResource[] {
  return [
    // With the bucket's name alone the provider forgets the project, and the next plan replaces the bucket.
    { type: "google_storage_bucket", name: key, importId: `${projectId}/${name}` },
    { type: "google_storage_bucket_iam_policy", name: key, importId: `b/${name}` },
  ];
}

function registryResources(projectId: string, registry: RegistryRecipe | undefined): readonly PlannedResource[] {
  if (registry === undefined) return [];
  const { repository, location } = registry;
  const importId = `projects/${projectId}/locations/${location}/repositories/${repository}`;
  return [
    { type: "google_artifact_registry_repository", name: repository, importId },
    { type: "google_artifact_registry_repository_iam_policy", name: repository, importId },
  ];
}
