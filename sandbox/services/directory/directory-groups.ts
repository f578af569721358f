import { googleError } from "../../http/errors";
import { type Call, del, get, json, noContent, patch, post, put, type Reply, type Route } from "../../http/service";
import type { GroupRecord } from "../../state/records";
import type { World } from "../../state/world";
import { pageOf, pageToken } from "../listing";
import { readBody } from "../request-body";
import { requireAdmin } from "./directory-admins";
import {
  domainOf,
  etagOf,
  findGroup,
  groupsOf,
  invalidInput,
  membersOf,
  membersOfGroup,
  normalAddress,
  resourceNotFound,
} from "./directory-records";
import { changeGroup, checkFree, createGroup, deleteGroup, keepGroup } from "./group-life";

const GROUP = "/directory/v1/groups/{group}";

/** Groups and their aliases in the Directory API. */
export function directoryGroupRoutes(world: World): Route[] {
  function find(call: Call, permission: "read" | "manage"): GroupRecord {
    requireAdmin(world, call.principal, `admin.groups.${permission}`);
    const group = findGroup(world, call.param("group"));
    if (group === undefined) throw resourceNotFound("groupKey");
    return group;
  }

  async function update(call: Call): Promise<Reply> {
    const body = await readBody<GroupRecord>(call, { email: "text", name: "text", description: "text" });
    return json(wireGroup(world, changeGroup(world, find(call, "manage"), body)));
  }

  return [
    post("/directory/v1/groups", async (call) => {
      const body = await readBody<GroupRecord>(call, { email: "text", name: "text", description: "text" });
      requireAdmin(world, call.principal, "admin.groups.manage");
      return json(wireGroup(world, createGroup(world, body)));
    }),
    get("/directory/v1/groups", async (call) => {
      requireAdmin(world, call.principal, "admin.groups.read");
      const page = pageOf(selected(world, call.query), ({ email }) => email, {
        size: call.query.get("maxResults"),
        token: call.query.get("pageToken"),
        defaultSize: 200,
        largestSize: 200,
      });
      const items = page.items.map((group) => wireGroup(world, group));
      return json({
        kind: "admin#directory#groups",
        etag: etagOf(items),
        ...(items.length === 0 ? {} : { groups: items }),
        ...pageToken(page),
      });
    }),
    get(GROUP, async (call) => json(wireGroup(world, find(call, "read")))),
    put(GROUP, update),
    patch(GROUP, update),
    del(GROUP, async (call) => {
      deleteGroup(world, find(call, "manage"));
      return noContent();
    }),
    get(`${GROUP}/aliases`, async (call) => {
      const { aliases = [], id, email } = find(call, "read");
      const items = aliases.map((alias) => wireAlias(alias, id, email));
      return json({
        kind: "admin#directory#aliases",
        etag: etagOf(items),
        ...(items.length === 0 ? {} : { aliases: items }),
      });
    }),
    post(`${GROUP}/aliases`, async (call) => {
      const body = await readBody<{ alias: string }>(call, { alias: "text" });
      const group = find(call, "manage");
      const alias = normalAddress(body.alias);
      if (alias === undefined) throw invalidInput("alias");
      checkFree(world, alias);
      keepGroup(world, { ...group, aliases: [...(group.aliases ?? []), alias].sort() });
      return json(wireAlias(alias, group.id, group.email));
    }),
    del(`${GROUP}/aliases/{alias}`, async (call) => {
      const group = find(call, "manage");
      const alias = call.param("alias").toLowerCase();
      if (group.aliases?.includes(alias) !== true) throw resourceNotFound("resource_id");
      const { aliases, ...rest } = group;
      const left = aliases.filter((other) => other !== alias);
      keepGroup(world, left.length === 0 ? rest : { ...rest, aliases: left });
      return noContent();
    }),
  ];
}

export function wireGroup(world: World, group: GroupRecord): object {
  const count = membersOfGroup(world, group).length;
  return {
    kind: "admin#directory#group",
    ...group,
    directMembersCount: String(count),
    adminCreated: true,
    nonEditableAliases: [`${group.email}.test-google-a.com`],
  };
}

function wireAlias(alias: string, id: string, primaryEmail: string): object {
  return { kind: "admin#directory#alias", id, etag: etagOf({ alias, id }), alias, primaryEmail };
}

/** Google wants to know whose groups are asked for: a domain's, a customer's or a member's. */
function selected(world: World, query: URLSearchParams): readonly GroupRecord[] {
  const [domain, customer, userKey] = ["domain", "customer", "userKey"].map((name) => query.get(name)?.toLowerCase());
  if (domain === undefined && customer === undefined && userKey === undefined) {
    throw googleError(400, "badRequest", "Bad Request");
  }
  const fits = textFilter(query.get("query"));
  return groupsOf(world)
    .values()
    .filter(({ email }) => domain === undefined || domainOf(email) === domain)
    .filter(({ email }) => userKey === undefined || membersOf(world).has(`${email}/${userKey}`))
    .filter(fits);
}

/** `email:prefix*`, `email=address`, `name:prefix*`, `name='text'`, `memberKey=…` being `userKey` in other words. */
function textFilter(query: string | null): (group: GroupRecord) => boolean {
  if (query === null || query.trim() === "") return () => true;
  const [, field, operator, quoted = ""] = /^\s*(email|name)\s*([:=])\s*(.+?)\s*$/.exec(query) ?? [];
  if (field !== "email" && field !== "name") throw invalidInput("query");
  const wanted = quoted.replaceAll(/^'|'$/g, "").toLowerCase();
  return (group) => {
    const value = group[field].toLowerCase();
    return operator === ":" && wanted.endsWith("*") ? value.startsWith(wanted.slice(0, -1)) : value === wanted;
  };
}
