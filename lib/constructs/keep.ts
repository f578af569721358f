import type { TerraformStack } from "cdktf";
import type { PlannedResource } from "../model/planned-resources";

/** What the schemas ask for where there is no instance that would have it. */
const ARGUMENTS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  google_project: { name: "not-declared", project_id: "not-declared" },
  google_storage_bucket: { name: "not-declared", location: "US" },
};

/**
 * Makes Terraform refuse any plan that would destroy these resources, none of which is declared. It reads what protects a
 * resource in the configuration alone, so each stays there, with no instance; where there never was one, that means nothing.
 */
export function keep(stack: TerraformStack, resources: readonly PlannedResource[]): void {
  for (const { type, name } of resources) {
    const kept = { ...ARGUMENTS[type], count: 0, lifecycle: { prevent_destroy: true } };
    stack.addOverride(`resource.${type}.${name}`, kept);
  }
}
