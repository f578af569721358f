import { flag } from "../../http/flag";
import { type Call, del, get, json, noContent, patch, post, put, type Reply, type Route } from "../../http/service";
import type { GroupRecord, MemberRecord } from "../../state/records";
import type { World } from "../../state/world";
import { pageOf, pageToken } from "../listing";
import { readBody } from "../request-body";
import { requireAdmin } from "./directory-admins";
import { etagOf, findGroup, membersOfGroup, resourceNotFound } from "./directory-records";
import { addMember, changeRole, findMember, isExternal, reaches, removeMember, roleOf } from "./membership";

const MEMBERS = "/directory/v1/groups/{group}/members";

/** Members of groups in the Directory API. */
export function directoryMemberRoutes(world: World): Route[] {
  function groupOf(call: Call, permission: "read" | "manage"): GroupRecord {
    requireAdmin(world, call.principal, `admin.groups.${permission}`);
    const group = findGroup(world, call.param("group"));
    if (group === undefined) throw resourceNotFound("groupKey");
    return group;
  }

  function find(call: Call, group: GroupRecord): MemberRecord {
    const member = findMember(world, group, call.param("member"));
    if (member === undefined) throw resourceNotFound("memberKey");
    return member;
  }

  async function update(call: Call): Promise<Reply> {
    const { role } = await readBody<MemberRecord>(call, { email: "text", role: "text" });
    const group = groupOf(call, "manage");
    const member = find(call, group);
    return json(wire(group, role === undefined ? member : changeRole(world, group, member, roleOf(role))));
  }

  return [
    get(MEMBERS, async (call) => {
      const group = groupOf(call, "read");
      const roles = call.query.get("roles")?.toUpperCase().split(",");
      const all = flag(call.query, "includeDerivedMembership") ? derived(world, group) : membersOfGroup(world, group);
      const found = roles === undefined ? all : all.filter(({ role }) => roles.includes(role));
      const page = pageOf(found, ({ email }) => email, {
        size: call.query.get("maxResults"),
        token: call.query.get("pageToken"),
        defaultSize: 200,
        largestSize: 200,
      });
      const items = page.items.map((member) => wire(group, member));
      return json({
        kind: "admin#directory#members",
        etag: etagOf(items),
        ...(items.length === 0 ? {} : { members: items }),
        ...pageToken(page),
      });
    }),
    post(MEMBERS, async (call) => {
      const { email, role = "MEMBER" } = await readBody<MemberRecord>(call, { email: "text", role: "text" });
      const group = groupOf(call, "manage");
      return json(wire(group, addMember(world, group, email, roleOf(role))));
    }),
    get(`${MEMBERS}/{member}`, async (call) => {
      const group = groupOf(call, "read");
      return json(wire(group, find(call, group)));
    }),
    put(`${MEMBERS}/{member}`, update),
    patch(`${MEMBERS}/{member}`, update),
    del(`${MEMBERS}/{member}`, async (call) => {
      const group = groupOf(call, "manage");
      removeMember(world, group, find(call, group));
      return noContent();
    }),
    get("/directory/v1/groups/{group}/hasMember/{member}", async (call) => {
      const group = groupOf(call, "read");
      const nested = findGroup(world, call.param("member"));
      const isNested = nested !== undefined && nested.email !== group.email && reaches(world, group, nested);
      const wanted = call.param("member").toLowerCase();
      return json({
        isMember: isNested || derived(world, group).some(({ email, id }) => email === wanted || id === wanted),
      });
    }),
  ];
}

function wire(group: GroupRecord, { status, ...member }: MemberRecord): object {
  return { kind: "admin#directory#member", ...member, ...(isExternal(group, member) ? {} : { status }) };
}

/** Members of the group and of all groups in it, each address once, as it stands nearest to the group. */
function derived(world: World, group: GroupRecord): readonly MemberRecord[] {
  const found = new Map<string, MemberRecord>();
  const open = [group];
  const seen = new Set<string>();
  for (let next = open.shift(); next !== undefined; next = open.shift()) {
    if (seen.has(next.email)) continue;
    seen.add(next.email);
    for (const member of membersOfGroup(world, next)) {
      if (!found.has(member.email)) found.set(member.email, member);
      const inner = findGroup(world, member.email);
      if (inner !== undefined) open.push(inner);
    }
  }
  return [...found.values()].sort((a, b) => (a.email < b.email ? -1 : 1));
}
