import type { EstateReader, ObservedCleanup, ObservedRepository } from "../cloud/observed";
import { CLEANUP_POLICY, type RegistryRecipe } from "../model/recipe";
import { days } from "./bucket-changes";
import { type Found, hidden, nothing } from "./found";
import { policyDifference } from "./policy-difference";

/** An Artifact Registry repository and who may do what with it. */
export async function lookAtRegistry(
  recipe: RegistryRecipe | undefined,
  projectId: string,
  reader: EstateReader,
): Promise<Found> {
  if (recipe === undefined) return nothing;
  const { location, repository, policy } = recipe;
  const found = await reader.repository(projectId, location, repository);
  if (found === undefined) return nothing;
  const name = `projects/${projectId}/locations/${location}/repositories/${repository}`;
  if (found === "forbidden") return hidden(name, projectId);
  const obstacle = obstacleOf(name, recipe, found);
  if (obstacle !== undefined) return { obstacles: [obstacle] };
  const observed = await reader.repositoryPolicy(projectId, location, repository);
  return { ids: [name], policies: [policyDifference(name, policy, observed)], changes: changesOf(name, recipe, found) };
}

/** What is chosen when a repository is made: another choice deletes it, with every image in it. */
function obstacleOf(name: string, { format }: RegistryRecipe, found: ObservedRepository): string | undefined {
  if (found.mode !== "STANDARD_REPOSITORY") {
    return `${name}: is a ${found.mode}, which is not made here: the plan would delete it. Declare another repository.`;
  }
  if (found.format === format) return undefined;
  return `${name}: holds ${found.format}, declared is ${format}: the plan would delete it with all that is in it. Declare its format, or another repository.`;
}

function changesOf(name: string, { deleteAfterDays }: RegistryRecipe, found: ObservedRepository): readonly string[] {
  const stays = (policy: ObservedCleanup) => deleteAfterDays !== undefined && policy.name === CLEANUP_POLICY;
  const lost = found.cleanupPolicies.filter((policy) => !stays(policy));
  const now = found.isCleanupDryRun ? undefined : found.cleanupPolicies.find(stays)?.deleteAfterDays;
  return [
    ...(found.isScanned ? [`${name}: what is pushed is not scanned any more`] : []),
    ...lost.map((policy) => `${name}: loses the cleanup policy ${JSON.stringify(policy.name)}`),
    ...(deleteAfterDays === undefined || now === deleteAfterDays
      ? []
      : [`${name}: what is older than ${days(deleteAfterDays)} is deleted`]),
  ];
}
