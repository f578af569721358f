import { lastSegment, parse } from "../address";
import type { Api } from "../api/api";
import type { Driver } from "../driver";

/** `google_project_service`: an API that is enabled. */
export const projectServiceDriver: Driver = {
  type: "google_project_service",
  traits: {
    forceNew: ["project", "service"],
    defaults: { disable_on_destroy: true },
    same: { project: (prior, planned) => lastSegment(prior) === lastSegment(planned) },
  },

  async create(planned, api) {
    const { project, service } = planned;
    if (!(await enabledServices(String(project), api)).has(String(service))) {
      const path = `projects/${project}/services/${service}:enable`;
      await api.settled("SERVICE_USAGE", await api.call("SERVICE_USAGE", "POST", path, { body: {} }));
    }
    return { id: `${project}/${service}` };
  },

  async read(state, api) {
    const project = await api.find("RESOURCE_MANAGER", `projects/${state.project}`);
    if (project === undefined || project.lifecycleState !== "ACTIVE") return undefined;
    return (await enabledServices(String(state.project), api)).has(String(state.service)) ? state : undefined;
  },

  // Only settings of the provider's own can change in place.
  async update() {},

  async delete(state, api) {
    if (state.disable_on_destroy === false) return;
    const path = `projects/${state.project}/services/${state.service}:disable`;
    const body = state.disable_dependent_services === true ? { disableDependentServices: true } : {};
    await api.settled("SERVICE_USAGE", await api.call("SERVICE_USAGE", "POST", path, { body }));
  },

  import(id) {
    const found = parse(["projects/{project}/services/{service}", "{project}/{service}"], id);
    return { ...found, id: `${found.project}/${found.service}` };
  },
};

async function enabledServices(project: string, api: Api): Promise<ReadonlySet<string>> {
  const query = { fields: "services/name,nextPageToken", filter: "state:ENABLED", pageSize: "200" };
  const services = await api.list("SERVICE_USAGE", `projects/${project}/services`, "services", query);
  return new Set(services.map(({ name }) => lastSegment(name)));
}
