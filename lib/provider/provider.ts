import type { Provider } from "../tfplugin/provider";
import { groupResource } from "./group-resource";
import { groupsConnection } from "./groups-connection";

/** The `artifacts` provider. */
export const artifactsProvider: Provider = { resources: [groupResource(groupsConnection())] };
