import { createHash } from "node:crypto";
import { googleError } from "../../http/errors";
import { type Call, del, get, json, patch, post, put, type Reply, type Service } from "../../http/service";
import type { ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { randomDigits } from "../identifiers";
import { pageOf, pageToken } from "../listing";
import { readOperation, startOperation } from "../operations";
import { openProject, requireService } from "../project-lookup";
import { readBody } from "../request-body";
import { type ComputeRecord, computeResources, linkOf } from "./compute-record";
import { kindOf, withDefaults } from "./global-resources";

const PROJECT = "/compute/v1/projects/{project}";
const GLOBAL = `${PROJECT}/global`;

/** Verbs of target proxies whose paths do without `global`, as Google made them first. */
const OLDEST_VERBS = ["setSslCertificates", "setUrlMap"];

/**
 * As much of Compute Engine as projects and a load balancer in front of a bucket need: global resources of any known
 * kind are made, read, changed and deleted alike. Nothing is served by them.
 */
export function compute(world: World): Service {
  const resources = computeResources(world);

  function projectOf(call: Call, collection: string, verb: string): ProjectRecord {
    const project = openProject(world, call.principal, call.param("project"), `compute.${collection}.${verb}`);
    requireService(world, project, "compute.googleapis.com");
    return project;
  }

  function find(call: Call, verb: string): { readonly key: string; readonly record: ComputeRecord } {
    const collection = call.param("collection");
    kindOf(collection);
    const { projectId } = projectOf(call, collection, verb);
    const key = `${projectId}/${collection}/${call.param("name")}`;
    const record = resources.get(key);
    if (record !== undefined) return { key, record };
    const name = `projects/${projectId}/global/${collection}/${call.param("name")}`;
    throw googleError(404, "notFound", `The resource '${name}' was not found`);
  }

  function operation(call: Call, operationType: string, { selfLink, id }: ComputeRecord): Reply {
    const name = `operation-${world.clock.nextMicros()}-${randomDigits(8)}`;
    const projectId = call.param("project");
    startOperation(world, {
      name: `projects/${projectId}/global/operations/${name}`,
      metadata: { operationType, targetLink: selfLink, targetId: id, insertTime: world.clock.timestamp() },
      response: {},
    });
    return json(wireOperation(world, projectId, name));
  }

  /** PATCH and PUT, and verbs such as `setLabels` and `setTarget`, whose body names the fields to change. */
  async function update(call: Call, keeps: boolean): Promise<Reply> {
    const body = await readBody<ComputeRecord & { fingerprint: string }>(call, { name: "text", fingerprint: "text" });
    const { key, record } = find(call, "update");
    const { fingerprint, ...given } = body;
    if (fingerprint !== undefined && fingerprint !== fingerprintOf(record)) {
      throw googleError(412, "conditionNotMet", "Invalid fingerprint.");
    }
    const { kind, id, name, creationTimestamp, selfLink } = record;
    const fixed = { kind, id, name, creationTimestamp, selfLink };
    const changed = withDefaults(resources, call.param("collection"), { ...(keeps ? record : {}), ...given, ...fixed });
    resources.put(key, changed);
    return operation(call, "update", changed);
  }

  const routes = [
    get(PROJECT, async (call) => {
      const project = openProject(world, call.principal, call.param("project"), "compute.projects.get");
      return json({
        kind: "compute#project",
        id: project.projectNumber,
        name: project.projectId,
        selfLink: `https://www.googleapis.com/compute/v1/projects/${project.projectId}`,
        defaultServiceAccount: `${project.projectNumber}-compute@developer.gserviceaccount.com`,
      });
    }),
    get(`${GLOBAL}/operations/{operation}`, async (call) => {
      projectOf(call, "globalOperations", "get");
      return json(wireOperation(world, call.param("project"), call.param("operation")));
    }),
    post(`${GLOBAL}/operations/{operation}/wait`, async (call) => {
      projectOf(call, "globalOperations", "get");
      return json(wireOperation(world, call.param("project"), call.param("operation")));
    }),
    get(`${GLOBAL}/{collection}`, async (call) => {
      const collection = call.param("collection");
      const kind = kindOf(collection);
      const { projectId } = projectOf(call, collection, "list");
      const found = resources
        .values(`${projectId}/${collection}/`)
        .filter((record) => fits(record, call.query.get("filter")));
      const page = pageOf(found, ({ name }) => name, {
        size: call.query.get("maxResults"),
        token: call.query.get("pageToken"),
        defaultSize: 500,
        largestSize: 500,
      });
      const items = page.items.map(wire);
      return json({
        kind: `${kind}List`,
        id: `projects/${projectId}/global/${collection}`,
        ...(items.length === 0 ? {} : { items }),
        ...pageToken(page),
      });
    }),
    post(`${GLOBAL}/{collection}`, async (call) => {
      const body = await readBody<ComputeRecord>(call, { name: "text" });
      const collection = call.param("collection");
      const kind = kindOf(collection);
      const { projectId } = projectOf(call, collection, "create");
      const name = body.name ?? "";
      if (!/^[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$/.test(name)) {
        throw googleError(
          400,
          "invalid",
          `Invalid value for field 'resource.name': '${name}'. Must match '[a-z]([-a-z0-9]{0,61}[a-z0-9])?'`,
        );
      }
      const key = `${projectId}/${collection}/${name}`;
      const selfLink = linkOf(projectId, collection, name);
      if (resources.has(key)) {
        throw googleError(
          409,
          "alreadyExists",
          `The resource 'projects/${projectId}/global/${collection}/${name}' already exists`,
        );
      }
      const fixed = { kind, id: randomDigits(18), name, creationTimestamp: world.clock.timestamp(), selfLink };
      const record = withDefaults(resources, collection, { ...body, ...fixed });
      resources.put(key, record);
      return operation(call, "insert", record);
    }),
    get(`${GLOBAL}/{collection}/{name}`, async (call) => json(wire(find(call, "get").record))),
    patch(`${GLOBAL}/{collection}/{name}`, (call) => update(call, true)),
    put(`${GLOBAL}/{collection}/{name}`, (call) => update(call, false)),
    del(`${GLOBAL}/{collection}/{name}`, async (call) => {
      const { key, record } = find(call, "delete");
      refuseInUse(world, record);
      resources.delete(key);
      return operation(call, "delete", record);
    }),
    post(`${GLOBAL}/{collection}/{name}/{verb}`, (call) => update(call, true)),
    ...OLDEST_VERBS.map((verb) => post(`${PROJECT}/{collection}/{name}/${verb}`, (call) => update(call, true))),
  ];
  return {
    name: "compute",
    prefix: "/compute",
    // Google's own paths begin with `/compute` below the host, so that prefix alone leads here too.
    routes: [...routes, ...routes.map((route) => ({ ...route, pattern: route.pattern.slice("/compute".length) }))],
  };
}

/** Resources that refer to this one by its link keep it from being deleted; firewall rules keep their network. */
function refuseInUse(world: World, { selfLink, name, kind }: ComputeRecord): void {
  const path = selfLink.slice(selfLink.indexOf("/projects/") + 1);
  const user = computeResources(world)
    .values()
    .find((other) => other.selfLink !== selfLink && new RegExp(`${literally(path)}["/]`).test(JSON.stringify(other)));
  if (user === undefined) return;
  throw googleError(
    400,
    "resourceInUseByAnotherResource",
    `The ${kind.slice("compute#".length)} resource '${name}' is already being used by '${user.selfLink}'`,
  );
}

function literally(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
}

/** `name eq X`, `network eq LINK` or `name = X`: what Google's provider asks. */
function fits(record: ComputeRecord, filter: string | null): boolean {
  if (filter === null || filter === "") return true;
  const [, field = "", value] = /^\(?\s*(\w+)\s*(?:eq|=)\s*"?([^"]*?)"?\s*\)?$/.exec(filter) ?? [];
  if (value === undefined) throw googleError(400, "invalid", `Invalid value for field 'filter': '${filter}'.`);
  // A record is a JSON object; its fields beyond the fixed ones are found by name only.
  return String((record as unknown as Readonly<Record<string, unknown>>)[field] ?? "") === value;
}

function wire(record: ComputeRecord): object {
  const fingerprint = fingerprintOf(record);
  return { ...record, fingerprint, ...("labels" in record ? { labelFingerprint: fingerprint } : {}) };
}

function fingerprintOf(record: ComputeRecord): string {
  return createHash("sha256").update(JSON.stringify(record)).digest().subarray(0, 8).toString("base64");
}

function wireOperation(world: World, projectId: string, name: string): object {
  // Made above: what startOperation was given, and `done` once it is.
  const { metadata, done } = readOperation(world, `projects/${projectId}/global/operations/${name}`) as {
    readonly metadata: { readonly insertTime: string };
    readonly done?: boolean;
  };
  return {
    kind: "compute#operation",
    id: String(BigInt(`0x${createHash("sha256").update(name).digest("hex").slice(0, 15)}`)),
    name,
    ...metadata,
    startTime: metadata.insertTime,
    status: done === true ? "DONE" : "RUNNING",
    progress: done === true ? 100 : 0,
    selfLink: `https://www.googleapis.com/compute/v1/projects/${projectId}/global/operations/${name}`,
  };
}
