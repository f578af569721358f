import { googleError } from "../http/errors";
import { findGroup, groupsOf, membersOf, membersOfGroup } from "../services/directory/directory-records";
import { settingsOf } from "../services/directory/settings-record";
import type { GroupRecord } from "../state/records";
import type { World } from "../state/world";
import { bindingsNaming } from "./iam-view";
import { type Rows, rows } from "./table";

/** A member as the page shows it; `members` if it is a group that wasn't shown further up. */
interface Node {
  readonly email: string;
  readonly role: string;
  readonly type: string;
  readonly members?: readonly Node[];
}

export function groupList(world: World, query: URLSearchParams): Rows<object> {
  const groups = groupsOf(world)
    .values()
    .map((group) => {
      const members = membersOfGroup(world, group);
      return {
        email: group.email,
        name: group.name,
        description: group.description,
        members: members.length,
        groups: members.filter(({ type }) => type === "GROUP").length,
      };
    });
  return rows(groups, ({ email }) => email, query);
}

/** A group with its members, those of the groups in it, what it is in, and what it may do. */
export function groupDetail(world: World, email: string): object {
  const group = findGroup(world, email);
  if (group === undefined) throw googleError(404, "notFound", `There is no group ${email}.`);
  const within = membersOf(world)
    .keys()
    .filter((key) => key.endsWith(`/${group.email}`))
    .map((key) => key.slice(0, key.indexOf("/")));
  return {
    email: group.email,
    name: group.name,
    description: group.description,
    aliases: group.aliases ?? [],
    settings: settingsOf(world, group.email),
    members: membersBelow(world, group, new Set([group.email])),
    within,
    bindings: bindingsNaming(world, [group.email, ...(group.aliases ?? [])]),
  };
}

function membersBelow(world: World, group: GroupRecord, shown: Set<string>): readonly Node[] {
  return membersOfGroup(world, group).map(({ email, role, type }) => {
    const nested = type === "GROUP" && !shown.has(email) ? findGroup(world, email) : undefined;
    if (nested === undefined) return { email, role, type };
    shown.add(email);
    return { email, role, type, members: membersBelow(world, nested, shown) };
  });
}
