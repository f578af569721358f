import { googleError } from "../../http/errors";
import { type Call, del, get, json, patch, post, type Service } from "../../http/service";
import type { GroupRecord, MemberRecord } from "../../state/records";
import type { World } from "../../state/world";
import { fieldsOf } from "../field-mask";
import { pageOf, pageToken } from "../listing";
import { readBody, type Shape, TEXT_MAP, TEXTS } from "../request-body";
import { requireAdmin } from "./directory-admins";
import { findGroup, groupsOf, membersOfGroup } from "./directory-records";
import { changeGroup, createGroup, deleteGroup } from "./group-life";
import { addMember, changeRole, findMember, type Role, removeMember, roleOf } from "./membership";
import { writeSettings } from "./settings-record";

/** `cloudIdentityGroups`, by group id: what this API keeps beyond the Directory's group. */
interface IdentityFields {
  readonly parent: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly createTime: string;
  readonly updateTime: string;
}

interface IdentityGroup {
  readonly groupKey: { readonly id: string };
  readonly parent: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly displayName: string;
  readonly description: string;
}

interface Membership {
  readonly preferredMemberKey: { readonly id: string };
  readonly roles: readonly { readonly name: string }[];
}

const ROLES: Shape = [{ name: "text" }];
const GROUP: Shape = {
  groupKey: { id: "text" },
  parent: "text",
  labels: TEXT_MAP,
  displayName: "text",
  description: "text",
};
const TYPE = "type.googleapis.com/google.apps.cloudidentity.groups.v1";
const EMPTY = { done: true, response: { "@type": "type.googleapis.com/google.protobuf.Empty" } };

/** The Cloud Identity API: the Directory's groups in other words, as Google's Terraform provider speaks them. */
export function cloudIdentity(world: World): Service {
  const extra = world.store.collection<IdentityFields>("cloudIdentityGroups");

  /** A missing group is a 403 here, as is one that the caller may not see. */
  function find(call: Call, permission: "read" | "manage"): GroupRecord {
    requireAdmin(world, call.principal, `admin.groups.${permission}`);
    const id = call.param("group");
    const group = groupsOf(world)
      .values()
      .find((candidate) => candidate.id === id);
    if (group === undefined) {
      throw googleError(
        403,
        "forbidden",
        `Error(2028): Permission denied for resource groups/${id} (or it may not exist).`,
      );
    }
    return group;
  }

  function findIn(group: GroupRecord, call: Call): MemberRecord {
    const id = call.param("membership");
    const member = findMember(world, group, id);
    if (member !== undefined) return member;
    throw googleError(404, "notFound", `Error(2015): Membership groups/${group.id}/memberships/${id} does not exist.`);
  }

  function wire({ id, email, name, description }: GroupRecord): object {
    const since = "2020-01-01T00:00:00Z";
    const defaults = { parent: "customers/C00000000", labels: DISCUSSION_FORUM, createTime: since, updateTime: since };
    return {
      name: `groups/${id}`,
      groupKey: { id: email },
      additionalGroupKeys: [{ id: `${email}.test-google-a.com` }],
      ...(extra.get(id) ?? defaults),
      displayName: name,
      description,
    };
  }

  return {
    name: "cloudidentity",
    prefix: "/cloud-identity",
    routes: [
      post("/v1/groups", async (call) => {
        const {
          groupKey,
          parent = "",
          labels = {},
          displayName,
          description,
        } = await readBody<IdentityGroup>(call, GROUP);
        requireAdmin(world, call.principal, "admin.groups.manage");
        if (!/^(?:customers\/C\w+|identitysources\/\w+)$/.test(parent)) throw invalid(`Invalid parent: "${parent}"`);
        if (Object.keys(labels).length === 0) throw invalid("A group needs at least one label.");
        const email = groupKey?.id ?? "";
        const wanted = { email, name: displayName, description };
        const stated = Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined));
        const group = createGroup(world, stated);
        const createTime = world.clock.timestamp();
        extra.put(group.id, { parent, labels, createTime, updateTime: createTime });
        // Groups of this API take anybody, unlike those of the Directory.
        writeSettings(world, group.email, { allowExternalMembers: "true" });
        const creator = call.principal?.split(":")[1];
        if (call.query.get("initialGroupConfig") === "WITH_INITIAL_OWNER") addMember(world, group, creator, "OWNER");
        return json({ done: true, response: { ...wire(group), "@type": `${TYPE}.Group` } });
      }),
      get("/v1/groups:lookup", async (call) => {
        requireAdmin(world, call.principal, "admin.groups.read");
        const key = call.query.get("groupKey.id") ?? "";
        const group = findGroup(world, key);
        if (group === undefined) {
          throw googleError(
            403,
            "forbidden",
            `Error(2028): Permission denied for resource ${key} (or it may not exist).`,
          );
        }
        return json({ name: `groups/${group.id}` });
      }),
      get("/v1/groups", async (call) => {
        requireAdmin(world, call.principal, "admin.groups.read");
        const page = pageOf(groupsOf(world).values(), ({ email }) => email, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 500,
          largestSize: 1000,
        });
        return json({ ...(page.items.length === 0 ? {} : { groups: page.items.map(wire) }), ...pageToken(page) });
      }),
      get("/v1/groups/{group}", async (call) => json(wire(find(call, "read")))),
      patch("/v1/groups/{group}", async (call) => {
        const body = await readBody<IdentityGroup>(call, GROUP);
        const group = find(call, "manage");
        const mask = fieldsOf(call.query.get("updateMask") ?? "displayName,description,labels");
        const changed = changeGroup(world, group, {
          ...(mask.includes("displayName") ? { name: body.displayName ?? "" } : {}),
          ...(mask.includes("description") ? { description: body.description ?? "" } : {}),
        });
        const before = extra.get(group.id);
        const labels = mask.includes("labels") && body.labels !== undefined ? { labels: body.labels } : {};
        if (before !== undefined) extra.put(group.id, { ...before, ...labels, updateTime: world.clock.timestamp() });
        return json({ done: true, response: { ...wire(changed), "@type": `${TYPE}.Group` } });
      }),
      del("/v1/groups/{group}", async (call) => {
        const group = find(call, "manage");
        deleteGroup(world, group);
        extra.delete(group.id);
        return json(EMPTY);
      }),
      post("/v1/groups/{group}/memberships", async (call) => {
        const { preferredMemberKey, roles = [{ name: "MEMBER" }] } = await readBody<Membership>(call, {
          preferredMemberKey: { id: "text" },
          roles: ROLES,
        });
        const group = find(call, "manage");
        const member = addMember(world, group, preferredMemberKey?.id, highest(roles.map(({ name }) => name)));
        return json({ done: true, response: { ...wireMembership(group, member), "@type": `${TYPE}.Membership` } });
      }),
      get("/v1/groups/{group}/memberships", async (call) => {
        const group = find(call, "read");
        const page = pageOf(membersOfGroup(world, group), ({ email }) => email, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 200,
          largestSize: 1000,
        });
        const memberships = page.items.map((member) => wireMembership(group, member));
        return json({ ...(memberships.length === 0 ? {} : { memberships }), ...pageToken(page) });
      }),
      get("/v1/groups/{group}/memberships/{membership}", async (call) => {
        const group = find(call, "read");
        return json(wireMembership(group, findIn(group, call)));
      }),
      post("/v1/groups/{group}/memberships/{membership}:modifyMembershipRoles", async (call) => {
        const { addRoles = [], removeRoles = [] } = await readBody<ModifyRequest>(call, {
          addRoles: ROLES,
          removeRoles: TEXTS,
        });
        const group = find(call, "manage");
        const member = findIn(group, call);
        const before = rolesOf(member.role).filter((role) => !removeRoles.includes(role));
        const role = highest([...before, ...addRoles.map(({ name }) => name)]);
        return json({ membership: wireMembership(group, changeRole(world, group, member, role)) });
      }),
      del("/v1/groups/{group}/memberships/{membership}", async (call) => {
        const group = find(call, "manage");
        removeMember(world, group, findIn(group, call));
        return json(EMPTY);
      }),
    ],
  };
}

const DISCUSSION_FORUM = { "cloudidentity.googleapis.com/groups.discussion_forum": "" };

interface ModifyRequest {
  readonly addRoles: readonly { readonly name: string }[];
  readonly removeRoles: readonly string[];
}

/** Here every owner is a MEMBER too; the Directory knows only the highest role. */
function rolesOf(role: Role): readonly Role[] {
  return role === "MEMBER" ? ["MEMBER"] : ["MEMBER", role];
}

function highest(names: readonly string[]): Role {
  const roles = names.map(roleOf);
  if (!roles.includes("MEMBER")) throw invalid("A membership needs the role MEMBER.");
  return roles.find((role) => role === "OWNER") ?? roles.find((role) => role === "MANAGER") ?? "MEMBER";
}

function wireMembership({ id }: GroupRecord, member: MemberRecord): object {
  return {
    name: `groups/${id}/memberships/${member.id}`,
    preferredMemberKey: { id: member.email },
    roles: rolesOf(member.role).map((name) => ({ name })),
    type: member.type,
  };
}

function invalid(message: string) {
  return googleError(400, "badRequest", message);
}
