import type { PolicyRecord } from "../state/records";
import type { World } from "../state/world";
import { type Rows, rows } from "./table";

/** One member of one binding: who has which role where. */
interface Grant {
  readonly resource: string;
  readonly role: string;
  readonly member: string;
  readonly condition: string;
}

export function bindingList(world: World, query: URLSearchParams): Rows<Grant> {
  return rows(
    grants(world),
    ({ resource, role, member, condition }) => [resource, role, member, condition].join(" "),
    query,
  );
}

/** Grants to a group, under any of its addresses. */
export function bindingsNaming(world: World, addresses: readonly string[]): readonly Grant[] {
  const wanted = new Set(addresses.map((address) => `group:${address.toLowerCase()}`));
  return grants(world).filter(({ member }) => wanted.has(member.toLowerCase()));
}

function grants(world: World): readonly Grant[] {
  const policies = world.store.collection<PolicyRecord>("policies");
  return policies.keys().flatMap((resource) =>
    (policies.get(resource)?.bindings ?? []).flatMap(({ role, members, condition }) =>
      members.map((member) => ({
        resource,
        role,
        member,
        condition: condition?.title ?? condition?.expression ?? "",
      })),
    ),
  );
}
