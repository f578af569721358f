import type { Loaded } from "../config/load";
import { type Diagnostic, formatDiagnostic } from "../diagnostics";
import type { Estate } from "../model/estate";
import { concernsAny } from "./concerning";
import { count } from "./format";

/**
 * The estate, for commands that look at projects and groups only: mistakes in manifests do not stop them. Says what is
 * wrong on standard error when anything else is not valid.
 */
export function validApartFromManifests(loaded: Loaded): Estate | undefined {
  const { estate, apartFromManifests } = loaded;
  if (estate !== undefined) return estate;
  const errors = errorsOf(loaded);
  if (apartFromManifests === undefined) return refuse(errors);
  process.stderr.write(`${count(errors.length, "mistake")} in manifests left aside: artifacts validate tells more.\n`);
  return apartFromManifests;
}

/**
 * The same for a command that changes one project, with all manifests that could be read: a change may not leave them
 * without it. Mistakes in manifests of the project's own directory do stop it.
 */
export function validForProject(loaded: Loaded, projectId: string): Estate | undefined {
  const own = errorsOf(loaded).filter((found) => concernsAny(found, [projectId]));
  if (loaded.apartFromManifests !== undefined && own.length > 0) return refuse(own);
  const estate = validApartFromManifests(loaded);
  return estate && { ...estate, manifests: loaded.draft.manifests };
}

function refuse(errors: readonly Diagnostic[]): undefined {
  process.stderr.write(
    `The inputs are not valid as they are; repair them first:\n${errors.map(formatDiagnostic).join("\n")}\n`,
  );
}

function errorsOf({ diagnostics }: Loaded): readonly Diagnostic[] {
  return diagnostics.filter(({ severity }) => severity === "error");
}
