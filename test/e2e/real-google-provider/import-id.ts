/** A resource in `terraform show -json`. */
export interface StateResource {
  readonly address: string;
  readonly type: string;

  // biome-ignore lint/suspicious/noExplicitAny: attributes differ by type
  readonly values: Readonly<Record<string, any>>;
}

/** The id by which the provider imports a resource; undefined if it imports none of that type. */
export function importId({ type, values }: StateResource): string | undefined {
  switch (type) {
    case "google_project_default_service_accounts":
      return undefined;
    case "google_project":
      return values.project_id;
    case "google_project_service":
      return `${values.project}/${values.service}`;
    case "google_project_iam_member":
      return words(values.project, values.role, values.member, values.condition[0]?.title);
    case "google_project_iam_audit_config":
      return words(values.project, values.service);
    case "google_service_account_iam_member":
      return words(values.service_account_id, values.role, values.member);
    case "google_artifact_registry_repository_iam_member":
      return words(values.repository, values.role, values.member);
    case "google_storage_bucket":
      return `${values.project}/${values.name}`;
    case "google_resource_manager_lien":
      return `${values.parent.slice("projects/".length)}/${values.name}`;
    default:
      return values.id;
  }
}

function words(...parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(" ");
}
