import type { Serving } from "./defaults";
import { mergeGrants } from "./iam-policy";
import { isWorkload } from "./principals";
import type { IamGrant } from "./projects";
import { serviceAccountAddress } from "./serving-accounts";

/** A service account and who may act as it. */
export interface AccountRecipe {
  readonly key: "promoter" | "planner";
  readonly accountId: string;
  readonly address: string;
  readonly displayName: string;

  /** The whole policy of the account itself, workload identities aside. */
  readonly policy: readonly IamGrant[];
}

/** The accounts that publish, and that plan and check. */
export function servingAccounts(serving: Serving): readonly AccountRecipe[] {
  const { projectId, promoterAccountId, plannerAccountId, impersonators } = serving;
  const account = (key: AccountRecipe["key"], accountId: string, displayName: string): AccountRecipe => ({
    key,
    accountId,
    address: serviceAccountAddress(accountId, projectId),
    displayName,
    policy: actingAs(impersonators?.[key] ?? []),
  });
  return [
    account("promoter", promoterAccountId, "Publishes verified files"),
    account("planner", plannerAccountId, "Plans and checks, changes nothing"),
  ];
}

/** A workload trades its own token for one of the account; a Google account asks for one. */
function actingAs(actors: readonly string[]): readonly IamGrant[] {
  return mergeGrants([
    { role: "roles/iam.serviceAccountTokenCreator", members: actors.filter((actor) => !isWorkload(actor)) },
    { role: ACT_AS, members: actors.filter(isWorkload) },
  ]);
}

const ACT_AS = "roles/iam.workloadIdentityUser";

/** Ids of the pool that lets jobs of GitHub in, and of its provider. */
export const FEDERATION_POOL = "github";
export const FEDERATION_PROVIDER = "actions";

/**
 * Jobs of GitHub that may act as an account: as the promoter those of the repositories' `main` branch, which is what was
 * reviewed and merged; as the planner all, those of pull requests included.
 */
export function federatedActors(
  key: AccountRecipe["key"],
  poolName: string,
  repositories: readonly string[],
): readonly IamGrant[] {
  if (repositories.length === 0) return [];
  const pool = `principalSet://iam.googleapis.com/${poolName}`;
  const attribute = (repository: string) =>
    key === "promoter" ? `place/${repository}@refs/heads/main` : `repository/${repository}`;
  return [{ role: ACT_AS, members: repositories.map((each) => `${pool}/attribute.${attribute(each)}`) }];
}
