import type { ObservedPolicy } from "../cloud/observed";
import { mergeGrants } from "../model/iam-policy";
import type { IamGrant } from "../model/projects";

/** What an authoritative policy would change: one line per role and principal. */
export interface PolicyDifference {
  /** The resource whose policy it is, e.g. `gs://k8s-staging-kops`. */
  readonly on: string;
  readonly takesAway: readonly GrantedRole[];
  readonly gives: readonly GrantedRole[];

  /** What is granted under a condition would go, as declared policies have none. */
  readonly conditional: readonly ConditionalRole[];
}

export interface GrantedRole {
  readonly role: string;
  readonly member: string;
}

export interface ConditionalRole extends GrantedRole {
  /** Title of the condition. */
  readonly condition: string;
}

export function policyDifference(
  on: string,
  declared: readonly IamGrant[],
  observed: ObservedPolicy,
): PolicyDifference {
  const wanted = keys(declared);
  const found = keys(observed.grants);
  return {
    on,
    takesAway: [...found].filter(([key]) => !wanted.has(key)).map(([, grant]) => grant),
    gives: [...wanted].filter(([key]) => !found.has(key)).map(([, grant]) => grant),
    conditional: observed.conditional.flatMap(({ role, members, condition }) =>
      members.map((member) => ({ role, member, condition })),
    ),
  };
}

export function isSame({ takesAway, gives, conditional }: PolicyDifference): boolean {
  return takesAway.length + gives.length + conditional.length === 0;
}

function keys(grants: readonly IamGrant[]): ReadonlyMap<string, GrantedRole> {
  const pairs = mergeGrants(grants).flatMap(({ role, members }) => members.map((member) => ({ role, member })));
  return new Map(pairs.map((pair) => [`${pair.role} ${pair.member}`, pair]));
}
