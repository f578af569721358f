import { isMissing, isWithoutIdentity } from "../cloud/google-api-error";
import { applyGroup, READING } from "../groups/apply-group";
import { type DesiredGroup, desiredRoles } from "../groups/desired-group";
import type { GroupFailure } from "../groups/group-result";
import { observeGroup } from "../groups/observe-group";
import type { ObservedGroup } from "../groups/observed-group";
import { planGroup } from "../groups/plan-group";
import type { GroupsSession } from "../groups/session";
import { emailProblem } from "../model/principals";
import { DiagnosticsError, type PluginDiagnostic } from "../tfplugin/diagnostics";
import type { Resource } from "../tfplugin/resource";
import { isWhollyKnown } from "../tfplugin/types";
import { type GroupConfig, type GroupState, groupSchema } from "./group-schema";
import { desiredOf, hasAttributesOf, importedState, isDeleted, observedOf, stateOf } from "./group-state";
import { validateGroup } from "./group-validation";
import {
  adoptionWarning,
  leavingWarning,
  planWarnings,
  stayingWarning,
  unreadWarning,
  withoutStop,
} from "./group-warnings";

/** Opens a session for one operation; all of a process share one pair of quotas. */
export type OpenSession = (signal: AbortSignal) => GroupsSession;

/** `artifacts_group`: one Google Group with its settings and all its members. */
export function groupResource(open: OpenSession): Resource<GroupConfig, GroupState> {
  return {
    type: "artifacts_group",
    schema: groupSchema,

    validate: (config, { report }) => validateGroup(config, report),

    async plan({ config, prior, proposed, imported = false }, { signal, report }) {
      // Where the last refresh could not read the group, this alone is a change, so that the apply looks at it.
      const { unread: _, ...planned } = proposed;
      // What depends on other resources is reviewed in the next plan, and applied like the rest.
      if (!isWhollyKnown<GroupConfig>(config)) return { planned };
      const desired = desiredOf(config, prior);
      const read = () => observe(open(signal), desired);
      try {
        if (imported && prior !== undefined) {
          if (hasAttributesOf(config, prior) && (await isAsDeclared(desired, prior, read))) return { planned: prior };
          report(leavingWarning(desired));
        }
        const isNew = prior === undefined || isDeleted(prior);
        const found = isNew ? await read() : observedOf(prior);
        if (prior === undefined && found !== undefined) report(adoptionWarning(desired, found));
        for (const warning of planWarnings(desired, found)) report(warning);
      } catch (error) {
        report(unreadWarning(desired, reasonOf(error, signal)));
      }
      for (const warning of stayingWarning(desired, prior?.members ?? [])) report(warning);
      return { planned };
    },

    async planDelete(state, { report }) {
      report(farewell(state));
    },

    async read({ unread: _, ...state }, { signal, report }) {
      const desired = desiredOf(state);
      try {
        const observed = await observe(open(signal), desired);
        if (observed === undefined) return isDeleted(state) ? state : undefined;
        return stateOf(observed, state);
      } catch (error) {
        const unread = reasonOf(error, signal);
        report(unreadWarning(desired, unread));
        return { ...state, unread };
      }
    },

    async create({ config }, { signal }) {
      const desired = desiredOf(config);
      const { failures } = await applyGroup(open(signal), desired);
      if (failures.length > 0) {
        const rest = "What could be done is done. Nothing is recorded: the next apply goes on from there.";
        throw new DiagnosticsError(failures.map((failure) => diagnostic(failure, rest)));
      }
      return config;
    },

    async update({ prior, config }, { signal, report }) {
      const session = open(signal);
      const desired = desiredOf(config, prior);
      const { failures } = await applyGroup(session, desired);
      if (failures.length === 0) return config;
      const isUnread = failures.some(({ step }) => step === READING);
      const rest = isUnread ? "Nothing of this group was changed" : "The other changes are made";
      for (const failure of failures) report(diagnostic(failure, `${rest}; the next apply tries this again.`));
      // What could not be read a moment ago is not asked for again, which may take minutes.
      return isUnread ? prior : reached(session, desired, config, prior);
    },

    async delete(state, { signal }) {
      if (state.deletion_policy !== "DELETE") return;
      await naming(`${state.email}: could not delete the group`, signal, deleteGroup(open(signal), state.email));
    },

    async import(id, { signal }) {
      const email = id.trim().toLowerCase();
      const problem = emailProblem(email);
      if (problem !== undefined) throw new Error(`${problem.what}: the import id of a group is its address`);
      const reading = observeGroup(open(signal), email, []);
      const observed = await naming(`${email}: could not ${READING}`, signal, reading);
      if (observed === undefined) throw new Error(`${id}: there is no such group`);
      return importedState(observed);
    },
  };
}

/**
 * Whether an apply would find nothing to do. An import lists accounts by names of Google's choice: where these differ from
 * the declared ones, only Google can say whether they are the same.
 */
async function isAsDeclared(
  desired: DesiredGroup,
  imported: GroupState,
  read: () => Promise<ObservedGroup | undefined>,
): Promise<boolean> {
  if (planGroup(desired, observedOf(imported)).length === 0) return true;
  const found = await read();
  return found !== undefined && planGroup(desired, found).length === 0;
}

function observe(session: GroupsSession, desired: DesiredGroup): Promise<ObservedGroup | undefined> {
  return observeGroup(session, desired.email, [...desiredRoles(desired).keys()]);
}

/** Why one group could not be read, which is to stop no other. What stops all of them is thrown on. */
function reasonOf(error: unknown, signal: AbortSignal): string {
  if (signal.aborted || isWithoutIdentity(error)) throw error;
  return error instanceof Error ? error.message : String(error);
}

/** Where Terraform shows an error, nothing else says of which group it is. */
async function naming<T>(what: string, signal: AbortSignal, doing: Promise<T>): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    throw new Error(`${what}: ${reasonOf(error, signal)}`, { cause: error });
  }
}

/** The state after an update that failed in part. If even that can't be read, the prior one: the next refresh corrects it. */
async function reached(
  session: GroupsSession,
  desired: DesiredGroup,
  config: GroupConfig,
  prior: GroupState,
): Promise<GroupState> {
  try {
    const observed = await observe(session, desired);
    return observed === undefined ? prior : stateOf(observed, config);
  } catch {
    return prior;
  }
}

async function deleteGroup(session: GroupsSession, email: string): Promise<void> {
  try {
    await session.directory((directory) => directory.deleteGroup(email));
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
}

function diagnostic({ email, step, message, later: _, ...failure }: GroupFailure, rest: string): PluginDiagnostic {
  const [refused] = failure.refused ?? [];
  return {
    severity: "error",
    summary: `${email}: could not ${step}`,
    detail: `${withoutStop(message)}.\n\n${rest}`,
    ...(refused !== undefined && { path: ["settings", { key: refused }] }),
  };
}

/** Vanishing is not deleting: unless the state says otherwise, only Terraform forgets the group. */
function farewell(state: GroupState): PluginDiagnostic {
  const { email, deletion_policy, owners = [], managers = [], members = [] } = state;
  if (isDeleted(state)) {
    return { severity: "warning", summary: `${email}: the group is deleted already`, detail: "Nothing is left to do." };
  }
  const count = owners.length + managers.length + members.length;
  if (deletion_policy === "DELETE") {
    return {
      severity: "warning",
      summary: `${email}: the group will be deleted`,
      detail: `Its ${count} memberships, its messages and the access it gives go with it. Google can not bring it back.`,
    };
  }
  return {
    severity: "warning",
    summary: `${email}: the group will be forgotten, not deleted`,
    detail:
      "It stays as it is, with its members and the access it gives. " +
      'To delete a group of a groups.yaml, retire it there: "step: closed", deployed, and 30 days later "step: deleted". ' +
      'In Terraform of your own, set deletion_policy = "DELETE", apply, and then remove the resource.',
  };
}
