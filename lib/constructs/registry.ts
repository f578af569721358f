import { ArtifactRegistryRepository } from "@cdktf/provider-google/lib/artifact-registry-repository";
import { ArtifactRegistryRepositoryIamPolicy } from "@cdktf/provider-google/lib/artifact-registry-repository-iam-policy";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { addressKey } from "../model/address-keys";
import { policyData } from "../model/iam-policy";
import { CLEANUP_POLICY, type RegistryRecipe } from "../model/recipe";
import { literal } from "./literal";

export interface RegistryProps {
  readonly projectId: string;
  readonly recipe: RegistryRecipe;
  readonly dependsOn: readonly ITerraformDependable[];
}

/** An Artifact Registry repository with one authoritative policy. */
export class Registry extends Construct {
  constructor(scope: Construct, id: string, { projectId, recipe, dependsOn }: RegistryProps) {
    super(scope, id);
    const named = new Construct(this, addressKey(recipe.repository));
    const repository = new ArtifactRegistryRepository(named, "Resource", {
      project: projectId,
      location: recipe.location,
      repositoryId: recipe.repository,
      format: recipe.format,
      mode: "STANDARD_REPOSITORY",
      // Scanning every pushed image costs more than the images.
      vulnerabilityScanningConfig: { enablementConfig: "DISABLED" },
      cleanupPolicyDryRun: false,
      dependsOn: [...dependsOn],
      ...(recipe.deleteAfterDays === undefined ? {} : { cleanupPolicies: [deleteAfter(recipe.deleteAfterDays)] }),
    });
    new ArtifactRegistryRepositoryIamPolicy(named, "Policy", {
      project: projectId,
      location: repository.location,
      repository: repository.repositoryId,
      policyData: literal(policyData(recipe.policy)),
    });
  }
}

function deleteAfter(days: number) {
  return { id: CLEANUP_POLICY, action: "DELETE", condition: { olderThan: `${days * 86_400}s`, tagState: "ANY" } };
}
