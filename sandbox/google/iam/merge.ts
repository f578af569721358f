import { type Binding, normalized, type Policy, sameBinding, spelling } from "./policy";

/** One member of one role. */
export interface Grant extends Omit<Binding, "members"> {
  readonly member: string;
}

export function addMember(policy: Policy, { member, ...key }: Grant): Policy {
  return { ...policy, bindings: normalized([...(policy.bindings ?? []), { ...key, members: [member] }]) };
}

export function removeMember(policy: Policy, { member, ...key }: Grant): Policy {
  const bindings = (policy.bindings ?? []).map((binding) =>
    sameBinding(binding, key)
      ? { ...binding, members: binding.members.filter((one) => spelling(one) !== spelling(member)) }
      : binding,
  );
  return { ...policy, bindings: normalized(bindings) };
}

/** Takes a member out of every role. */
export function removeFromAll(policy: Policy, member: string): Policy {
  const bindings = (policy.bindings ?? []).map((binding) => ({
    ...binding,
    members: binding.members.filter((one) => spelling(one) !== spelling(member)),
  }));
  return { ...policy, bindings: normalized(bindings) };
}

/** Makes `binding` the only one of its role and condition. */
export function replaceBinding(policy: Policy, binding: Binding): Policy {
  const others = (policy.bindings ?? []).filter((one) => !sameBinding(one, binding));
  return { ...policy, bindings: normalized([...others, binding]) };
}
