import { principalKey, roleKey } from "./address-keys";
import { canonicalPrincipal } from "./iam-policy";
import type { ProjectGrant } from "./recipe";

/** Its address follows from role and member, whatever the reason: with the reason in it, another reason would move it. */
export function grant(role: string, principal: string): ProjectGrant {
  const member = canonicalPrincipal(principal);
  return { key: `${roleKey(role)}__${principalKey(member)}`, role, member };
}

/** Two reasons for the same grant make one resource: with two, dropping one reason would take the grant away. */
export function uniqueGrants(grants: readonly ProjectGrant[]): readonly ProjectGrant[] {
  return [...new Map(grants.map((each) => [`${each.role} ${each.member}`, each])).values()];
}
