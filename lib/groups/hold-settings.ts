import { isMissing } from "../cloud/google-api-error";
import { settingChanges } from "./plan-group";
import { type StepContext, StepError } from "./take-step";

/**
 * Reads the settings back and sets once more what differs: adding an external member makes Google switch
 * `allowExternalMembers` on, and other settings drag each other along. What still differs then is a failure.
 */
export async function holdSettings(context: StepContext, wanted: Readonly<Record<string, string>>): Promise<void> {
  const { session, email, isNew } = context;
  const settles = (error: unknown) => isNew && isMissing(error);
  const differing = async () => settingChanges(wanted, await session.settings((api) => api.get(email), settles));

  const flipped = await differing();
  if (flipped.length === 0) return;
  const again = Object.fromEntries(flipped.map(({ key, to }) => [key, to]));
  await session.settings((api) => api.patch(email, again), settles);

  const stubborn = await differing();
  if (stubborn.length === 0) return;
  const list = stubborn.map(({ key, from, to }) => `${key} is ${from ?? "not set"} and not ${to}`).join(", ");
  throw new StepError(`after setting them twice, ${list}: Google or an administrator's rule changes them back`);
}
