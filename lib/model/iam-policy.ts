import type { IamGrant } from "./projects";

/** Reading for everybody; the only place where the word stands. */
export const EVERYBODY = "allUsers";

/**
 * IAM compares addresses without case, so a policy is written as IAM gives it back; workload identities keep theirs, and
 * the kind of what was deleted, as in `deleted:serviceAccount:ADDRESS?uid=1`, does as well.
 */
export function canonicalPrincipal(principal: string): string {
  const [kind] = /^(?:deleted:)?(?!deleted:|principal)\w+:/.exec(principal) ?? [principal];
  return kind + principal.slice(kind.length).toLowerCase();
}

/** One entry per role, sorted, members sorted and each once; roles that nobody holds are left out. */
export function mergeGrants(grants: readonly IamGrant[]): readonly IamGrant[] {
  const byRole = new Map<string, Set<string>>();
  for (const { role, members } of grants) {
    const known = byRole.get(role) ?? new Set();
    for (const member of members) known.add(canonicalPrincipal(member));
    byRole.set(role, known);
  }
  return [...byRole]
    .filter(([, members]) => members.size > 0)
    .map(([role, members]) => ({ role, members: [...members].sort() }))
    .sort((a, b) => (a.role < b.role ? -1 : 1));
}

/** The policy as the Google provider keeps it in its state, byte for byte, so that a plan has nothing to reformat. */
export function policyData(grants: readonly IamGrant[]): string {
  return JSON.stringify({ bindings: mergeGrants(grants).map(({ role, members }) => ({ members, role })) });
}

/**
 * What Cloud Storage itself grants on a bucket to the owners, editors and viewers of its project. An authoritative policy
 * has to repeat it, or nobody could administer the bucket by way of the project.
 */
export function projectGrantsOnBucket(projectId: string): readonly IamGrant[] {
  return [
    { role: "roles/storage.legacyBucketOwner", members: [`projectEditor:${projectId}`, `projectOwner:${projectId}`] },
    { role: "roles/storage.legacyBucketReader", members: [`projectViewer:${projectId}`] },
  ];
}
