import type { EstateReader } from "../cloud/observed";
import type { BuildAccountRecipe } from "../model/recipe";
import { type Found, hidden, nothing } from "./found";
import { policyDifference } from "./policy-difference";

/** A service account and who may act as it. */
export async function lookAtAccount(
  account: Pick<BuildAccountRecipe, "address" | "displayName" | "policy"> | undefined,
  projectId: string,
  reader: EstateReader,
): Promise<Found> {
  if (account === undefined) return nothing;
  const { address, displayName, policy } = account;
  const found = await reader.serviceAccount(projectId, address);
  if (found === undefined) return nothing;
  if (found === "forbidden") return hidden(address, projectId);
  const observed = await reader.serviceAccountPolicy(projectId, address);
  const isRenamed = found.displayName !== displayName;
  return {
    ids: [`projects/${projectId}/serviceAccounts/${address}`],
    policies: [policyDifference(address, policy, observed)],
    changes: isRenamed
      ? [`${address}: is displayed as ${JSON.stringify(displayName)}, now as ${JSON.stringify(found.displayName)}`]
      : [],
  };
}
