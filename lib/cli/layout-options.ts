import type { Command, Option } from "commander";
import { pathOption } from "./path-option";

/** Adds the flags that say where the inputs stand. What commander makes of them fits `readLayout`. */
export function addLayoutOptions(command: Command): void {
  command
    .addOption(pathOption("--root <folder>", "folder that holds the inputs (default: the working directory)"))
    .addOption(place("infra", "projects by type", "infra/gcp/infra.yaml"))
    .addOption(place("defaults", "what holds for all projects", "infra/gcp/defaults.yaml"))
    .addOption(place("groups", "Google Groups", "groups"))
    .addOption(place("filestores", "sources and destinations", "filestores"))
    .addOption(place("manifests", "files to promote", "manifests"));
}

function place(part: string, what: string, usual: string): Option {
  return pathOption(`--${part} <path>`, `${what}, relative to the root (default: from cdktf.json, else ${usual})`);
}
