import { copyFileSync, existsSync, readFileSync, renameSync } from "node:fs";
import type { Arguments } from "./import-ids";
import { localState } from "./interrupted";

/** What `terraform state pull` prints, as far as it is read here. */
export interface State {
  readonly resources?: readonly {
    readonly mode: string;
    readonly type: string;
    readonly name: string;
    readonly instances: readonly { readonly status?: string; readonly attributes?: Arguments }[];
  }[];
}

/** Addresses that terraform means to replace, as it could not finish them. */
export function tainted({ resources = [] }: State): readonly string[] {
  return resources
    .filter(({ mode, instances }) => mode === "managed" && instances.some(({ status }) => status === "tainted"))
    .map(({ type, name }) => `${type}.${name}`);
}

/** Addresses of buckets that are in none of the projects of the state; none where it has no project. */
export function foreignBuckets(state: State): readonly string[] {
  const numbers = new Set(projectNumbers(state));
  if (numbers.size === 0) return [];
  return instancesOf("google_storage_bucket", state)
    .filter(({ attributes }) => !numbers.has(`${attributes.project_number}`))
    .map(({ name }) => `google_storage_bucket.${name}`);
}

export function projectNumbers(state: State): readonly string[] {
  return instancesOf("google_project", state).map(({ attributes }) => `${attributes.number}`);
}

function instancesOf(type: string, { resources = [] }: State) {
  return resources
    .filter((resource) => resource.type === type)
    .flatMap(({ name, instances }) => instances.map(({ attributes = {} }) => ({ name, attributes })));
}

/**
 * Terraform writes a local state in place: killed in that moment, it leaves a part of one. What it then knows is the state
 * before the first apply, or nothing, and all that exists is taken over.
 */
export function restoreCutState(folder: string): void {
  const path = localState(folder);
  if (path === undefined || !existsSync(path) || isWhole(path)) return;
  renameSync(path, `${path}.cut`);
  const backup = `${path}.backup`;
  if (existsSync(backup) && isWhole(backup)) copyFileSync(backup, path);
}

function isWhole(path: string): boolean {
  try {
    JSON.parse(readFileSync(path, "utf8"));
    return true;
  } catch {
    return false;
  }
}
