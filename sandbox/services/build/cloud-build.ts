import type { Route, Service } from "../../http/service";
import type { World } from "../../state/world";
import { operationRoute } from "../operations";
import { buildRoutes } from "./builds";
import { triggerRoutes } from "./triggers";

export function cloudBuild(world: World): Service {
  return {
    name: "cloudbuild",
    prefix: "/cloud-build",
    routes: [
      ...bothPaths((path, isGlobal) => [
        ...triggerRoutes(world, path, isGlobal),
        ...buildRoutes(world, path, isGlobal),
      ]),
      operationRoute(world, "/v1/operations/{kind}/{project}/{operation}"),
    ],
  };
}

/** The older paths have no location and mean `global`. */
function bothPaths(routes: (path: string, isGlobal: boolean) => Route[]): Route[] {
  return [...routes("/v1/projects/{project}/locations/{location}", false), ...routes("/v1/projects/{project}", true)];
}
