import { dirname } from "node:path";
import type { Report } from "../diagnostics";
import type { Adoption } from "../model/adoption";
import { adoptionFile } from "./schema/adoption-file";
import { Source } from "./source";
import type { Tree } from "./tree";

/** Reads `adopt/<stack>.yaml` beside infra.yaml; having none is usual. */
export function loadAdoptions(tree: Tree, infra: string, report: Report): readonly Adoption[] {
  const folder = `${dirname(infra)}/adopt`;
  if (!tree.exists(folder)) return [];
  return tree.list(folder, report).flatMap(({ name, path }) => {
    if (!name.endsWith(".yaml")) return [];
    const text = tree.read(path, report);
    const source = text === undefined ? undefined : Source.read(path, text, report);
    const yaml = source?.parse(adoptionFile, report);
    if (source === undefined || yaml === undefined) return [];
    return [{ stack: yaml.stack, imports: yaml.imports, at: source.positionOf(["stack"]) }];
  });
}
