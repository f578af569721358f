import { servePlugin } from "../tfplugin/plugin";
import { artifactsProvider } from "./provider";

// What Terraform runs, through the launcher that synth writes (lib/constructs/artifacts-plugin.ts).
servePlugin(artifactsProvider);
