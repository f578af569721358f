import type { Service } from "../../http/service";
import type { World } from "../../state/world";
import { customRoleRoutes } from "./custom-roles";
import { serviceAccountRoutes } from "./service-accounts";
import { workloadIdentityRoutes } from "./workload-identity";

export function iam(world: World): Service {
  return {
    name: "iam",
    prefix: "/iam",
    routes: [...serviceAccountRoutes(world), ...customRoleRoutes(world), ...workloadIdentityRoutes(world)],
  };
}
