import { mergeGrants } from "./iam-policy";
import type { StagingProject } from "./projects";
import type { BuildAccountRecipe } from "./recipe";
import { buildAccountAddress, type StagingPrincipals } from "./staging-principals";

/**
 * The account that builds run as. Since 2024 Google chooses the default account of Compute Engine for builds of new
 * projects, which has no rights here. Whoever starts a build acts as its account: the build infrastructure's account,
 * and the team in a project of its own. In a shared project starting builds would include seeing and stopping those of
 * others, so only the build infrastructure starts them.
 */
export function buildAccountRecipe(
  project: StagingProject,
  { builders, step, iamOn }: StagingPrincipals,
): BuildAccountRecipe | undefined {
  const { buildAccountId, mode, name, group } = project;
  const address = buildAccountAddress(project);
  if (buildAccountId === undefined || address === undefined) return undefined;
  const team = mode === "project" && step === "active" ? [`group:${group}`] : [];
  return {
    accountId: buildAccountId,
    address,
    displayName: `Builds of ${name}`,
    policy: mergeGrants([
      { role: "roles/iam.serviceAccountUser", members: [...builders, ...team] },
      ...(iamOn.buildAccount ?? []),
    ]),
  };
}
