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
  return validBut(loaded, () => false);
}

/**
 * The same for a command that changes one project, with all manifests that could be read: a change may not leave them
 * without it. Mistakes in manifests of the project's own directory do stop it.
 */
export function validForProject(loaded: Loaded, projectId: string): Estate | undefined {
  const estate = validBut(loaded, (found) => concernsAny(found, [projectId]));
  return estate && { ...estate, manifests: loaded.draft.manifests };
}

/** Says what stands in the way, and how many other mistakes there are. */
function validBut(
  { estate, apartFromManifests, errorsApartFromManifests: elsewhere, diagnostics }: Loaded,
  stops: (inManifest: Diagnostic) => boolean,
): Estate | undefined {
  if (estate !== undefined) return estate;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  const inTheWay = errors.filter((found) => elsewhere.includes(found) || stops(found));
  const leftAside = errors.length - inTheWay.length;
  if (inTheWay.length > 0) {
    const told = inTheWay.map(formatDiagnostic).join("\n");
    process.stderr.write(`The inputs are not valid as they are; repair them first:\n${told}\n`);
  }
  if (leftAside > 0) {
    process.stderr.write(
      `${count(leftAside, "mistake")} in manifests left aside: npx artifacts validate tells more.\n`,
    );
  }
  return inTheWay.length > 0 ? undefined : apartFromManifests;
}
