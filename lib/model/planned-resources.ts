import { principalKey, serviceKey } from "./address-keys";
import { bringsDefaultAccounts, defaultAccountsKey } from "./default-accounts";
import type { BucketRecipe, ProjectGrant, ProjectRecipe } from "./recipe";

/** A Terraform resource that a recipe becomes. */
export interface PlannedResource {
  /** E.g. `google_storage_bucket`. */
  readonly type: string;

  /** The second half of its address, e.g. `staging`. */
  readonly name: string;

  /** What `terraform import` calls the existing object; undefined where it can't be imported or has an id only Google knows. */
  readonly importId?: string;
}

/** `google_project.project`: how plans, `terraform state` and import blocks name it. */
export function resourceAddress({ type, name }: PlannedResource): string {
  return `${type}.${name}`;
}

/** Those whose address none of the others has. */
export function without(
  resources: readonly PlannedResource[],
  others: readonly PlannedResource[],
): readonly PlannedResource[] {
  const addresses = new Set(others.map(resourceAddress));
  return resources.filter((resource) => !addresses.has(resourceAddress(resource)));
}

/** `prefix` stands before each name: a stack may have two projects. */
export function projectResources(
  { projectId, services, contacts, budget, isGuarded }: ProjectRecipe,
  prefix = "",
): readonly PlannedResource[] {
  const resources = [
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
  return prefixed(prefix, resources);
}

export function grantResources(
  projectId: string,
  grants: readonly ProjectGrant[],
  prefix = "",
): readonly PlannedResource[] {
  const resources = grants.map(({ key, role, member }) => ({
    type: "google_project_iam_member",
    name: key,
    importId: `${projectId} ${role} ${member}`,
  }));
  return prefixed(prefix, resources);
}

/** A service account and who may act as it. */
export function accountResources(projectId: string, name: string, address: string): readonly PlannedResource[] {
  const importId = `projects/${projectId}/serviceAccounts/${address}`;
  return [
    { type: "google_service_account", name, importId },
    { type: "google_service_account_iam_policy", name, importId },
  ];
}

export function bucketResources(projectId: string, { key, name }: BucketRecipe): readonly PlannedResource[] {
  return [
    // With the bucket's name alone the provider forgets the project, and the next plan replaces the bucket.
    { type: "google_storage_bucket", name: key, importId: `${projectId}/${name}` },
    { type: "google_storage_bucket_iam_policy", name: key, importId: `b/${name}` },
  ];
}

/** A budget can tell at most five channels. */
export function notifiedContacts(contacts: readonly string[]): readonly string[] {
  return contacts.slice(0, 5);
}

function prefixed(prefix: string, resources: readonly PlannedResource[]): readonly PlannedResource[] {
  return resources.map((resource) => ({ ...resource, name: `${prefix}${resource.name}` }));
}
