import type { Provider } from "../tfplugin/provider";
import { groupResource } from "./group-resource";
import { groupsConnection } from "./groups-connection";
import { promotionResource } from "./promotion-resource";
import { promotionConnection } from "./promotion-session";

const badLines = process.env.ARTIFACTS_BAD_LINES === "continue" ? "continue" : "stop";

/** The `artifacts` provider. */
export function createArtifactsProvider(): Provider {
  return { resources: [groupResource(groupsConnection()), promotionResource(promotionConnection(), badLines)] };
}
