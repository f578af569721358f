import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Arguments, importIdOf } from "./import-ids";
import { markInterrupted, markRecovered } from "./interrupted";
import type { SynthesizedStack } from "./plan-stacks";
import type { Init } from "./plugin-cache";
import { runProgram, terraform } from "./program";

interface Plan {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly type: string;
    readonly change: { readonly actions: readonly string[]; readonly after: Arguments | null };
  }[];
}

interface State {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly status?: string; readonly attributes?: Arguments }[];
  }[];
}

/** What was done before a deploy can go on. */
export interface Recovery {
  /** Addresses whose replacement terraform had in mind. */
  readonly kept: readonly string[];

  /** Addresses of what exists and was not in the state. */
  readonly takenOver: readonly string[];

  /** Why terraform can't say what is missing, e.g. a state that is locked. @default - it could */
  readonly problem?: string;
}

const PLAN_FILE = "recover.tfplan";

/**
 * Makes a stack's state agree with what a killed apply left behind. What had been made and not yet noted would be made
 * again, and refused with 409; it is imported. What had not been finished is marked for replacement; nothing here is ever
 * replaced, so the mark goes, and the apply that follows finishes it.
 */
export async function recoverStack({ folder }: SynthesizedStack, init: Init): Promise<Recovery> {
  const inStack = (words: readonly string[]) => runProgram(terraform(), words, { cwd: folder });
  markInterrupted(folder);
  const initialized = await init(folder);
  if (initialized.code !== 0) return { kept: [], takenOver: [], problem: initialized.output };

  const kept: string[] = [];
  for (const address of tainted(await readState(inStack))) {
    if ((await inStack(["untaint", "-no-color", address])).code === 0) kept.push(address);
  }
  const planned = await inStack(["plan", "-input=false", "-no-color", `-out=${PLAN_FILE}`]);
  try {
    if (planned.code !== 0) return { kept, takenOver: [], problem: planned.output };
    const shown = await inStack(["show", "-json", PLAN_FILE]);
    const takenOver = await takeOver(missing(JSON.parse(shown.output) as Plan), inStack);
    markRecovered(folder);
    return { kept, takenOver };
  } finally {
    rmSync(join(folder, PLAN_FILE), { force: true });
  }
}

type InStack = (words: readonly string[]) => ReturnType<typeof runProgram>;

async function readState(inStack: InStack): Promise<State> {
  const { code, output } = await inStack(["state", "pull"]);
  return code === 0 && output.trim() !== "" ? JSON.parse(output) : {};
}

function tainted({ resources = [] }: State): readonly string[] {
  return resources
    .filter(({ mode, instances }) => mode === "managed" && instances.some(({ status }) => status === "tainted"))
    .map(({ type, name }) => `${type}.${name}`);
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

async function takeOver(candidates: readonly Missing[], inStack: InStack): Promise<readonly string[]> {
  const taken: string[] = [];
  for (const { address, importId } of candidates) {
    // What does not exist can't be imported: the apply makes it.
    const { code } = await inStack(["import", "-input=false", "-no-color", address, importId]);
    if (code === 0) taken.push(address);
  }
  const foreign = foreignBuckets(await readState(inStack)).filter((address) => taken.includes(address));
  // A bucket's name is one in the world: somebody else may have it.
  if (foreign.length > 0) await inStack(["state", "rm", ...foreign]);
  return taken.filter((address) => !foreign.includes(address));
}

function foreignBuckets({ resources = [] }: State): readonly string[] {
  const attributesOf = (type: string) =>
    resources
      .filter((resource) => resource.type === type)
      .flatMap(({ name, instances }) => instances.map(({ attributes = {} }) => ({ name, attributes })));
  const numbers = new Set(attributesOf("google_project").map(({ attributes }) => `${attributes.number}`));
  if (numbers.size === 0) return [];
  return attributesOf("google_storage_bucket")
    .filter(({ attributes }) => !numbers.has(`${attributes.project_number}`))
    .map(({ name }) => `google_storage_bucket.${name}`);
}
