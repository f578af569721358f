import type { DirectoryGroup } from "../cloud/directory";
import { normalAddress } from "./addresses";
import { type DesiredGroup, desiredRoles } from "./desired-group";
import { holdSettings } from "./hold-settings";
import { observeGroup } from "./observe-group";
import { planGroup } from "./plan-group";
import type { GroupsSession } from "./session";
import { isMembershipStep, type Step, stepTitle } from "./steps";
import { RefusedSettingsError, StepError, takeStep } from "./take-step";

/** Something that could not be done to a group. */
export interface GroupFailure {
  readonly email: string;

  /** What was tried, e.g. `add a@example.org as MEMBER`. */
  readonly step: string;
  readonly message: string;
}

export interface GroupResult {
  readonly email: string;
  readonly outcome: "unchanged" | "changed" | "failed";

  /** The steps that were taken, in order. */
  readonly taken: readonly Step[];
  readonly failures: readonly GroupFailure[];
}

/** A group that exists, with what is left to do: between the two halves of a run, other groups may come to be. */
export interface PreparedGroup {
  readonly desired: DesiredGroup;
  readonly isNew: boolean;
  readonly steps: readonly Step[];
  readonly taken: readonly Step[];
  readonly failures: readonly GroupFailure[];
}

/** Brings one group into its declared form, as far as that is possible: a step that fails stops no other. Never throws. */
export async function applyGroup(session: GroupsSession, desired: DesiredGroup): Promise<GroupResult> {
  return finishGroup(session, await prepareGroup(session, desired));
}

/** Reads the group, and creates it if there is none. Never throws. */
export async function prepareGroup(
  session: GroupsSession,
  desired: DesiredGroup,
  listed?: DirectoryGroup,
): Promise<PreparedGroup> {
  const email = normalAddress(desired.email);
  const none = { desired, isNew: false, steps: [], taken: [], failures: [] };
  let doing = "read the group";
  try {
    const steps = await plan(session, desired, listed);
    const [first, ...rest] = steps;
    if (first?.kind !== "create") return { ...none, steps };
    doing = stepTitle(first);
    const effect = await takeStep({ session, email, isNew: false }, first);
    if (effect === "done") return { ...none, isNew: true, steps: rest, taken: [first] };
    // Another run was quicker: what it left is looked at like any other group.
    doing = "read the group";
    const again = await plan(session, desired);
    if (again.some(({ kind }) => kind === "create"))
      throw new StepError("it exists, but can not be read yet; run again");
    return { ...none, steps: again };
  } catch (error) {
    return { ...none, failures: [failure(email, doing, error)] };
  }
}

/** Takes the steps that are left. Never throws. */
export async function finishGroup(session: GroupsSession, prepared: PreparedGroup): Promise<GroupResult> {
  const { desired, isNew, steps } = prepared;
  const email = normalAddress(desired.email);
  const taken = [...prepared.taken];
  const failures = [...prepared.failures];
  const mayLoseOwner = ownerGuard(desired, steps);
  let held = desired.settings;
  for (const step of steps) {
    if (session.signal?.aborted) {
      failures.push({ email, step: stepTitle(step), message: "stopped before this step; run again to go on" });
      break;
    }
    try {
      mayLoseOwner(step, failures);
      await takeStep({ session, email, isNew }, step);
      taken.push(step);
    } catch (error) {
      failures.push(failure(email, stepTitle(step), error));
      if (error instanceof RefusedSettingsError) held = without(held, error.keys);
    }
  }
  if (!session.signal?.aborted && steps.some((step) => step.kind === "set" || isMembershipStep(step))) {
    await holdSettings({ session, email, isNew }, held).catch((error: unknown) => {
      failures.push(failure(email, "read the settings back", error));
    });
  }
  const outcome = failures.length > 0 ? "failed" : taken.length > 0 ? "changed" : "unchanged";
  return { email, outcome, taken, failures };
}

function without(
  settings: Readonly<Record<string, string>>,
  keys: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !keys.includes(key)));
}

async function plan(session: GroupsSession, desired: DesiredGroup, listed?: DirectoryGroup): Promise<readonly Step[]> {
  const declared = [...desiredRoles(desired).keys()];
  return planGroup(desired, await observeGroup(session, normalAddress(desired.email), declared, listed));
}

/** Refuses to take the last owners away as long as no declared one could be put in their place. */
function ownerGuard(desired: DesiredGroup, steps: readonly Step[]) {
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
    const failed = failures.filter(({ step: title }) => arriving.has(title)).length;
    if (failed === arriving.size) {
      throw new StepError("kept as an owner, because none of the declared owners could be put in place");
    }
  };
}

function failure(email: string, step: string, error: unknown): GroupFailure {
  return { email, step, message: error instanceof Error ? error.message : String(error) };
}
