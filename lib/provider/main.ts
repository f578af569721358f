import { servePlugin } from "../tfplugin/plugin";

// What Terraform runs, through the launcher that synth writes (lib/constructs/artifacts-plugin.ts).
servePlugin({
  address: "artifacts.internal/foundation/artifacts",
  // Loaded when Terraform connects: it waits for the handshake, which needs nothing of the resources.
  // biome-ignore lint/style/noCommonJs: its caller does not wait, as for import().
  createProvider: () => (require("./provider") as typeof import("./provider")).createArtifactsProvider(),
});
