import { dirname } from "node:path";
import type { Adoption } from "../model/adoption";
import type { Inputs } from "./inputs";
import { isNoManifest } from "./load-manifests";
import { adoptionFile } from "./schema/adoption-file";
import { type Entry, isYaml } from "./tree";

export function adoptFolder(infra: string): string {
  return `${dirname(infra)}/adopt`;
}

/** Reads `adopt/<stack>.yaml` beside infra.yaml; having none is usual. */
export function loadAdoptions(inputs: Inputs, infra: string): readonly Adoption[] {
  const folder = adoptFolder(infra);
  if (!inputs.tree.exists(folder)) return [];
  return inputs.tree.list(folder, inputs.report).flatMap((entry) => {
    if (entry.kind === "folder" || !isYaml(entry.name)) return reportStray(inputs, folder, entry);
    const source = inputs.read(entry.path);
    const yaml = source?.parse(adoptionFile, inputs.report);
    if (source === undefined || yaml === undefined) return [];
    return [{ stack: yaml.stack, imports: yaml.imports, at: source.positionOf(["stack"]) }];
  });
}

/** What somebody believes to be taken over would be made once more. */
function reportStray({ report }: Inputs, folder: string, { name, path, kind }: Entry): readonly Adoption[] {
  if (kind === "file" && isNoManifest(name)) return [];
  const summary = `this ${kind === "folder" ? "folder" : "file"} is no adoption: nothing in it is read`;
  const detail = `Adoptions are YAML files directly in ${folder}/; their names end in .yaml or .yml. Rename it, or remove it.`;
  report({ severity: "error", rule: "adoption/stray", summary, detail, at: { file: path, line: 1, column: 1 } });
  return [];
}
