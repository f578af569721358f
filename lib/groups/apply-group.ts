import type { DirectoryGroup } from "../cloud/directory";
import { isAnswer } from "../cloud/google-api-error";
import { normalAddress } from "./addresses";
import { type DesiredGroup, desiredRoles } from "./desired-group";
import type { GroupFailure, GroupResult } from "./group-result";
import { holdSettings } from "./hold-settings";
import { observeGroup } from "./observe-group";
import { ownerGuard } from "./owner-guard";
import { planGroup } from "./plan-group";
import type { GroupsSession } from "./session";
import { isMembershipStep, type Step, stepTitle } from "./steps";
import { LaterError, RefusedSettingsError, type StepContext, StepError, takeStep } from "./take-step";

/** A group that exists, with what is left to do: between the two halves of a run, other groups may come to be. */
export interface PreparedGroup {
  readonly desired: DesiredGroup;
  readonly isNew: boolean;
  readonly steps: readonly Step[];
  readonly taken: readonly Step[];
  readonly failures: readonly GroupFailure[];
}

/** What was tried of a group that could not even be read. */
export const READING = "read the group";

/** How long to wait for groups that others are creating or changing meanwhile, between one attempt and the next. */
const LATER_SECONDS = [1, 2, 4, 8, 15];

/** How long to wait after these, again and again, while this process creates further groups. */
const WHILE_CREATING_SECONDS = 15;

/**
 * Brings one group into its declared form, as far as that is possible: a step that fails stops no other. Other groups
 * may be in work at the same time, and this one may have to wait for them a little. Never throws.
 */
export async function applyGroup(session: GroupsSession, desired: DesiredGroup): Promise<GroupResult> {
  const prepared = await prepareGroup(session, desired);
  let result = await finishGroup(session, prepared);
  let created: number | undefined;
  for (let attempt = 0; hasLater(result) && !session.signal?.aborted; attempt++) {
    if (attempt >= LATER_SECONDS.length && created === session.progress.created) break;
    created = session.progress.created;
    const seconds = LATER_SECONDS[attempt] ?? WHILE_CREATING_SECONDS;
    // An interruption ends the wait; the attempt that follows then says so.
    await session.pause(seconds * 1000).catch(() => undefined);
    result = await finishLater(session, prepared, result);
  }
  return result;
}

export function hasLater({ failures }: GroupResult): boolean {
  return failures.some(({ later }) => later !== undefined);
}

/** Tries the steps of `result` again that had to wait for other groups. */
export async function finishLater(
  session: GroupsSession,
  prepared: PreparedGroup,
  result: GroupResult,
): Promise<GroupResult> {
  const steps = result.failures.flatMap(({ later }) => (later === undefined ? [] : [later]));
  const failures = result.failures.filter(({ later }) => later === undefined);
  return finishGroup(session, { ...prepared, steps, taken: result.taken, failures }, prepared.steps);
}

/** Reads the group, and creates it if there is none. Never throws. */
export async function prepareGroup(
  session: GroupsSession,
  desired: DesiredGroup,
  listed?: DirectoryGroup,
): Promise<PreparedGroup> {
  const email = normalAddress(desired.email);
  const none = { desired, isNew: false, steps: [], taken: [], failures: [] };
  let doing = READING;
  try {
    const steps = await plan(session, desired, listed);
    const [first, ...rest] = steps;
    if (first?.kind !== "create") return { ...none, steps };
    doing = stepTitle(first);
    const effect = await takeStep(contextOf(session, none), first);
    session.progress.created += 1;
    if (effect === "done") return { ...none, isNew: true, steps: rest, taken: [first] };
    // Another run was quicker: what it left is looked at like any other group.
    doing = READING;
    const again = await plan(session, desired);
    if (again.some(({ kind }) => kind === "create"))
      throw new StepError("it exists, but can not be read yet; run again");
    return { ...none, steps: again };
  } catch (error) {
    return { ...none, failures: [failure(email, doing, error)] };
  }
}

/** Takes the steps that are left of those that were `planned`. Never throws. */
export async function finishGroup(
  session: GroupsSession,
  prepared: PreparedGroup,
  planned: readonly Step[] = prepared.steps,
): Promise<GroupResult> {
  const { desired, steps } = prepared;
  const context = contextOf(session, prepared);
  const { email } = context;
  const taken = [...prepared.taken];
  const failures = [...prepared.failures];
  const mayLoseOwner = ownerGuard(desired, planned);
  for (const step of steps) {
    if (session.signal?.aborted) {
      failures.push(failure(email, stepTitle(step), new StepError("stopped before this step; run again to go on")));
      break;
    }
    try {
      mayLoseOwner(step, failures);
      await takeStep(context, step);
      taken.push(step);
    } catch (error) {
      failures.push(failure(email, stepTitle(step), error, step));
    }
  }
  if (!session.signal?.aborted && steps.some((step) => step.kind === "set" || isMembershipStep(step))) {
    const refused = failures.flatMap((each) => each.refused ?? []);
    await holdSettings(context, without(desired.settings, refused)).catch((error: unknown) => {
      failures.push(failure(email, "read the settings back", error));
    });
  }
  const outcome = failures.length > 0 ? "failed" : taken.length > 0 ? "changed" : "unchanged";
  return { email, outcome, taken, failures };
}

function contextOf(session: GroupsSession, { desired, isNew }: Pick<PreparedGroup, "desired" | "isNew">): StepContext {
  const isInternal = desired.settings.allowExternalMembers === "false";
  return { session, email: normalAddress(desired.email), isNew, isInternal };
}

function without(
  settings: Readonly<Record<string, string>>,
  keys: readonly string[],
): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(settings).filter(([key]) => !keys.includes(key)));
}

async function plan(session: GroupsSession, desired: DesiredGroup, listed?: DirectoryGroup): Promise<readonly Step[]> {
  const declared = [...desiredRoles(desired).keys()];
  let doubt: string | undefined;
  const observed = await observeGroup(session, normalAddress(desired.email), declared, listed, (told) => {
    doubt = told;
  });
  return planGroup(desired, observed).map((step) =>
    step.kind === "remove" && doubt !== undefined ? { ...step, doubt } : step,
  );
}

function failure(email: string, title: string, error: unknown, step?: Step): GroupFailure {
  return {
    email,
    step: title,
    message: error instanceof Error ? error.message : String(error),
    answered: isAnswer(error),
    ...(step && error instanceof LaterError && { later: step }),
    ...(error instanceof RefusedSettingsError && { refused: error.keys }),
  };
}
