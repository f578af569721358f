import { googleError } from "../../http/errors";
import { get, json, type Principal, put, type Service } from "../../http/service";
import { readPolicy, replacePolicy } from "../../iam/policy";
import type { World } from "../../state/world";
import { readBody, TEXTS } from "../request-body";

/** What an administrator of the domain may do; not part of IAM at Google, but granted the same way here. */
export type AdminPermission = "admin.groups.read" | "admin.groups.manage";

const CUSTOMER = "customers/my_customer";
const ADMIN = "_GROUPS_ADMIN_ROLE";
const READER = "_GROUPS_READER_ROLE";

/** Refuses callers who don't administer groups: the estate's owner does, others must be made administrators. */
export function requireAdmin(world: World, principal: Principal, permission: AdminPermission): void {
  if (world.access.allows(principal, permission, CUSTOMER)) return;
  if (principal === undefined) throw googleError(401, "required", "Login Required");
  throw googleError(403, "forbidden", "Not Authorized to access this resource/api");
}

/** The control API's list of who administers groups, besides the estate's owner: `{admins: [...], readers: [...]}`. */
export function directoryAdmins(world: World): Service {
  function list() {
    const { bindings } = readPolicy(world, CUSTOMER);
    const holders = (wanted: string) => bindings.find(({ role }) => role === wanted)?.members ?? [];
    return json({ admins: holders(ADMIN), readers: holders(READER) });
  }

  return {
    name: "sandbox-directory-admins",
    prefix: "/sandbox/v1/directory-admins",
    routes: [
      get("", async () => list()),
      put("", async (call) => {
        const { admins = [], readers = [] } = await readBody<{ admins: readonly string[]; readers: readonly string[] }>(
          call,
          { admins: TEXTS, readers: TEXTS },
        );
        replacePolicy(world, CUSTOMER, {
          bindings: [
            { role: ADMIN, members: admins },
            { role: READER, members: readers },
          ],
        });
        return list();
      }),
    ],
  };
}
