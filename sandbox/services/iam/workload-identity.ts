import { googleError } from "../../http/errors";
import { flag } from "../../http/flag";
import { type Call, del, get, json, patch, post, type Route } from "../../http/service";
import type { World } from "../../state/world";
import { applyMask } from "../field-mask";
import { randomDigits } from "../identifiers";
import { pageOf, pageToken } from "../listing";
import { operationRoute, startOperation } from "../operations";
import { openProject } from "../project-lookup";
import { readBody, type Shape, TEXT_MAP } from "../request-body";

/** `workloadIdentity`, by full name; pools and their providers alike. */
interface FederationRecord {
  /** `projects/NUMBER/locations/global/workloadIdentityPools/POOL[/providers/PROVIDER]`. */
  readonly name: string;
  readonly state: "ACTIVE" | "DELETED";
  readonly expireTime?: string;
}

interface Kind {
  /** Last part of the collection's path. */
  readonly segment: string;

  /** Query parameter that names a new one. */
  readonly idParameter: string;

  /** What answers call it. */
  readonly plural: string;
  readonly type: string;
  readonly permissions: string;
  readonly writable: readonly string[];
}

const POOLS: Kind = {
  segment: "workloadIdentityPools",
  idParameter: "workloadIdentityPoolId",
  plural: "workloadIdentityPools",
  type: "WorkloadIdentityPool",
  permissions: "iam.workloadIdentityPools",
  writable: ["displayName", "description", "disabled", "mode", "sessionDuration"],
};

const PROVIDERS: Kind = {
  segment: "providers",
  idParameter: "workloadIdentityPoolProviderId",
  plural: "workloadIdentityPoolProviders",
  type: "WorkloadIdentityPoolProvider",
  permissions: "iam.workloadIdentityPoolProviders",
  writable: [
    "displayName",
    "description",
    "disabled",
    "attributeMapping",
    "attributeCondition",
    "oidc",
    "aws",
    "saml",
    "x509",
  ],
};

const BODY: Shape = {
  displayName: "text",
  description: "text",
  disabled: "flag",
  attributeMapping: TEXT_MAP,
  attributeCondition: "text",
};
const POOLS_PATH = "/v1/projects/{project}/locations/{location}/workloadIdentityPools";
const KEPT_MILLISECONDS = 30 * 86_400_000;

/** Workload identity pools and their providers: soft deletion, so that a name comes back only by undelete. */
export function workloadIdentityRoutes(world: World): Route[] {
  const records = world.store.collection<FederationRecord>("workloadIdentity");
  return [
    ...routesOf(POOLS, POOLS_PATH, poolsParent),
    ...routesOf(PROVIDERS, `${POOLS_PATH}/{pool}/providers`, (call, permission) => {
      const pool = `${poolsParent(call, permission)}/workloadIdentityPools/${call.param("pool")}`;
      if (records.get(pool)?.state !== "ACTIVE") throw notFound();
      return pool;
    }),
    operationRoute(world, `${POOLS_PATH}/{pool}/operations/{operation}`),
    operationRoute(world, `${POOLS_PATH}/{pool}/providers/{provider}/operations/{operation}`),
  ];

  function poolsParent(call: Call, permission: string): string {
    const { projectNumber } = openProject(world, call.principal, call.param("project"), permission);
    return `projects/${projectNumber}/locations/${call.param("location")}`;
  }

  function routesOf(kind: Kind, path: string, parentOf: (call: Call, permission: string) => string): Route[] {
    const { segment, idParameter, plural, type, permissions, writable } = kind;

    function find(call: Call, permission: string): FederationRecord {
      const record = records.get(`${parentOf(call, `${permissions}.${permission}`)}/${segment}/${call.param("id")}`);
      if (record === undefined) throw notFound();
      return record;
    }

    function keep(record: FederationRecord) {
      records.put(record.name, record);
      const response = { ...record, "@type": `type.googleapis.com/google.iam.v1.${type}` };
      return json(startOperation(world, { name: `${record.name}/operations/${randomDigits(19)}`, response }));
    }

    return [
      post(path, async (call) => {
        const body = await readBody(call, BODY);
        const id = call.query.get(idParameter) ?? "";
        const name = `${parentOf(call, `${permissions}.create`)}/${segment}/${id}`;
        if (!/^[a-z][a-z0-9-]{2,30}[a-z0-9]$/.test(id) || id.startsWith("gcp-")) {
          throw googleError(
            400,
            "badRequest",
            `Invalid ${idParameter}: "${id}", expected 4 to 32 lowercase letters, digits and hyphens.`,
          );
        }
        if (records.has(name)) throw googleError(409, "alreadyExists", "Requested entity already exists");
        return keep(applyMask<FederationRecord>({ name, state: "ACTIVE" }, body, undefined, writable));
      }),
      get(path, async (call) => {
        const parent = parentOf(call, `${permissions}.list`);
        const isHere = ({ name, state }: FederationRecord) =>
          !name.slice(parent.length + segment.length + 2).includes("/") &&
          (state === "ACTIVE" || flag(call.query, "showDeleted"));
        const page = pageOf(records.values(`${parent}/${segment}/`).filter(isHere), ({ name }) => name, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 50,
          largestSize: 1000,
        });
        return json({ ...(page.items.length === 0 ? {} : { [plural]: page.items }), ...pageToken(page) });
      }),
      get(`${path}/{id}`, async (call) => json(find(call, "get"))),
      patch(`${path}/{id}`, async (call) => {
        const body = await readBody(call, BODY);
        const record = find(call, "update");
        if (record.state === "DELETED") throw notFound();
        return keep(applyMask(record, body, call.query.get("updateMask"), writable));
      }),
      del(`${path}/{id}`, async (call) => {
        const record = find(call, "delete");
        if (record.state === "DELETED") throw notFound();
        const expireTime = new Date(world.clock.now() + KEPT_MILLISECONDS).toISOString();
        return keep({ ...record, state: "DELETED", expireTime });
      }),
      post(`${path}/{id}:undelete`, async (call) => {
        const { expireTime: _gone, ...record } = find(call, "undelete");
        return keep({ ...record, state: "ACTIVE" });
      }),
    ];
  }
}

function notFound() {
  return googleError(404, "notFound", "Requested entity was not found.");
}
