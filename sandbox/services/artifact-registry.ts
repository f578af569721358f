import { randomUUID } from "node:crypto";
import { googleError } from "../http/errors";
import { type Call, del, get, json, patch, post, type Service } from "../http/service";
import { forgetPolicies } from "../iam/policy";
import type { World } from "../state/world";
import { applyMask } from "./field-mask";
import { pageOf, pageToken } from "./listing";
import { operationRoute, startOperation } from "./operations";
import { policyRoutes } from "./policy-routes";
import { findProject, isEnabled, openProject, requireService } from "./project-lookup";
import { readBody, type Shape, TEXT_MAP } from "./request-body";

/** `repositories`, by name. Fields that the sandbox doesn't interpret are kept as given. */
interface RepositoryRecord {
  /** `projects/ID/locations/L/repositories/R`. */
  readonly name: string;
  readonly format: string;
  readonly mode: string;
  readonly createTime: string;
  readonly updateTime: string;
  readonly vulnerabilityScanningConfig?: { readonly enablementConfig?: string };
}

const BODY: Shape = {
  format: "text",
  mode: "text",
  description: "text",
  labels: TEXT_MAP,
  cleanupPolicies: {},
  vulnerabilityScanningConfig: { enablementConfig: "text" },
};
const TYPE = "type.googleapis.com/google.devtools.artifactregistry.v1";
const FORMATS = ["DOCKER", "MAVEN", "NPM", "PYTHON", "APT", "YUM", "GO", "KFP", "GENERIC", "GOOGET", "RUBY"];
const CHANGEABLE = [
  "description",
  "labels",
  "cleanupPolicies",
  "cleanupPolicyDryRun",
  "dockerConfig",
  "mavenConfig",
  "vulnerabilityScanningConfig",
];
const WRITABLE = [...CHANGEABLE, "format", "mode", "kmsKeyName", "remoteRepositoryConfig", "virtualRepositoryConfig"];
const LOCATION = "/v1/projects/{project}/locations/{location}";
const REPOSITORY = `${LOCATION}/repositories/{repository}`;

/** Repositories of Artifact Registry and who may use them. It holds no packages: nothing can be pushed to the sandbox. */
export function artifactRegistry(world: World): Service {
  const repositories = world.store.collection<RepositoryRecord>("repositories");

  function parentOf(call: Call, permission: string): string {
    const project = openProject(
      world,
      call.principal,
      call.param("project"),
      `artifactregistry.repositories.${permission}`,
    );
    requireService(world, project, "artifactregistry.googleapis.com");
    return `projects/${project.projectId}/locations/${call.param("location")}`;
  }

  /** Whether the project is named by its id or by its number. */
  function locationOf(call: Call): string {
    const asked = call.param("project");
    return `projects/${findProject(world, asked)?.projectId ?? asked}/locations/${call.param("location")}`;
  }

  /** Looked up before the permission is checked, as it may be granted on the repository itself. */
  function nameOf(call: Call): string {
    const name = `${locationOf(call)}/repositories/${call.param("repository")}`;
    if (!repositories.has(name)) throw googleError(404, "notFound", "Requested entity was not found.");
    return name;
  }

  function find(call: Call, permission: string): RepositoryRecord {
    const asked = `${locationOf(call)}/repositories/${call.param("repository")}`;
    world.access.require(call.principal, `artifactregistry.repositories.${permission}`, asked);
    const repository = repositories.get(nameOf(call));
    if (repository === undefined) throw googleError(404, "notFound", "Requested entity was not found.");
    return repository;
  }

  function operation(call: Call, response: object) {
    const name = `${locationOf(call)}/operations/${randomUUID()}`;
    return json(startOperation(world, { name, metadata: { "@type": `${TYPE}.OperationMetadata` }, response }));
  }

  function wire(repository: RepositoryRecord): object {
    const [, projectId = "", , location = "", , id = ""] = repository.name.split("/");
    return {
      ...repository,
      satisfiesPzi: true,
      registryUri: `${location}-${repository.format.toLowerCase() === "docker" ? "docker" : repository.format.toLowerCase()}.pkg.dev/${projectId}/${id}`,
      vulnerabilityScanningConfig: scanning(world, projectId, repository),
    };
  }

  return {
    name: "artifactregistry",
    prefix: "/artifact-registry",
    routes: [
      post(`${LOCATION}/repositories`, async (call) => {
        const body = await readBody<RepositoryRecord>(call, BODY);
        const id = call.query.get("repositoryId") ?? call.query.get("repository_id") ?? "";
        const name = `${parentOf(call, "create")}/repositories/${id}`;
        if (!/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(id)) {
          throw googleError(
            400,
            "badRequest",
            `invalid repository id "${id}": expected up to 63 lowercase letters, digits and hyphens`,
          );
        }
        if (!FORMATS.includes(body.format ?? ""))
          throw googleError(400, "badRequest", `invalid format "${body.format ?? ""}"`);
        if (repositories.has(name)) throw googleError(409, "alreadyExists", "the repository already exists");
        const createTime = world.clock.timestamp();
        const empty: RepositoryRecord = {
          name,
          format: "",
          mode: "STANDARD_REPOSITORY",
          createTime,
          updateTime: createTime,
        };
        const repository = applyMask(empty, body, undefined, WRITABLE);
        repositories.put(name, repository);
        return operation(call, { ...wire(repository), "@type": `${TYPE}.Repository` });
      }),
      get(`${LOCATION}/repositories`, async (call) => {
        const page = pageOf(repositories.values(`${parentOf(call, "list")}/`), ({ name }) => name, {
          size: call.query.get("pageSize"),
          token: call.query.get("pageToken"),
          defaultSize: 100,
          largestSize: 1000,
        });
        return json({ ...(page.items.length === 0 ? {} : { repositories: page.items.map(wire) }), ...pageToken(page) });
      }),
      get(REPOSITORY, async (call) => json(wire(find(call, "get")))),
      patch(REPOSITORY, async (call) => {
        const body = await readBody<RepositoryRecord>(call, BODY);
        const changed = applyMask(find(call, "update"), body, call.query.get("updateMask"), CHANGEABLE);
        const repository = { ...changed, updateTime: world.clock.timestamp() };
        repositories.put(repository.name, repository);
        return json(wire(repository));
      }),
      del(REPOSITORY, async (call) => {
        const { name } = find(call, "delete");
        repositories.delete(name);
        forgetPolicies(world, name);
        return operation(call, { "@type": "type.googleapis.com/google.protobuf.Empty" });
      }),
      ...policyRoutes(world, {
        pattern: REPOSITORY,
        permissions: "artifactregistry.repositories",
        resource: nameOf,
        readBy: "GET",
      }),
      operationRoute(world, `${LOCATION}/operations/{operation}`),
    ],
  };
}

function scanning(
  world: World,
  projectId: string,
  { createTime, vulnerabilityScanningConfig }: RepositoryRecord,
): object {
  const { enablementConfig } = vulnerabilityScanningConfig ?? {};
  const given = enablementConfig === undefined ? {} : { enablementConfig };
  if (enablementConfig === "DISABLED") {
    return {
      ...given,
      lastEnableTime: createTime,
      enablementState: "SCANNING_DISABLED",
      enablementStateReason: "Disabled by the repository's configuration.",
    };
  }
  const api = "containerscanning.googleapis.com";
  if (isEnabled(world, projectId, api))
    return { ...given, lastEnableTime: createTime, enablementState: "SCANNING_ACTIVE" };
  return {
    ...given,
    lastEnableTime: createTime,
    enablementState: "SCANNING_DISABLED",
    enablementStateReason: `API ${api} is not enabled.`,
  };
}
