import type { Service } from "../../http/service";
import type { World } from "../../state/world";
import { directoryGroupRoutes } from "./directory-groups";
import { directoryMemberRoutes } from "./directory-members";

/** The part of the Admin SDK's Directory API that is about groups. */
export function directory(world: World): Service {
  return {
    name: "admin",
    prefix: "/admin",
    errors: "storage",
    routes: [...directoryGroupRoutes(world), ...directoryMemberRoutes(world)],
  };
}
