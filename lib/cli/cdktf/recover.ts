import { rmSync } from "node:fs";
import { join } from "node:path";
import {
  type NamedByService,
  type NamedReader,
  namedByService,
  type WantedByName,
} from "../../adoption/named-by-service";
import { terraformProgram } from "../../terraform-program";
import type { SynthesizedStack } from "./app";
import { type Arguments, importIdOf } from "./import-ids";
import { markInterrupted, markRecovered } from "./interrupted";
import type { Init } from "./plugin-cache";
import { runProgram } from "./program";
import { foreignBuckets, projectNumbers, restoreCutState, type State, tainted } from "./state";

interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: { readonly actions: readonly string[]; readonly after: Arguments | null };
  }[];
}

/** What was done before a deploy can go on. */
export interface Recovery {
  /** Addresses whose replacement terraform had in mind. */
  readonly kept: readonly string[];

  /** Addresses of what exists and was not in the state. */
  readonly takenOver: readonly string[];

  /** Addresses of what exists more than once, so that nothing was taken over, with the ids of all there are. */
  readonly unclear: ReadonlyMap<string, readonly string[]>;

  /** Why terraform can't say what is missing, e.g. a state that is locked. @default - it could */
  readonly problem?: string;
}

const nothing: Recovery = { kept: [], takenOver: [], unclear: new Map() };

const PLAN_FILE = "recover.tfplan";

const LIEN = "google_resource_manager_lien";
const CONTACT = "google_essential_contacts_contact";
const BUDGET = "google_billing_budget";
const CHANNEL = "google_monitoring_notification_channel";

/**
 * Makes a stack's state agree with what a killed apply left behind. What had been made and not yet noted would be made
 * again, and refused with 409; it is imported. What had not been finished is marked for replacement; nothing here is ever
 * replaced, so the mark goes, and the apply that follows finishes it.
 */
export async function recoverStack({ folder }: SynthesizedStack, init: Init, reader: NamedReader): Promise<Recovery> {
  const inStack = (words: readonly string[]) => runProgram(terraformProgram(process.env), words, { cwd: folder });
  markInterrupted(folder);
  restoreCutState(folder);
  const initialized = await init(folder);
  if (initialized.code !== 0) return { ...nothing, problem: initialized.output };

  const kept: string[] = [];
  for (const address of tainted(await readState(inStack))) {
    if ((await inStack(["untaint", "-no-color", address])).code === 0) kept.push(address);
  }
  const planned = await inStack(["plan", "-input=false", "-no-color", `-out=${PLAN_FILE}`]);
  try {
    if (planned.code !== 0) return { ...nothing, kept, problem: planned.output };
    const shown = await inStack(["show", "-json", PLAN_FILE]);
    const plan: Plan = JSON.parse(shown.output);
    const made = await takeOver(missing(plan), inStack);
    const named = await takeOverNamedByService(plan, reader, inStack);
    if (named.unclear.size === 0) markRecovered(folder);
    return { kept, takenOver: [...made, ...named.takenOver], unclear: named.unclear };
  } finally {
    rmSync(join(folder, PLAN_FILE), { force: true });
  }
}

type InStack = (words: readonly string[]) => ReturnType<typeof runProgram>;

async function readState(inStack: InStack): Promise<State> {
  const { code, output } = await inStack(["state", "pull"]);
  return code === 0 && output.trim() !== "" ? JSON.parse(output) : {};
}

interface Missing {
  readonly address: string;
  readonly importId: string;
  readonly isProject: boolean;
}

/** What the plan would make and the service has at most once; projects first, as everything else is in one. */
function missing({ resource_changes: changes = [] }: Plan): readonly Missing[] {
  const found = changes.flatMap(({ address, type, change: { actions, after } }): Missing[] => {
    const importId = actions.join() === "create" ? importIdOf(type, after ?? {}) : undefined;
    return importId === undefined ? [] : [{ address, importId, isProject: type === "google_project" }];
  });
  return [...found.filter(({ isProject }) => isProject), ...found.filter(({ isProject }) => !isProject)];
}

/** What the service names by itself and would have twice: a project's lien, budget and channels, and whom Google writes to. */
async function takeOverNamedByService(
  { resource_changes: changes = [] }: Plan,
  reader: NamedReader,
  inStack: InStack,
): Promise<Pick<Recovery, "takenOver" | "unclear">> {
  const wanted = changes.flatMap(({ address, type, change: { actions, after } }) =>
    actions.join() === "create" && [LIEN, CONTACT, BUDGET, CHANNEL].includes(type)
      ? [{ address, type, values: after ?? {} }]
      : [],
  );
  const number = wanted.length === 0 ? undefined : projectNumbers(await readState(inStack))[0];
  if (number === undefined) return nothing;
  const lookUp = lookingUpOnce(reader);
  const takenOver: string[] = [];
  const unclear = new Map<string, readonly string[]>();
  for (const { address, type, values } of wanted) {
    // A stack may have two projects: what does not name its own belongs to the first.
    const found = await lookUp(type, values, /"projects\/(\d+)"/.exec(JSON.stringify(values))?.[1] ?? number);
    const ids = idsOf(type, values, found);
    const [importId] = ids;
    if (ids.length > 1) unclear.set(address, ids);
    else if (importId !== undefined && (await isImported(address, importId, inStack))) takenOver.push(address);
  }
  return { takenOver, unclear };
}

type LookUp = (type: string, values: Arguments, projectNumber: string) => Promise<NamedByService>;

/** A project has a contact and a channel for each address, and one list of either. */
function lookingUpOnce(reader: NamedReader): LookUp {
  const known = new Map<string, Promise<NamedByService>>();
  return (type, values, projectNumber) => {
    const wanted: WantedByName = {
      liens: type === LIEN,
      contacts: type === CONTACT,
      budgetsOf: type === BUDGET ? String(values.billing_account) : undefined,
      channelsOf: type === CHANNEL ? String(values.project) : undefined,
    };
    const key = JSON.stringify([projectNumber, wanted]);
    const found = known.get(key) ?? namedByService(reader, projectNumber, wanted);
    known.set(key, found);
    return found;
  };
}

/** Import ids of all that it can be. */
function idsOf(type: string, values: Arguments, found: NamedByService): readonly string[] {
  switch (type) {
    case LIEN:
      return found.liens(String(values.origin));
    case CONTACT:
      return found.contacts(String(values.email)).map(({ name }) => name);
    case BUDGET:
      return found.budgets(String(values.display_name));
    default:
      return found.channels(String(values.display_name));
  }
}

/** What does not exist can't be imported: the apply makes it. */
async function isImported(address: string, importId: string, inStack: InStack): Promise<boolean> {
  return (await inStack(["import", "-input=false", "-no-color", address, importId])).code === 0;
}

async function takeOver(candidates: readonly Missing[], inStack: InStack): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const { address, importId } of candidates) {
    if (await isImported(address, importId, inStack)) taken.push(address);
  }
  const foreign = foreignBuckets(await readState(inStack)).filter((address) => taken.includes(address));
  // A bucket's name is one in the world: somebody else may have it.
  if (foreign.length > 0) await inStack(["state", "rm", ...foreign]);
  return taken.filter((address) => !foreign.includes(address));
}
