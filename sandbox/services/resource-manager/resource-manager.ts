import { googleError } from "../../http/errors";
import { get, json, type Route, type Service } from "../../http/service";
import type { World } from "../../state/world";
import { operationRoute } from "../operations";
import { policyRoutes } from "../policy-routes";
import { folderRoutes } from "./folders";
import { lienRoutes } from "./liens";
import { projectRoutesV1 } from "./projects-v1";
import { projectRoutesV3 } from "./projects-v3";
import { tagBindingRoutes } from "./tag-bindings";

/** Version 1 has the projects and liens, and the operations of version 3, which Google's provider polls here. */
export function resourceManagerV1(world: World): Service {
  return {
    name: "cloudresourcemanager",
    prefix: "/resource-manager",
    routes: [
      ...projectRoutesV1(world),
      ...lienRoutes(world),
      operationRoute(world, "/v1/operations/{operation}"),
      ...v3(world),
    ],
  };
}

export function resourceManagerV3(world: World): Service {
  return { name: "cloudresourcemanager", prefix: "/resource-manager-v3", routes: v3(world) };
}

/** Google's provider has a setting of its own for tags, which are version 3 too. */
export function tags(world: World): Service {
  return { name: "cloudresourcemanager", prefix: "/tags", routes: v3(world) };
}

function v3(world: World): Route[] {
  return [
    ...folderRoutes(world),
    ...projectRoutesV3(world),
    ...organizationRoutes(world),
    ...tagBindingRoutes(world),
    operationRoute(world, "/v3/operations/{operation}"),
  ];
}

/** The sandbox holds no organization: every number is one, and can carry a policy. */
function organizationRoutes(world: World): Route[] {
  return [
    get("/v3/organizations/{organization}", async (call) => {
      const id = call.param("organization");
      if (!/^\d+$/.test(id)) throw googleError(400, "badRequest", `Invalid organization id: "${id}"`);
      world.access.require(call.principal, "resourcemanager.organizations.get", `organizations/${id}`);
      return json({
        name: `organizations/${id}`,
        displayName: "example.org",
        state: "ACTIVE",
        directoryCustomerId: "C00000000",
      });
    }),
    ...policyRoutes(world, {
      pattern: "/v3/organizations/{organization}",
      permissions: "resourcemanager.organizations",
      resource: (call) => `organizations/${call.param("organization")}`,
    }),
    ...policyRoutes(world, {
      pattern: "/v1/organizations/{organization}",
      permissions: "resourcemanager.organizations",
      resource: (call) => `organizations/${call.param("organization")}`,
    }),
  ];
}
