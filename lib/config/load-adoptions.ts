import { dirname } from "node:path";
import type { Adoption } from "../model/adoption";
import type { Inputs } from "./inputs";
import { adoptionFile } from "./schema/adoption-file";
import { isYaml } from "./tree";

export function adoptFolder(infra: string): string {
  return `${dirname(infra)}/adopt`;
}

/** Reads `adopt/<stack>.yaml` beside infra.yaml; having none is usual. */
export function loadAdoptions(inputs: Inputs, infra: string): readonly Adoption[] {
  const folder = adoptFolder(infra);
  if (!inputs.tree.exists(folder)) return [];
  return inputs.tree.list(folder, inputs.report).flatMap(({ name, path }) => {
    if (!isYaml(name)) return [];
    const source = inputs.read(path);
    const yaml = source?.parse(adoptionFile, inputs.report);
    if (source === undefined || yaml === undefined) return [];
    return [{ stack: yaml.stack, imports: yaml.imports, at: source.positionOf(["stack"]) }];
  });
}
