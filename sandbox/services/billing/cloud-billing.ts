import { googleError } from "../../http/errors";
import { get, json, put, type Route, type Service } from "../../http/service";
import type { ProjectRecord } from "../../state/records";
import type { World } from "../../state/world";
import { policyRoutes } from "../policy-routes";
import { openProject } from "../project-lookup";
import { readBody } from "../request-body";

/** `billingInfo`, by project id: present means that the project is linked to the account. */
interface Link {
  readonly billingAccountName: string;
}

export function cloudBilling(world: World): Service {
  return { name: "cloudbilling", prefix: "/billing", routes: routes(world) };
}

/** The same API under the name by which one resource type of Google's provider asks for it. */
export function coreBilling(world: World): Service {
  return { name: "cloudbilling", prefix: "/core-billing", routes: routes(world) };
}

function routes(world: World): Route[] {
  const links = world.store.collection<Link>("billingInfo");

  function wire({ projectId }: ProjectRecord): object {
    const link = links.get(projectId);
    return {
      name: `projects/${projectId}/billingInfo`,
      projectId,
      billingAccountName: link?.billingAccountName ?? "",
      billingEnabled: link !== undefined,
    };
  }

  return [
    get("/v1/projects/{project}/billingInfo", async (call) =>
      json(wire(openProject(world, call.principal, call.param("project"), "resourcemanager.projects.get"))),
    ),
    put("/v1/projects/{project}/billingInfo", async (call) => {
      const { billingAccountName = "" } = await readBody<Link>(call, { billingAccountName: "text" });
      if (billingAccountName === "") {
        const permission = "resourcemanager.projects.deleteBillingAssignment";
        const project = openProject(world, call.principal, call.param("project"), permission);
        links.delete(project.projectId);
        return json(wire(project));
      }
      const permission = "resourcemanager.projects.createBillingAssignment";
      const project = openProject(world, call.principal, call.param("project"), permission);
      checkName(billingAccountName);
      world.access.require(call.principal, "billing.resourceAssociations.create", billingAccountName);
      links.put(project.projectId, { billingAccountName });
      return json(wire(project));
    }),
    get("/v1/billingAccounts/{account}", async (call) => {
      const name = checkName(`billingAccounts/${call.param("account")}`);
      world.access.require(call.principal, "billing.accounts.get", name);
      return json({ name, open: true, displayName: "Sandbox billing account", masterBillingAccount: "" });
    }),
    get("/v1/billingAccounts/{account}/projects", async (call) => {
      const name = checkName(`billingAccounts/${call.param("account")}`);
      world.access.require(call.principal, "billing.resourceAssociations.list", name);
      const linked = links.keys().filter((projectId) => links.get(projectId)?.billingAccountName === name);
      const projectBillingInfo = linked.map((projectId) => ({
        name: `projects/${projectId}/billingInfo`,
        projectId,
        billingAccountName: name,
        billingEnabled: true,
      }));
      return json(linked.length === 0 ? {} : { projectBillingInfo });
    }),
    ...policyRoutes(world, {
      pattern: "/v1/billingAccounts/{account}",
      permissions: "billing.accounts",
      resource: (call) => checkName(`billingAccounts/${call.param("account")}`),
      readBy: "GET",
    }),
  ];
}

/** The sandbox holds no billing accounts: every well-formed id is an open one. */
export function checkName(name: string): string {
  if (/^billingAccounts\/[0-9A-F]{6}-[0-9A-F]{6}-[0-9A-F]{6}$/i.test(name)) return name;
  throw googleError(
    400,
    "badRequest",
    `Invalid billing account: "${name}", expected billingAccounts/XXXXXX-XXXXXX-XXXXXX`,
  );
}
