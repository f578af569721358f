import type { DirectoryGroup } from "../cloud/directory";
import { GoogleApiError, isConflict, isMissing } from "../cloud/google-api-error";
import type { GroupRole } from "../model/groups";
import { domainOf } from "../model/principals";
import { normalAddress } from "./addresses";
import { AliasOfAnotherGroupError, findMember } from "./observe-group";
import type { GroupsSession, Settles } from "./session";
import type { Deletion, SettingChange, Step } from "./steps";

/** A step that could not be taken, in words for whoever declared it. */
export class StepError extends Error {
  override readonly name = "StepError";
}

/** A step that another group's steps may make possible: it is worth trying once more after them. */
export class LaterError extends StepError {}

/** Google does not take these settings, whatever the others say. */
export class RefusedSettingsError extends StepError {
  constructor(refused: readonly { readonly change: SettingChange; readonly says: string }[]) {
    super(`Google refuses ${refused.map(({ change: { key, to }, says }) => `${key}=${to} (${says})`).join(", ")}`);
    this.keys = refused.map(({ change }) => change.key);
  }

  readonly keys: readonly string[];
}

export interface StepContext {
  readonly session: GroupsSession;
  readonly email: string;

  /** This run created the group: for some seconds Google's copies may not know it. */
  readonly isNew: boolean;

  /** The group is to take nobody from outside the Workspace. */
  readonly isInternal: boolean;
}

/** What a step found out that the steps planned after it must know. */
export type StepEffect = "done" | "existed-already";

/** Takes one step. That somebody else, or an earlier attempt, took it before is success. */
export async function takeStep(context: StepContext, step: Step): Promise<StepEffect> {
  const { session, email } = context;
  switch (step.kind) {
    case "create":
      return create(session, email, step.name, step.description);
    case "delete":
      await remove(context, step);
      return "done";
    case "describe": {
      const { name, description } = step;
      const change = { ...(name && { name: name.to }), ...(description && { description: description.to }) };
      await session.directory((directory) => directory.patchGroup(email, change), settlesIfNew(context));
      return "done";
    }
    case "set":
      await set(context, step.changes);
      return "done";
    case "add-alias":
      await addAlias(context, step.alias);
      return "done";
    case "remove-alias":
      await fineIfMissing(session.directory((directory) => directory.deleteAlias(email, step.alias)));
      return "done";
    case "change-role":
      await changeRole(context, step.key, step.address, step.to);
      return "done";
    case "add":
      await add(context, step.address, step.role);
      return "done";
    case "remove":
      if (step.doubt !== undefined) throw new StepError(`kept, as ${step.doubt}`);
      await fineIfMissing(session.directory((directory) => directory.deleteMember(email, step.key)));
      return "done";
  }
}

async function create(session: GroupsSession, email: string, name: string, description: string): Promise<StepEffect> {
  try {
    await session.directory((directory) => directory.insertGroup({ email, name, description }));
    return "done";
  } catch (error) {
    if (!isConflict(error)) throw error;
    const existing = await session
      .directory((directory) => directory.getGroup(email), isMissing)
      .catch((missing: unknown) => {
        if (!isMissing(missing)) throw missing;
        throw new StepError(`${email} is taken, but by no group: an account or an alias has this address`);
      });
    if (normalAddress(existing.email) !== email) throw new AliasOfAnotherGroupError(email, existing.email);
    return "existed-already";
  }
}

/** The last look before what can't be taken back: a group that was not closed may still be in use. */
async function remove({ session, email }: StepContext, { staying, isOpen }: Deletion): Promise<void> {
  const first = 'deploy its retirement with "step: closed" first';
  if (staying.length > 0) {
    const who =
      staying.length > 3 ? `${staying.slice(0, 3).join(", ")} and ${staying.length - 3} more` : staying.join(", ");
    throw new StepError(`${who} would lose it: ${first}`);
  }
  if (isOpen) throw new StepError(`messages can still be posted to it: ${first}`);
  await fineIfMissing(session.directory((directory) => directory.deleteGroup(email)));
}

/** A value the API refuses must not keep the others from being set, least of all those that close a group. */
async function set(context: StepContext, changes: readonly SettingChange[]): Promise<void> {
  const patch = (some: readonly SettingChange[]) =>
    context.session.settings(
      (api) => api.patch(context.email, Object.fromEntries(some.map(({ key, to }) => [key, to]))),
      settlesIfNew(context),
    );
  const refused: { readonly change: SettingChange; readonly says: string }[] = [];
  try {
    return await patch(changes);
  } catch (error) {
    const says = refusal(error);
    const [only] = changes;
    if (only !== undefined && changes.length === 1) throw new RefusedSettingsError([{ change: only, says }]);
  }
  for (const change of changes) {
    await patch([change]).catch((error: unknown) => {
      refused.push({ change, says: refusal(error) });
    });
  }
  if (refused.length > 0) throw new RefusedSettingsError(refused);
}

/** What a 400 says; every other error is thrown on. */
function refusal(error: unknown): string {
  if (error instanceof GoogleApiError && error.status === 400) return error.says;
  throw error;
}

async function addAlias({ session, email, isNew }: StepContext, alias: string): Promise<void> {
  try {
    await session.directory((directory) => directory.insertAlias(email, alias), settlesIfNew({ isNew }));
  } catch (error) {
    if (!isConflict(error)) throw error;
    const holder = await session
      .directory((directory) => directory.getGroup(alias))
      .catch((other: unknown) => {
        if (isMissing(other)) return undefined;
        throw other;
      });
    if (holder !== undefined && normalAddress(holder.email) === email) return;
    // That one may be about to give it up in this very run.
    throw new LaterError(
      `the address ${alias} is taken by ${holder === undefined ? "an account" : taker(holder, alias)}`,
    );
  }
}

/** Without a word of its aliases, an entry leaves the group those that it has. */
function taker({ email }: DirectoryGroup, alias: string): string {
  const repair = `. To take it away from there, list the aliases that ${email} keeps, "aliases: []" for none`;
  return `the group ${email}${normalAddress(email) === alias ? "" : repair}`;
}

async function add(context: StepContext, address: string, role: GroupRole): Promise<void> {
  const { session, email } = context;
  try {
    // Whom the group is not to take, Google goes on refusing; once more is for another change in the same moment.
    const attempts = isKeptOut(context, address) ? 2 : undefined;
    await session.directory(
      (directory) => directory.insertMember(email, address, role),
      settlesIfNew(context),
      attempts,
    );
  } catch (error) {
    if (isCyclic(error)) throw new LaterError(`${error.says}: ${address} still contains ${email}`, { cause: error });
    if (isMissing(error)) throw missingMember(error, email, address);
    if (!isConflict(error) && !isPrecondition(error)) throw error;
    const member = await findMember(session, email, address);
    if (member === undefined) throw isPrecondition(error) ? refusedMember(error, context, address) : error;
    if (member.role !== role) await session.directory((directory) => directory.patchMember(email, member.key, role));
  }
}

async function changeRole(context: StepContext, key: string, address: string, role: GroupRole): Promise<void> {
  const { session, email } = context;
  try {
    await session.directory((directory) => directory.patchMember(email, key, role));
  } catch (error) {
    if (!isMissing(error)) throw error;
    // Removed since it was listed.
    await add(context, address, role);
  }
}

async function fineIfMissing(removal: Promise<void>): Promise<void> {
  await removal.catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
}

function isPrecondition(error: unknown): error is GoogleApiError {
  return error instanceof GoogleApiError && error.status === 412;
}

function isCyclic(error: unknown): error is GoogleApiError {
  return (
    error instanceof GoogleApiError && (error.status === 400 || error.status === 412) && /cyclic/i.test(error.says)
  );
}

function isAboutMember(error: unknown): boolean {
  return error instanceof GoogleApiError && /memberKey/i.test(error.says);
}

function settlesIfNew({ isNew }: Pick<StepContext, "isNew">): Settles {
  return (error) => isNew && isMissing(error) && !isAboutMember(error);
}

function isKeptOut({ email, isInternal }: StepContext, address: string): boolean {
  return isInternal && domainOf(address) !== domainOf(email);
}

function refusedMember(error: GoogleApiError, context: StepContext, address: string): Error {
  if (!isKeptOut(context, address)) return error;
  const repair = `AllowExternalMembers is "false" here: write "true", or take ${address} out`;
  return new StepError(`${error.message}. ${repair}`, { cause: error });
}

function missingMember(error: unknown, email: string, address: string): StepError {
  if (error instanceof GoogleApiError && /groupKey/i.test(error.says))
    return new StepError(`the group ${email} is gone`);
  const says = `no account and no group has the address ${address}: deleted or misspelt`;
  // In the group's own domain, it may be a group that another part of this run is about to create.
  const Kind = domainOf(address) === domainOf(email) ? LaterError : StepError;
  return new Kind(says, { cause: error });
}
