import { addressKey, principalKey, serviceKey } from "./address-keys";
import { bringsDefaultAccounts, defaultAccountsKey } from "./default-accounts";
import type {
  BucketRecipe,
  BuildAccountRecipe,
  ProjectGrant,
  ProjectRecipe,
  RegistryRecipe,
  SharedProjectRecipe,
  StagingRecipe,
} from "./recipe";

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

/** `google_project.project`: how plans, `terraform state` and import blocks name it. */
export function resourceAddress({ type, name }: PlannedResource): string {
  return `${type}.${name}`;
}

function projectResources({
  projectId,
  services,
  contacts,
  budget,
  isGuarded,
}: ProjectRecipe): readonly PlannedResource[] {
  return [
    { type: "google_project", name: "project", importId: projectId },
    ...services.map((service) => ({
      type: "google_project_service",
      name: serviceKey(service),
      importId: `${projectId}/${service}`,
    })),
    { type: "google_project_default_service_accounts", name: "default" },
    ...services.filter(bringsDefaultAccounts).map((service) => ({
      type: "google_project_default_service_accounts",
      name: defaultAccountsKey(service),
    })),
    ...(isGuarded ? [{ type: "google_resource_manager_lien", name: "deletion" }] : []),
    ...contacts.map((contact) => ({ type: "google_essential_contacts_contact", name: principalKey(contact) })),
    ...(budget === undefined
      ? []
      : [
          ...notifiedContacts(contacts).map((contact) => ({
            type: "google_monitoring_notification_channel",
            name: principalKey(contact),
          })),
          { type: "google_billing_budget", name: "monthly" },
        ]),
  ];
}

function grantResources(projectId: string, grants: readonly ProjectGrant[]): readonly PlannedResource[] {
  return grants.map(({ key, role, member }) => ({
    type: "google_project_iam_member",
    name: key,
    importId: `${projectId} ${role} ${member}`,
  }));
}

function buildAccountResources(projectId: string, account: BuildAccountRecipe | undefined): readonly PlannedResource[] {
  if (account === undefined) return [];
  const importId = `projects/${projectId}/serviceAccounts/${account.address}`;
  return [
    { type: "google_service_account", name: "builds", importId },
    { type: "google_service_account_iam_policy", name: "builds", importId },
  ];
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

/** A budget can tell at most five channels. */
export function notifiedContacts(contacts: readonly string[]): readonly string[] {
  return contacts.slice(0, 5);
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
  const name = addressKey(repository);
  const importId = `projects/${projectId}/locations/${location}/repositories/${repository}`;
  return [
    { type: "google_artifact_registry_repository", name, importId },
    { type: "google_artifact_registry_repository_iam_policy", name, importId },
  ];
}
