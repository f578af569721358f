import { type DesiredGroup, desiredRoles } from "./desired-group";
import type { GroupFailure } from "./group-result";
import { type Step, stepTitle } from "./steps";
import { LaterError, StepError } from "./take-step";

/**
 * Refuses to take the last owners away as long as no declared one could be put in their place. `steps` are all that were
 * planned: an owner that failed to arrive earlier in the run is none.
 */
export function ownerGuard(desired: DesiredGroup, steps: readonly Step[]) {
  const arriving = new Set(
    steps.flatMap((step) =>
      (step.kind === "add" && step.role === "OWNER") || (step.kind === "change-role" && step.to === "OWNER")
        ? [stepTitle(step)]
        : [],
    ),
  );
  const owners = [...desiredRoles(desired).values()].filter((role) => role === "OWNER").length;
  // Every declared owner that does not arrive is one already.
  const isStaffed = owners > arriving.size;
  return (step: Step, failures: readonly GroupFailure[]) => {
    const loses =
      (step.kind === "remove" && step.role === "OWNER") || (step.kind === "change-role" && step.from === "OWNER");
    if (!loses || owners === 0 || isStaffed) return;
    const failed = failures.filter(({ step: title }) => arriving.has(title));
    if (failed.length < arriving.size) return;
    const Kind = failed.some(({ later }) => later !== undefined) ? LaterError : StepError;
    throw new Kind("kept as an owner, because none of the declared owners could be put in place");
  };
}
