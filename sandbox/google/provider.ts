import type { AnyResource, Provider } from "../../lib/tfplugin/provider";
import type { Schema } from "../../lib/tfplugin/schema";
import type { Entries } from "../../lib/tfplugin/types";
import { Session } from "./api/session";
import { asResource } from "./as-resource";
import { dataSources } from "./data-sources";
import { driverEntries } from "./drivers";
import { annotate } from "./schema/annotate";
import { cachedSchemas } from "./schema/cache";
import { deriveSchema } from "./schema/derive";

/**
 * A provider that answers to the name of hashicorp/google: the same schema, and the calls that the real one makes, to a
 * sandbox on this machine and nowhere else.
 */
export function createStandIn(env: NodeJS.ProcessEnv): Provider {
  let session = new Session({}, env);
  const current = () => session;
  const sources = dataSources(current);
  const folders = [
    "provider",
    ...driverEntries.map(({ type }) => folderOf(type)),
    ...sources.map(({ type }) => dataFolderOf(type)),
  ];
  const schemas = cachedSchemas(folders, deriveSchema);
  const schemaOf = (folder: string): Schema => schemas.get(folder) ?? deriveSchema(folder);

  const resources = driverEntries.map(({ type, traits, driver }): AnyResource => {
    const schema = annotate(schemaOf(folderOf(type)), traits);
    return asResource(driver(schema), schema, current);
  });

  return {
    schema: schemaOf("provider"),
    resources,
    dataSources: sources.map((source) => {
      const schema = schemaOf(dataFolderOf(source.type));
      return { type: source.type, schema, read: (config: Entries, context) => source.read(config, context, schema) };
    }),
    legacyTypeSystem: true,
    configure(config) {
      session = new Session(config as Entries, env);
    },
  };
}

/** `google_storage_bucket` is in the folder `storage-bucket` of the bindings. */
export function folderOf(type: string): string {
  return type.replace(/^google_/, "").replaceAll("_", "-");
}

/** The data source of the same name is in `data-google-storage-bucket`. */
function dataFolderOf(type: string): string {
  return `data-${type.replaceAll("_", "-")}`;
}
