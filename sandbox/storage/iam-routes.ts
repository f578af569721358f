import { googleError } from "../http/errors";
import { type Call, get, json, put, type Reply, type Route } from "../http/service";
import { readPolicy, replacePolicy } from "../iam/policy";
import { checkBindings } from "../services/member-check";
import type { Binding, PolicyRecord } from "../state/records";
import { findBucket, touchBucket } from "./buckets";
import type { Guard } from "./guard";
import { findFolder } from "./managed-folders";
import { conditionNotMet } from "./preconditions";
import { etagOf } from "./resources";
import type { StorageState } from "./storage-state";

/** A thing that carries a policy in Cloud Storage. */
interface Target {
  /** Name under which the policy is kept, e.g. `buckets/b`. */
  readonly resource: string;

  /** Name that the answer shows. */
  readonly resourceId: string;
  readonly isUniform: boolean;
  require(permission: "getIamPolicy" | "setIamPolicy"): void;

  /** Called after the policy was replaced. */
  changed(): void;
}

/** Policies of buckets and of managed folders. */
export function iamRoutes(state: StorageState, guard: Guard): readonly Route[] {
  const folder = "/v1/b/{bucket}/managedFolders/{folder}";
  return [
    ...policyRoutes(state, "/v1/b/{bucket}", (call) => bucketTarget(state, guard, call)),
    ...policyRoutes(state, folder, (call) => folderTarget(state, guard, call)),
  ];
}

function policyRoutes(state: StorageState, pattern: string, targetOf: (call: Call) => Target): readonly Route[] {
  return [
    get(`${pattern}/iam`, async (call) => {
      const target = targetOf(call);
      target.require("getIamPolicy");
      const version = Number(call.query.get("optionsRequestedPolicyVersion") ?? 1);
      return show(state, target, readPolicy(state.world, target.resource), version);
    }),
    put(`${pattern}/iam`, async (call) => {
      const wanted = await call.json<PolicyRecord>();
      const target = targetOf(call);
      target.require("setIamPolicy");
      check(state, target, wanted);
      const written = replacePolicy(state.world, target.resource, { bindings: wanted.bindings ?? [] });
      target.changed();
      return show(state, target, written, 3);
    }),
    get(`${pattern}/iam/testPermissions`, async (call) => {
      const { resource } = targetOf(call);
      const permissions = call.query
        .getAll("permissions")
        .filter((permission) => state.world.access.allows(call.principal, permission, resource));
      const kind = "storage#testIamPermissionsResponse";
      return json(permissions.length === 0 ? { kind } : { kind, permissions });
    }),
  ];
}

function bucketTarget(state: StorageState, guard: Guard, call: Call): Target {
  const { name, settings } = findBucket(state, call.param("bucket"));
  return {
    resource: `buckets/${name}`,
    resourceId: `projects/_/buckets/${name}`,
    isUniform: settings.iamConfiguration.uniformBucketLevelAccess.enabled,
    require: (verb) => guard.onBucket(call.principal, `storage.buckets.${verb}`, name),
    changed: () => {
      touchBucket(state, findBucket(state, name));
    },
  };
}

function folderTarget(state: StorageState, guard: Guard, call: Call): Target {
  const bucket = findBucket(state, call.param("bucket"));
  const folder = findFolder(state, bucket, call.param("folder"));
  return {
    resource: `buckets/${bucket.name}/managedFolders/${folder.name}`,
    resourceId: `projects/_/buckets/${bucket.name}/managedFolders/${folder.name}`,
    isUniform: true,
    require: (verb) => guard.onFolder(call.principal, `storage.managedFolders.${verb}`, bucket.name, folder.name),
    changed: () => {},
  };
}

function check(
  state: StorageState,
  { resource, isUniform }: Target,
  { bindings = [], etag, version }: Partial<PolicyRecord>,
): void {
  if (etag !== undefined && etag !== "" && etag !== etagIn(state, resource)) throw conditionNotMet();
  checkBindings(state.world, bindings);
  const withCondition = bindings.find(({ condition }) => condition !== undefined);
  if (withCondition !== undefined && version !== 3) {
    throw invalid("The IAM policy version must be 3 if any binding has a condition.");
  }
  if (withCondition !== undefined && !isUniform) {
    throw googleError(412, "conditionNotMet", "Conditional bindings need uniform bucket-level access.");
  }
  const odd = bindings.find(({ role }) => /^roles\/(owner|editor|viewer)$/.test(role));
  if (odd !== undefined) throw invalid(`Role ${odd.role} is not supported for this resource.`);
  if (preventsPublicAccess(state, resource) && bindings.some(isPublic)) {
    throw googleError(
      412,
      "conditionNotMet",
      "The member bindings allUsers and allAuthenticatedUsers are not allowed since public access prevention is enforced.",
    );
  }
}

function preventsPublicAccess(state: StorageState, resource: string): boolean {
  const bucket = state.buckets.get(resource.split("/")[1] ?? "");
  return bucket?.settings.iamConfiguration.publicAccessPrevention === "enforced";
}

function isPublic({ members }: Binding): boolean {
  return members.some((member) => member === "allUsers" || member === "allAuthenticatedUsers");
}

function show(state: StorageState, { resource, resourceId }: Target, policy: PolicyRecord, version: number): Reply {
  const hides = version < 3;
  const bindings = policy.bindings.map((binding) =>
    // Clients that know no conditions see a role that they can't mistake for the plain one.
    hides && binding.condition !== undefined
      ? { role: `${binding.role}_withcond_${hash(binding.condition.expression)}`, members: binding.members }
      : binding,
  );
  return json({
    kind: "storage#policy",
    resourceId,
    version: hides ? 1 : policy.version,
    etag: etagIn(state, resource),
    ...(bindings.length === 0 ? {} : { bindings }),
  });
}

/** The etag of a bucket's policy is that of the bucket's metadata; folders have their policy's own. */
function etagIn(state: StorageState, resource: string): string {
  const [, bucket = "", folder] = resource.split("/");
  const record = state.buckets.get(bucket);
  return folder === undefined && record !== undefined
    ? etagOf(record.metageneration)
    : readPolicy(state.world, resource).etag;
}

function hash(text: string): string {
  let value = 0;
  for (const character of text) value = (Math.imul(value, 31) + (character.codePointAt(0) ?? 0)) >>> 0;
  return value.toString(16).padStart(20, "0");
}

function invalid(message: string) {
  return googleError(400, "invalid", message);
}
