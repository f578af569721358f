import { servePlugin } from "../../lib/tfplugin/plugin";

// What Terraform runs under a sandbox target, through the launcher that synth writes.
servePlugin({
  address: "registry.terraform.io/hashicorp/google",
  // Loaded when Terraform connects: it waits for the handshake, which needs nothing of the resources.
  // biome-ignore lint/style/noCommonJs: its caller does not wait, as for import().
  createProvider: () => (require("./provider") as typeof import("./provider")).createStandIn(process.env),
});
