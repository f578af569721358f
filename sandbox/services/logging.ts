import { googleError } from "../http/errors";
import { type Call, del, get, json, patch, post, type Service } from "../http/service";
import type { World } from "../state/world";
import { applyMask } from "./field-mask";
import { randomDigits } from "./identifiers";
import { pageOf, pageToken } from "./listing";
import { operationRoute, startOperation } from "./operations";
import { openProject } from "./project-lookup";
import { readBody } from "./request-body";

/** `logBuckets`, by name. */
interface LogBucketRecord {
  /** `projects/ID/locations/L/buckets/B`. */
  readonly name: string;
  readonly description?: string;
  readonly retentionDays: number;
  readonly lifecycleState: "ACTIVE";
  readonly locked?: boolean;
  readonly createTime?: string;
  readonly updateTime?: string;
}

const LOCATION = "/v2/projects/{project}/locations/{location}";
const WRITABLE = ["description", "retentionDays", "locked", "indexConfigs", "cmekSettings", "analyticsEnabled"];

/** Buckets that every project has from the beginning. */
const BUILT_IN: Readonly<Record<string, Omit<LogBucketRecord, "name" | "lifecycleState">>> = {
  _Default: { description: "Default bucket", retentionDays: 30 },
  _Required: { description: "Audit bucket", retentionDays: 400, locked: true },
};

/** Configuration of log buckets. The sandbox keeps no log entries. */
export function logging(world: World): Service {
  const buckets = world.store.collection<LogBucketRecord>("logBuckets");

  function parentOf(call: Call, permission: string): string {
    const { projectId } = openProject(world, call.principal, call.param("project"), `logging.buckets.${permission}`);
    return `projects/${projectId}/locations/${call.param("location")}`;
  }

  function find(call: Call, permission: string): LogBucketRecord {
    const id = call.param("bucket");
    const parent = parentOf(call, permission);
    const name = `${parent}/buckets/${id}`;
    const builtIn = parent.endsWith("/global") ? BUILT_IN[id] : undefined;
    const bucket = buckets.get(name) ?? (builtIn && { name, lifecycleState: "ACTIVE" as const, ...builtIn });
    if (bucket !== undefined) return bucket;
    throw googleError(404, "notFound", `Bucket \`${id}\` in location \`${call.param("location")}\` does not exist`);
  }

  async function create(call: Call): Promise<LogBucketRecord> {
    const body = await readBody<LogBucketRecord>(call, {
      description: "text",
      retentionDays: "number",
      locked: "flag",
    });
    const id = call.query.get("bucketId") ?? "";
    const name = `${parentOf(call, "create")}/buckets/${id}`;
    if (!/^[A-Za-z][\w.-]{0,99}$/.test(id)) throw googleError(400, "badRequest", `Invalid bucket id: "${id}"`);
    if (buckets.has(name)) throw googleError(409, "alreadyExists", `Bucket \`${id}\` already exists`);
    const createTime = world.clock.timestamp();
    const empty: LogBucketRecord = {
      name,
      retentionDays: 30,
      lifecycleState: "ACTIVE",
      createTime,
      updateTime: createTime,
    };
    return keep(applyMask(empty, withoutEmpty(body), undefined, WRITABLE));
  }

  function keep(bucket: LogBucketRecord): LogBucketRecord {
    const days = bucket.retentionDays;
    if (!Number.isInteger(days) || days < 1 || days > 3650) {
      throw googleError(400, "badRequest", `Invalid retention_days: ${days}, expected 1 to 3650`);
    }
    buckets.put(bucket.name, bucket);
    return bucket;
  }

  async function update(call: Call): Promise<LogBucketRecord> {
    const body = await readBody<LogBucketRecord>(call, {
      description: "text",
      retentionDays: "number",
      locked: "flag",
    });
    const bucket = find(call, "update");
    const mask = call.query.get("updateMask");
    if (mask === null || mask === "") throw googleError(400, "badRequest", "update_mask must be given");
    if (bucket.locked === true)
      throw googleError(400, "failedPrecondition", "The bucket is locked.", "FAILED_PRECONDITION");
    return keep({ ...applyMask(bucket, body, mask, WRITABLE), updateTime: world.clock.timestamp() });
  }

  function operation(call: Call, bucket: LogBucketRecord) {
    const parent = `projects/${call.param("project")}/locations/${call.param("location")}`;
    const metadata = {
      "@type": "type.googleapis.com/google.logging.v2.BucketMetadata",
      state: "OPERATION_STATE_SUCCEEDED",
    };
    const response = { ...bucket, "@type": "type.googleapis.com/google.logging.v2.LogBucket" };
    return json(startOperation(world, { name: `${parent}/operations/b${randomDigits(15)}`, metadata, response }));
  }

  return {
    name: "logging",
    prefix: "/logging",
    routes: [
      post(`${LOCATION}/buckets`, async (call) => json(await create(call))),
      post(`${LOCATION}/buckets:createAsync`, async (call) => operation(call, await create(call))),
      get(`${LOCATION}/buckets`, async (call) => {
        const parent = parentOf(call, "list");
        const builtIn = Object.entries(BUILT_IN).map(([id, bucket]) => {
          return { name: `${parent}/buckets/${id}`, lifecycleState: "ACTIVE" as const, ...bucket };
        });
        const stored = buckets.values(`${parent}/buckets/`);
        const isMissing = ({ name }: LogBucketRecord) => parent.endsWith("/global") && !buckets.has(name);
        const page = pageOf([...builtIn.filter(isMissing), ...stored], ({ name }) => name, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 50,
          largestSize: 1000,
        });
        return json({ buckets: page.items, ...pageToken(page) });
      }),
      get(`${LOCATION}/buckets/{bucket}`, async (call) => json(find(call, "get"))),
      patch(`${LOCATION}/buckets/{bucket}`, async (call) => json(await update(call))),
      post(`${LOCATION}/buckets/{bucket}:updateAsync`, async (call) => operation(call, await update(call))),
      del(`${LOCATION}/buckets/{bucket}`, async (call) => {
        if (call.param("bucket") in BUILT_IN)
          throw googleError(400, "badRequest", "Built-in buckets can't be deleted.");
        buckets.delete(find(call, "delete").name);
        return json({});
      }),
      operationRoute(world, `${LOCATION}/operations/{operation}`),
    ],
  };
}

/** Google leaves out what is empty. */
function withoutEmpty(body: Partial<LogBucketRecord>): object {
  const isEmpty = (value: unknown) =>
    value === null || value === "" || value === false || (Array.isArray(value) && value.length === 0);
  return Object.fromEntries(Object.entries(body).filter(([, value]) => !isEmpty(value)));
}
