import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** The folders of one run. Everything but the logs goes when it ends. */
export interface Scratch {
  readonly folder: string;

  /** A checkout like a foundation's: the inputs, a cdktf.json, and their own git history. */
  readonly inputs: string;
  readonly sandbox: string;
  readonly logs: string;
}

/**
 * Makes the folders below `checkout/.artifacts`: Terraform starts our plugin from a stack's folder, and the plugin is
 * found through the package.json above it. What can't be made leaves nothing behind.
 */
export function makeScratch(checkout: string): Scratch {
  const parent = join(checkout, ".artifacts");
  mkdirSync(parent, { recursive: true });
  removeStale(parent);
  const folder = mkdtempSync(join(parent, "run-"));
  try {
    return fill(folder, checkout);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    throw error;
  }
}

function fill(folder: string, checkout: string): Scratch {
  writeFileSync(join(folder, "pid"), String(process.pid));
  const scratch = {
    folder,
    inputs: join(folder, "inputs"),
    sandbox: join(folder, "sandbox"),
    logs: join(folder, "logs"),
  };
  for (const path of [scratch.inputs, scratch.sandbox, scratch.logs]) mkdirSync(path);
  for (const part of ["infra", "groups", "filestores", "manifests"]) {
    cpSync(join(checkout, part), join(scratch.inputs, part), { recursive: true });
  }
  // A shell runs it, in the folder of the inputs: relative, whatever stands in the path of the checkout needs no quotes.
  const app = `node ${relative(scratch.inputs, join(checkout, "dist", "main.js"))}`;
  const settings = { language: "typescript", app, projectId: "artifacts-demo", sendCrashReports: "false", context: {} };
  writeFileSync(join(scratch.inputs, "cdktf.json"), `${JSON.stringify(settings, null, 2)}\n`);
  writeFileSync(join(scratch.inputs, ".gitignore"), "cdktf.out/\n");
  writeFileSync(join(folder, "terraform.rc"), "");
  return scratch;
}

/** What runs left behind that were killed, and the logs of runs that failed. */
function removeStale(parent: string): void {
  for (const name of readdirSync(parent)) {
    const folder = join(parent, name);
    if (name.startsWith("run-") && !isAlive(folder)) rmSync(folder, { recursive: true, force: true });
  }
}

function isAlive(folder: string): boolean {
  try {
    process.kill(Number(readFileSync(join(folder, "pid"), "utf8")), 0);
    return true;
  } catch {
    return false;
  }
}

/** Removes everything but the logs, or the logs as well. */
export function removeScratch(scratch: Scratch, keepLogs: boolean): void {
  for (const path of keepLogs ? [scratch.inputs, scratch.sandbox] : [scratch.folder]) {
    if (existsSync(path)) rmSync(path, { recursive: true, force: true });
  }
}
