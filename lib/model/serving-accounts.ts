import type { Defaults } from "./defaults";

/** Address of a service account of a project. */
export function serviceAccountAddress(accountId: string, projectId: string): string {
  return `${accountId}@${projectId}.iam.gserviceaccount.com`;
}

/** The account that writes published files, and every other one that a filestore may name. Sorted. */
export function promoterAddresses({ serving, promoterServiceAccounts }: Defaults): readonly string[] {
  const own = serviceAccountAddress(serving.promoterAccountId, serving.projectId);
  return [...new Set([own, ...promoterServiceAccounts])].sort();
}

/** The account that plans and checks, and changes nothing. */
export function plannerAddress({ serving }: Defaults): string {
  return serviceAccountAddress(serving.plannerAccountId, serving.projectId);
}
