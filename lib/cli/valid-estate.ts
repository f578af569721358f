import type { Loaded } from "../config/load";
import { formatDiagnostic } from "../diagnostics";
import type { Estate } from "../model/estate";

/** The estate, for commands that need a valid one. Says what is wrong on standard error when it is not. */
export function validEstate({ estate, diagnostics }: Loaded): Estate | undefined {
  if (estate !== undefined) return estate;
  const errors = diagnostics.filter(({ severity }) => severity === "error");
  process.stderr.write(
    `The inputs are not valid as they are; repair them first:\n${errors.map(formatDiagnostic).join("\n")}\n`,
  );
  return undefined;
}
