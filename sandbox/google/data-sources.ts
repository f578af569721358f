import type { OperationContext } from "../../lib/tfplugin/resource";
import type { Entries } from "../../lib/tfplugin/types";
import { Api } from "./api/api";
import type { Session } from "./api/session";
import { projectDriver } from "./types/project";

/** A data source that the stand-in plays. */
export interface DataSourceEntry {
  readonly type: string;

  /** Its folder in the bindings. */
  readonly folder: string;

  read(config: Entries, context: OperationContext): Promise<Entries>;
}

export function dataSources(session: () => Session): readonly DataSourceEntry[] {
  return [
    {
      type: "google_project",
      folder: "data-google-project",
      async read(config, { signal }) {
        const project_id = config.project_id ?? session().project;
        const project = await projectDriver.read({ ...config, project_id }, new Api(session(), signal));
        if (project === undefined) throw new Error(`project ${project_id}: is not there, or not active`);
        return project;
      },
    },
  ];
}
