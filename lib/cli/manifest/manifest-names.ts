import { objectNameProblem } from "../../model/object-names";
import { quote } from "../../model/suggest";
import type { InventoryFile } from "../../promotion/inventory";
import { isWritable } from "../../promotion/manifest-yaml";

export interface Complaint {
  readonly text: string;
  readonly isRefused: boolean;
}

/**
 * Names that a manifest may not have. Where it is not known what the manifest is for, its text must still be kpromo's:
 * then only what YAML can not carry is refused, and the rest is said.
 */
export function nameComplaints(files: readonly InventoryFile[], isKnown: boolean): readonly Complaint[] {
  return files.flatMap(({ name }): readonly Complaint[] => {
    const problem = objectNameProblem(name);
    if (problem === undefined) return [];
    if (!isWritable(name)) {
      return [{ text: `error: ${quote(name)}: a name with such characters can not be written`, isRefused: true }];
    }
    const text = [problem.what, problem.repair].filter(Boolean).join(". ");
    return [{ text: `${isKnown ? "error" : "warning: a check will refuse this"}: ${text}`, isRefused: isKnown }];
  });
}
