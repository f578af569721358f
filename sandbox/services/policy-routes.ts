import { type Call, get, json, post, type Route } from "../http/service";
import { readPolicy, writePolicy } from "../iam/policy";
import type { PolicyRecord } from "../state/records";
import type { World } from "../state/world";
import { fieldsOf } from "./field-mask";
import { checkBindings } from "./member-check";
import { readBody, type Shape, TEXTS } from "./request-body";

export interface PolicyRoutes {
  /** Path of the resource below the service's prefix, e.g. `/v1/projects/{project}`. */
  readonly pattern: string;

  /** What permissions begin with, e.g. `resourcemanager.projects`. */
  readonly permissions: string;

  /** The name under which IAM knows the resource. Throws if it isn't there. */
  readonly resource: (call: Call) => string;

  /** Some services read a policy by GET, most by POST. @default - "POST" */
  readonly readBy?: "GET" | "POST";
}

interface SetRequest {
  readonly policy: Partial<PolicyRecord>;
  readonly updateMask: string;
}

export const BINDINGS: Shape = [
  { role: "text", members: TEXTS, condition: { title: "text", description: "text", expression: "text" } },
];

const SET_REQUEST: Shape = {
  policy: {
    etag: "text",
    bindings: BINDINGS,
    auditConfigs: [{ service: "text" }],
  },
  updateMask: "text",
};

/** getIamPolicy, setIamPolicy and testIamPermissions of one kind of resource. */
export function policyRoutes(world: World, { pattern, permissions, resource, readBy }: PolicyRoutes): Route[] {
  const read = readBy === "GET" ? get : post;
  return [
    read(`${pattern}:getIamPolicy`, async (call) => {
      const name = resource(call);
      world.access.require(call.principal, `${permissions}.getIamPolicy`, name);
      return json(wire(readPolicy(world, name)));
    }),
    post(`${pattern}:setIamPolicy`, async (call) => {
      const { policy = {}, updateMask } = await readBody<SetRequest>(call, SET_REQUEST);
      const name = resource(call);
      world.access.require(call.principal, `${permissions}.setIamPolicy`, name);
      checkBindings(world, policy.bindings);
      return json(wire(writePolicy(world, name, masked(readPolicy(world, name), policy, updateMask))));
    }),
    post(`${pattern}:testIamPermissions`, async (call) => {
      const { permissions: asked = [] } = await readBody<{ permissions: readonly string[] }>(call, {
        permissions: TEXTS,
      });
      const name = resource(call);
      const held = asked.filter((permission) => world.access.allows(call.principal, permission, name));
      return json(held.length === 0 ? {} : { permissions: held });
    }),
  ];
}

/** Audit configurations change only if the mask names them; bindings unless it names others only. */
function masked(current: PolicyRecord, wanted: Partial<PolicyRecord>, mask: string | undefined): Partial<PolicyRecord> {
  const fields = mask === undefined || mask === "" ? ["bindings", "etag"] : fieldsOf(mask);
  const auditConfigs = fields.includes("auditConfigs") ? wanted.auditConfigs : current.auditConfigs;
  return {
    bindings: fields.includes("bindings") ? (wanted.bindings ?? []) : current.bindings,
    ...(wanted.etag === undefined ? {} : { etag: wanted.etag }),
    ...(auditConfigs === undefined || auditConfigs.length === 0 ? {} : { auditConfigs }),
  };
}

/** A policy that was never set is an etag and nothing else. */
function wire({ version, bindings, etag, auditConfigs }: PolicyRecord): object {
  if (bindings.length === 0 && auditConfigs === undefined) return { etag };
  return { version, etag, bindings, ...(auditConfigs === undefined ? {} : { auditConfigs }) };
}
