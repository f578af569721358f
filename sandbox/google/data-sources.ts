import type { OperationContext } from "../../lib/tfplugin/resource";
import type { Schema } from "../../lib/tfplugin/schema";
import type { Entries } from "../../lib/tfplugin/types";
import { Api } from "./api/api";
import type { Session } from "./api/session";
import { elementsOf } from "./fields";
import { type Binding, policyData } from "./iam/policy";
import { bucketDriver } from "./types/bucket";
import { projectDriver } from "./types/project";

/** A data source that the stand-in plays. */
export interface DataSourceEntry {
  readonly type: string;
  read(config: Entries, context: OperationContext, schema: Schema): Promise<Entries>;
}

export function dataSources(session: () => Session): readonly DataSourceEntry[] {
  return [
    {
      type: "google_project",
      async read(config, { signal }) {
        const project_id = config.project_id ?? session().project;
        const project = await projectDriver.read({ ...config, project_id }, new Api(session(), signal));
        if (project === undefined) throw new Error(`project ${project_id}: is not there, or not active`);
        return project;
      },
    },
    {
      type: "google_storage_bucket",
      async read({ name }, { signal }, schema) {
        const bucket = await bucketDriver(schema).read({ name }, new Api(session(), signal));
        if (bucket === undefined) throw new Error(`Not found: bucket ${name}`);
        return Object.fromEntries(Object.entries(bucket).filter(([key]) => key in schema.attributes));
      },
    },
    {
      type: "google_iam_policy",
      async read(config) {
        const bindings = elementsOf(config.binding).map(bindingOf);
        const policy_data = policyData({ bindings });
        return { ...config, id: policy_data, policy_data };
      },
    },
  ];
}

function bindingOf({ role, members, condition }: Entries): Binding {
  const [only] = elementsOf(condition);
  return {
    role: String(role),
    members: members as readonly string[],
    ...(only === undefined ? {} : { condition: { title: String(only.title), expression: String(only.expression) } }),
  };
}
