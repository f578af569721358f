import { servePlugin } from "../../lib/tfplugin/plugin";
import { createStandIn } from "./provider";

// What Terraform runs under a sandbox target, through the launcher that synth writes.
servePlugin(createStandIn(process.env));
