import { servePlugin } from "../tfplugin/plugin";
import { createArtifactsProvider } from "./provider";

// What Terraform runs, through the launcher that synth writes (lib/constructs/artifacts-plugin.ts).
servePlugin({ address: "artifacts.internal/foundation/artifacts", createProvider: createArtifactsProvider });
