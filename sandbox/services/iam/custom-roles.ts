import { googleError } from "../../http/errors";
import { flag } from "../../http/flag";
import { type Call, del, get, json, patch, post, type Route } from "../../http/service";
import { predefinedRoles } from "../../iam/predefined-roles";
import type { RoleRecord } from "../../state/records";
import type { World } from "../../state/world";
import { applyMask } from "../field-mask";
import { newEtag } from "../identifiers";
import { pageOf, pageToken } from "../listing";
import { openProject } from "../project-lookup";
import { readBody, type Shape, TEXTS } from "../request-body";

const ROLE: Shape = { title: "text", description: "text", includedPermissions: TEXTS, stage: "text", etag: "text" };
const WRITABLE = ["title", "description", "includedPermissions", "stage"];

/** Custom roles of projects and organizations, and the names of the predefined ones. */
export function customRoleRoutes(world: World): Route[] {
  return [
    ...routesBelow(world, "/v1/projects/{project}", (call, permission) => {
      return `projects/${openProject(world, call.principal, call.param("project"), permission).projectId}`;
    }),
    ...routesBelow(world, "/v1/organizations/{organization}", (call, permission) => {
      const organization = `organizations/${call.param("organization")}`;
      world.access.require(call.principal, permission, organization);
      return organization;
    }),
    get("/v1/roles/{role}", async (call) => {
      const name = `roles/${call.param("role")}`;
      if (!predefinedRoles.has(name)) throw notFound(name);
      return json({ name, title: call.param("role"), stage: "GA" });
    }),
  ];
}

function routesBelow(world: World, above: string, parentOf: (call: Call, permission: string) => string): Route[] {
  const roles = world.store.collection<RoleRecord>("roles");

  function find(call: Call, permission: string): RoleRecord {
    const name = `${parentOf(call, `iam.roles.${permission}`)}/roles/${call.param("role")}`;
    const role = roles.get(name);
    if (role === undefined) throw notFound(name);
    return role;
  }

  function keep(role: RoleRecord) {
    const kept = { ...role, etag: newEtag(world) };
    roles.put(kept.name, kept);
    return json(kept);
  }

  return [
    post(`${above}/roles`, async (call) => {
      const { roleId = "", role = {} } = await readBody<{ roleId: string; role: Partial<RoleRecord> }>(call, {
        roleId: "text",
        role: ROLE,
      });
      const parent = parentOf(call, "iam.roles.create");
      if (!/^[\w.]{3,64}$/.test(roleId))
        throw invalid(`The role ID "${roleId}" must be 3 to 64 letters, digits, "_" and "."`);
      const name = `${parent}/roles/${roleId}`;
      if (roles.has(name)) {
        throw googleError(409, "alreadyExists", `A role named ${roleId} in ${parent} already exists.`);
      }
      const made = applyMask<RoleRecord>(
        { name, title: "", includedPermissions: [], etag: "" },
        role,
        undefined,
        WRITABLE,
      );
      return keep(checked(made));
    }),
    get(`${above}/roles`, async (call) => {
      const parent = parentOf(call, "iam.roles.list");
      const isShown = ({ deleted }: RoleRecord) => deleted !== true || flag(call.query, "showDeleted");
      const page = pageOf(roles.values(`${parent}/roles/`).filter(isShown), ({ name }) => name, {
        size: call.query.get("pageSize"),
        token: call.query.get("pageToken"),
        defaultSize: 300,
        largestSize: 1000,
      });
      const isFull = call.query.get("view") === "FULL";
      const items = page.items.map(({ includedPermissions, ...role }) =>
        isFull ? { ...role, includedPermissions } : role,
      );
      return json({ ...(items.length === 0 ? {} : { roles: items }), ...pageToken(page) });
    }),
    get(`${above}/roles/{role}`, async (call) => json(find(call, "get"))),
    patch(`${above}/roles/{role}`, async (call) => {
      const body = await readBody<RoleRecord>(call, ROLE);
      const role = find(call, "update");
      if (role.deleted === true) throw failedPrecondition(`You can't update role ${role.name}, which was deleted.`);
      checkEtag(role, body.etag);
      return keep(checked(applyMask(role, body, call.query.get("updateMask"), WRITABLE)));
    }),
    del(`${above}/roles/{role}`, async (call) => {
      const role = find(call, "delete");
      if (role.deleted === true) throw failedPrecondition(`You can't delete role ${role.name}, which was deleted.`);
      return keep({ ...role, deleted: true });
    }),
    post(`${above}/roles/{role}:undelete`, async (call) => {
      const { deleted, ...role } = find(call, "undelete");
      if (deleted !== true) throw failedPrecondition(`You can't undelete role ${role.name}, which isn't deleted.`);
      return keep(role);
    }),
  ];
}

function checked(role: RoleRecord): RoleRecord {
  const wrong = (role.includedPermissions ?? []).find(
    (permission) => !/^[a-z][\w-]*(?:\.[\w-]+){2,}$/i.test(permission),
  );
  if (wrong !== undefined) throw invalid(`Permission ${wrong} is not valid.`);
  if (role.title.length > 100) throw invalid("title: longer than 100 characters");
  return { ...role, includedPermissions: [...new Set(role.includedPermissions ?? [])].sort() };
}

function checkEtag(role: RoleRecord, etag: string | undefined): void {
  if (etag === undefined || etag === role.etag) return;
  throw googleError(409, "aborted", "There were concurrent changes to the role. Read it again and retry.", "ABORTED");
}

function notFound(name: string) {
  return googleError(404, "notFound", `The role named ${name} was not found.`);
}

function failedPrecondition(message: string) {
  return googleError(400, "failedPrecondition", message, "FAILED_PRECONDITION");
}

function invalid(message: string) {
  return googleError(400, "badRequest", message);
}
