import { type Entries, isEntries, type Value } from "../../../lib/tfplugin/types";
import type { Driver } from "../driver";
import { addMember, removeMember, replaceBinding } from "./merge";
import { type IamParent, parseParent, sameParent } from "./parents";
import { type Binding, type Condition, type Policy, sameBinding, spelling } from "./policy";
import { changePolicy, findPolicy } from "./policy-change";
import { policyDriver } from "./policy-driver";

/** `<prefix>_iam_member`, `_iam_binding` and `_iam_policy` of a parent. */
export function iamDrivers(parent: IamParent): readonly Driver[] {
  return [memberDriver(parent), bindingDriver(parent), policyDriver(parent)];
}

/** One member of one role, beside whatever others there are. */
function memberDriver(parent: IamParent): Driver {
  const idOf = (state: Entries) => [parent.name(state), state.role, state.member, ...conditionWords(state)].join("/");
  return {
    type: `${parent.prefix}_iam_member`,
    traits: {
      forceNew: [...parent.attributes, "role", "member", "condition"],
      same: {
        ...sameParent(parent),
        member: (prior, planned) => spelling(String(prior)) === spelling(String(planned)),
      },
    },

    async create(planned, api) {
      await changePolicy(parent, planned, api, (policy) =>
        addMember(policy, { ...roleOf(planned), member: String(planned.member) }),
      );
      return { id: idOf(planned) };
    },

    async read(state, api) {
      const policy = await findPolicy(parent, state, api);
      const binding = policy && findBinding(policy, state);
      if (!binding?.members.some((member) => spelling(member) === spelling(String(state.member)))) return undefined;
      return {
        ...state,
        ...parent.stored?.(state),
        id: idOf(state),
        condition: conditionBlock(binding),
        etag: policy?.etag,
      };
    },

    async delete(state, api) {
      await changePolicy(parent, state, api, (policy) =>
        removeMember(policy, { ...roleOf(state), member: String(state.member) }),
      );
    },

    import(id) {
      const [name = "", role, member, ...title] = id.split(/\s+/);
      const state = { ...parseParent(parent, name), role, member, ...importedCondition(title) };
      return { ...state, id: idOf(state) };
    },
  };
}

/** All members of one role. */
function bindingDriver(parent: IamParent): Driver {
  const idOf = (state: Entries) => [parent.name(state), state.role, ...conditionWords(state)].join("/");
  const wanted = (state: Entries): Binding => ({
    ...roleOf(state),
    members: (state.members ?? []) as readonly string[],
  });
  return {
    type: `${parent.prefix}_iam_binding`,
    traits: {
      forceNew: [...parent.attributes, "role", "condition"],
      same: { ...sameParent(parent), members: sameMembers },
    },

    async create(planned, api) {
      await changePolicy(parent, planned, api, (policy) => replaceBinding(policy, wanted(planned)));
      return { id: idOf(planned) };
    },

    async read(state, api) {
      const policy = await findPolicy(parent, state, api);
      if (policy === undefined) return undefined;
      const binding = findBinding(policy, state);
      const members = binding?.members ?? [];
      return {
        ...state,
        ...parent.stored?.(state),
        id: idOf(state),
        members: [...members],
        condition: conditionBlock(roleOf(state)),
        etag: policy.etag,
      };
    },

    async update(_, planned, api) {
      await changePolicy(parent, planned, api, (policy) => replaceBinding(policy, wanted(planned)));
    },

    async delete(state, api) {
      await changePolicy(parent, state, api, (policy) => replaceBinding(policy, { ...wanted(state), members: [] }));
    },

    import(id) {
      const [name = "", role, ...title] = id.split(/\s+/);
      const state = { ...parseParent(parent, name), role, ...importedCondition(title) };
      return { ...state, id: idOf(state) };
    },
  };
}

function roleOf(state: Entries): Omit<Binding, "members"> {
  const [block] = Array.isArray(state.condition) ? state.condition : [];
  if (!isEntries(block)) return { role: String(state.role) };
  const { title, description, expression } = block;
  const condition: Condition = {
    title: String(title),
    expression: String(expression),
    ...(description ? { description: String(description) } : {}),
  };
  return { role: String(state.role), condition };
}

/** An imported state knows only the title of its condition. */
function findBinding({ bindings = [] }: Policy, state: Entries): Binding | undefined {
  const { role, condition } = roleOf(state);
  if (condition?.expression !== "") return bindings.find((binding) => sameBinding(binding, roleOf(state)));
  return bindings.find((binding) => binding.role === role && binding.condition?.title === condition.title);
}

function conditionBlock({ condition }: Omit<Binding, "members">): Value {
  return condition === undefined ? [] : [{ ...condition }];
}

function conditionWords(state: Entries): readonly string[] {
  const { condition } = roleOf(state);
  if (condition === undefined) return [];
  return condition.expression === ""
    ? [condition.title]
    : [condition.title, condition.description ?? "", condition.expression];
}

/** Only the title of a condition stands in an import id; reading it fills in the rest. */
function importedCondition(words: readonly string[]): Entries {
  return words.length === 0 ? {} : { condition: [{ title: words.join(" "), expression: "" }] };
}

function sameMembers(prior: Value, planned: Value): boolean {
  if (!Array.isArray(prior) || !Array.isArray(planned)) return false;
  const spelt = (members: readonly unknown[]) =>
    [...new Set(members.map((member) => spelling(String(member))))].sort().join();
  return spelt(prior) === spelt(planned);
}
