import { servePlugin } from "../../lib/tfplugin/plugin";
import { createStandIn } from "./provider";

// What Terraform runs under a sandbox target, through the launcher that synth writes.
servePlugin({ address: "registry.terraform.io/hashicorp/google", createProvider: () => createStandIn(process.env) });
