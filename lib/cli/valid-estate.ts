import type { Loaded } from "../config/load";
import { countBySeverity, formatDiagnostic } from "../diagnostics";
import type { Estate } from "../model/estate";
import { count } from "./format";

/** The estate, for commands that need a valid one. Says what is wrong on standard error when it is not. */
export function validEstate({ estate, diagnostics }: Loaded): Estate | undefined {
  if (estate !== undefined) return estate;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  process.stderr.write(
    `The inputs are not valid as they are; repair them first:\n${errors.map(formatDiagnostic).join("\n")}\n`,
  );
  return undefined;
}

/** The same for commands that look at projects and groups only: mistakes in manifests do not stop them. */
export function validApartFromManifests(loaded: Loaded): Estate | undefined {
  const { estate, apartFromManifests, diagnostics } = loaded;
  if (estate !== undefined || apartFromManifests === undefined) return validEstate(loaded);
  const mistakes = count(countBySeverity(diagnostics).errors, "mistake");
  process.stderr.write(`${mistakes} in manifests left aside: artifacts validate tells more.\n`);
  return apartFromManifests;
}
