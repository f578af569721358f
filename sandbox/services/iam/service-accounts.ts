import { googleError } from "../../http/errors";
import { type Call, del, get, json, patch, post, put, type Route } from "../../http/service";
import { forgetPolicies } from "../../iam/policy";
import type { World } from "../../state/world";
import { applyMask } from "../field-mask";
import { newEtag } from "../identifiers";
import { pageOf, pageToken } from "../listing";
import { policyRoutes } from "../policy-routes";
import { openProject, projectsOf } from "../project-lookup";
import { readBody, type Shape } from "../request-body";
import { type AccountRecord, accountsOf, newAccount } from "./account-record";
import { markDeleted, unmarkDeleted } from "./deleted-members";

const ACCOUNT = "/v1/projects/{project}/serviceAccounts/{account}";

const ACCOUNT_BODY: Shape = { displayName: "text", description: "text" };

/** Service accounts of the IAM API. */
export function serviceAccountRoutes(world: World): Route[] {
  const accounts = accountsOf(world);
  const deleted = world.store.collection<AccountRecord>("deletedServiceAccounts");

  /** By e-mail address or unique id; the project may be `-`. */
  function lookUp(call: Call): AccountRecord {
    const account = findAccount(world, call.param("account"));
    const asked = call.param("project");
    if (account === undefined || (asked !== "-" && !isProject(world, account, asked))) throw unknownAccount(call);
    return account;
  }

  function find(call: Call, permission: string): AccountRecord {
    const account = findAccount(world, call.param("account"));
    const asked = call.param("project");
    const resource = account?.name ?? `projects/${asked}/serviceAccounts/${call.param("account")}`;
    world.access.require(call.principal, `iam.serviceAccounts.${permission}`, resource);
    return lookUp(call);
  }

  function keep(account: AccountRecord): AccountRecord {
    const kept = { ...account, etag: newEtag(world) };
    accounts.put(kept.email, kept);
    return kept;
  }

  function turn(call: Call, permission: "enable" | "disable") {
    const { disabled: _before, ...account } = find(call, permission);
    keep(permission === "disable" ? { ...account, disabled: true } : account);
    return json({});
  }

  return [
    post("/v1/projects/{project}/serviceAccounts", async (call) => {
      const { accountId, serviceAccount = {} } = await readBody<CreateRequest>(call, {
        accountId: "text",
        serviceAccount: ACCOUNT_BODY,
      });
      const { projectId } = openProject(world, call.principal, call.param("project"), "iam.serviceAccounts.create");
      checkAccountId(accountId);
      checkTexts(serviceAccount);
      const email = `${accountId}@${projectId}.iam.gserviceaccount.com`;
      if (accounts.has(email)) {
        const name = `projects/${projectId}/serviceAccounts/${email}`;
        throw googleError(409, "alreadyExists", `Service account ${accountId} already exists within project ${name}.`);
      }
      const account = newAccount(world, projectId, email, serviceAccount);
      accounts.put(email, account);
      return json(account);
    }),
    get("/v1/projects/{project}/serviceAccounts", async (call) => {
      const { projectId } = openProject(world, call.principal, call.param("project"), "iam.serviceAccounts.list");
      const found = accounts.values().filter((account) => account.projectId === projectId);
      const page = pageOf(found, ({ email }) => email, {
        size: call.query.get("pageSize"),
        token: call.query.get("pageToken"),
        defaultSize: 20,
        largestSize: 100,
      });
      return json({ ...(page.items.length === 0 ? {} : { accounts: page.items }), ...pageToken(page) });
    }),
    get(ACCOUNT, async (call) => json(find(call, "get"))),
    patch(ACCOUNT, async (call) => {
      const { serviceAccount = {}, updateMask } = await readBody<PatchRequest>(call, {
        serviceAccount: ACCOUNT_BODY,
        updateMask: "text",
      });
      checkTexts(serviceAccount);
      return json(keep(applyMask(find(call, "update"), serviceAccount, updateMask, ["displayName", "description"])));
    }),
    put(ACCOUNT, async (call) => {
      const body = await readBody<AccountRecord>(call, ACCOUNT_BODY);
      checkTexts(body);
      return json(
        keep(applyMask(find(call, "update"), body, "displayName,description", ["displayName", "description"])),
      );
    }),
    post(`${ACCOUNT}:enable`, async (call) => turn(call, "enable")),
    post(`${ACCOUNT}:disable`, async (call) => turn(call, "disable")),
    del(ACCOUNT, async (call) => {
      const account = find(call, "delete");
      accounts.delete(account.email);
      deleted.put(account.uniqueId, account);
      forgetPolicies(world, account.name);
      markDeleted(world, `serviceAccount:${account.email}`, account.uniqueId);
      return json({});
    }),
    post(`${ACCOUNT}:undelete`, async (call) => {
      const account = deleted.get(call.param("account"));
      if (account === undefined) throw unknownAccount(call);
      world.access.require(call.principal, "iam.serviceAccounts.undelete", `projects/${account.projectId}`);
      if (accounts.has(account.email))
        throw googleError(409, "alreadyExists", `Service account ${account.email} already exists.`);
      deleted.delete(account.uniqueId);
      unmarkDeleted(world, `serviceAccount:${account.email}`, account.uniqueId);
      return json({ restoredAccount: keep(account) });
    }),
    get(`${ACCOUNT}/keys`, async (call) => {
      // The sandbox makes no keys: a token is the account's name.
      find(call, "get");
      return json({});
    }),
    ...policyRoutes(world, {
      pattern: ACCOUNT,
      permissions: "iam.serviceAccounts",
      resource: (call) => lookUp(call).name,
    }),
  ];
}

interface CreateRequest {
  readonly accountId: string;
  readonly serviceAccount: Pick<AccountRecord, "displayName" | "description">;
}

interface PatchRequest {
  readonly serviceAccount: Partial<AccountRecord>;
  readonly updateMask: string;
}

export function findAccount(world: World, emailOrId: string): AccountRecord | undefined {
  const accounts = accountsOf(world);
  if (!/^\d+$/.test(emailOrId)) return accounts.get(emailOrId);
  return accounts.values().find(({ uniqueId }) => uniqueId === emailOrId);
}

function isProject(world: World, { projectId }: AccountRecord, asked: string): boolean {
  return asked === projectId || projectsOf(world).get(projectId)?.projectNumber === asked;
}

function unknownAccount(call: Call) {
  return googleError(
    404,
    "notFound",
    `Unknown service account: projects/${call.param("project")}/serviceAccounts/${call.param("account")}`,
  );
}

function checkAccountId(accountId: unknown): void {
  if (typeof accountId === "string" && /^[a-z][a-z0-9-]{4,28}[a-z0-9]$/.test(accountId)) return;
  throw googleError(
    400,
    "badRequest",
    `Service account ID ${JSON.stringify(accountId ?? "")} must be 6 to 30 lowercase letters, digits and hyphens, start with a letter and not end with a hyphen.`,
  );
}

function checkTexts({ displayName = "", description = "" }: Partial<AccountRecord>): void {
  if (Buffer.byteLength(String(displayName)) > 100)
    throw googleError(400, "badRequest", "display_name: longer than 100 bytes");
  if (Buffer.byteLength(String(description)) > 256)
    throw googleError(400, "badRequest", "description: longer than 256 bytes");
}
