import type { TerraformStack } from "cdktf";
import { type PlannedResource, resourceAddress } from "../model/planned-resources";

/** Takes resources out of the state and leaves what they stand for as it is. Needs Terraform 1.7 or OpenTofu 1.10. */
export function forget(stack: TerraformStack, resources: readonly PlannedResource[]): void {
  if (resources.length === 0) return;
  stack.addOverride(
    "removed",
    resources.map((resource) => ({ from: resourceAddress(resource), lifecycle: { destroy: false } })),
  );
}
