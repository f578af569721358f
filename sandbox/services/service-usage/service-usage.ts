import { googleError } from "../../http/errors";
import { type Call, get, json, post, type Service } from "../../http/service";
import type { ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { pageOf, pageToken } from "../listing";
import { operationRoute, startOperation } from "../operations";
import { enabledServices, isEnabled, openProject } from "../project-lookup";
import { readBody, TEXTS } from "../request-body";
import { DEFAULT_SERVICES, dependents, enable } from "./enablement";
import { serviceAgents } from "./service-agents";

const TYPE = "type.googleapis.com/google.api.serviceusage.v1";

/** Google takes no more than this in one `batchEnable`. */
const LARGEST_BATCH = 20;

/** APIs that a list without filter shows besides the enabled ones. */
const KNOWN = [...new Set([...DEFAULT_SERVICES, ...Object.keys(serviceAgents)])].sort();

export function serviceUsage(world: World): Service {
  let operations = 0;

  function operation(project: ProjectRecord, names: readonly string[], response: object) {
    operations += 1;
    const { projectNumber } = project;
    return json(
      startOperation(world, {
        name: `operations/acat.p2-${projectNumber}-${world.clock.nextMicros()}-${operations}`,
        metadata: {
          "@type": `${TYPE}.OperationMetadata`,
          resourceNames: names.map((name) => `projects/${projectNumber}/services/${name}`),
        },
        response,
      }),
    );
  }

  return {
    name: "serviceusage",
    prefix: "/service-usage",
    routes: [
      get("/v1/projects/{project}/services", async (call) => {
        const project = openProject(world, call.principal, call.param("project"), "serviceusage.services.list");
        const found = listed(world, project, call.query.get("filter"));
        const page = pageOf(found, (name) => name, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 50,
          largestSize: 200,
        });
        const services = page.items.map((name) => wire(world, project, name));
        return json({ ...(services.length === 0 ? {} : { services }), ...pageToken(page) });
      }),
      get("/v1/projects/{project}/services:batchGet", async (call) => {
        const project = openProject(world, call.principal, call.param("project"), "serviceusage.services.get");
        const names = call.query.getAll("names").map((name) => name.split("/").at(-1) ?? "");
        return json({ services: names.map((name) => wire(world, project, name)) });
      }),
      get("/v1/projects/{project}/services/{service}", async (call) => {
        const project = openProject(world, call.principal, call.param("project"), "serviceusage.services.get");
        return json(wire(world, project, checkName(call.param("service"))));
      }),
      post("/v1/projects/{project}/services/{service}:enable", async (call) => {
        const project = openProject(world, call.principal, call.param("project"), "serviceusage.services.enable");
        const name = checkName(call.param("service"));
        enable(world, project, name);
        return operation(project, [name], {
          "@type": `${TYPE}.EnableServiceResponse`,
          service: wire(world, project, name),
        });
      }),
      post("/v1/projects/{project}/services:batchEnable", async (call) => {
        const { serviceIds = [] } = await readBody<{ serviceIds: readonly string[] }>(call, { serviceIds: TEXTS });
        const project = openProject(world, call.principal, call.param("project"), "serviceusage.services.enable");
        if (serviceIds.length === 0) throw invalid("service_ids must not be empty");
        if (serviceIds.length > LARGEST_BATCH) {
          throw invalid(`service_ids: ${serviceIds.length} services; at most ${LARGEST_BATCH} can be enabled at once`);
        }
        const names = serviceIds.map(checkName);
        for (const name of names) enable(world, project, name);
        return operation(project, names, {
          "@type": `${TYPE}.BatchEnableServicesResponse`,
          services: names.map((name) => wire(world, project, name)),
        });
      }),
      post("/v1/projects/{project}/services/{service}:disable", async (call) => {
        const { disableDependentServices = false } = await readBody<{ disableDependentServices: boolean }>(call, {
          disableDependentServices: "flag",
        });
        return disable(call, disableDependentServices);
      }),
      operationRoute(world, "/v1/operations/{operation}"),
    ],
  };

  function disable(call: Call, withDependents: boolean) {
    const project = openProject(world, call.principal, call.param("project"), "serviceusage.services.disable");
    const { projectId } = project;
    const name = checkName(call.param("service"));
    if (!isEnabled(world, projectId, name)) {
      throw failedPrecondition(`Service ${name} is not enabled for consumer project:${projectId}.`);
    }
    const needing = dependents(world, projectId, name);
    if (needing.length > 0 && !withDependents) {
      throw failedPrecondition(
        `The service ${name} is depended on by the following active service(s): ${needing.join(", ")}. Specify disable_dependent_services=true if you want to proceed with disabling all services.`,
      );
    }
    for (const each of [...needing, name]) enabledServices(world).delete(`${projectId}/${each}`);
    return operation(project, [name], {
      "@type": `${TYPE}.DisableServiceResponse`,
      service: wire(world, project, name),
    });
  }
}

/** Names of services in the asked state; all that are enabled or well known, if none is asked for. */
function listed(world: World, { projectId }: ProjectRecord, filter: string | null): readonly string[] {
  const enabled = enabledServices(world)
    .keys(`${projectId}/`)
    .map((key) => key.slice(projectId.length + 1));
  if (filter === null || filter === "") return [...new Set([...enabled, ...KNOWN])].sort();
  const state = /^\s*state\s*[:=]\s*"?(ENABLED|DISABLED)"?\s*$/.exec(filter)?.[1];
  if (state === "ENABLED") return enabled;
  if (state === "DISABLED") return KNOWN.filter((name) => !enabled.includes(name));
  throw invalid(`Invalid filter: "${filter}", known are state:ENABLED and state:DISABLED`);
}

function wire(world: World, { projectId, projectNumber }: ProjectRecord, name: string): object {
  return {
    name: `projects/${projectNumber}/services/${name}`,
    config: { name },
    state: isEnabled(world, projectId, name) ? "ENABLED" : "DISABLED",
    parent: `projects/${projectNumber}`,
  };
}

/** Which APIs exist changes too often to be known here; a name that can't be one is refused in Google's words. */
function checkName(name: unknown): string {
  if (typeof name === "string" && /^[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*\.(?:googleapis\.com|goog|cloud)$/.test(name))
    return name;
  throw googleError(403, "forbidden", `Not found or permission denied for service(s): ${String(name)}.`);
}

function invalid(message: string) {
  return googleError(400, "badRequest", message);
}

function failedPrecondition(message: string) {
  return googleError(400, "failedPrecondition", message, "FAILED_PRECONDITION");
}
