import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { terraformProgram } from "../../terraform-program";
import { type ProgramResult, runProgram } from "./program";

/** Runs `terraform init` in a stack's folder. */
export type Init = (folder: string) => Promise<ProgramResult>;

/**
 * An init with the plugin cache that cdktf-cli uses, unless the environment names another one or none. Terraform's cache
 * does not stand two inits at once (https://developer.hashicorp.com/terraform/cli/config/config-file#provider-plugin-cache),
 * so they take turns.
 */
export function usePluginCache(env: NodeJS.ProcessEnv): Init {
  const withCache = { ...env };
  if (!env.CDKTF_DISABLE_PLUGIN_CACHE_ENV) {
    withCache.TF_PLUGIN_CACHE_DIR ??= join(homedir(), ".terraform.d", "plugin-cache");
    mkdirSync(withCache.TF_PLUGIN_CACHE_DIR, { recursive: true });
  }
  let last: Promise<unknown> = Promise.resolve();
  return (folder) => {
    const next = last.then(() => initialize(folder, withCache));
    last = next.catch(() => {});
    return next;
  };
}

async function initialize(folder: string, env: NodeJS.ProcessEnv): Promise<ProgramResult> {
  const init = (words: readonly string[]) =>
    runProgram(terraformProgram(process.env), ["init", "-input=false", "-no-color", ...words], { cwd: folder, env });
  const first = await init([]);
  // A lock file of an older synth holds another version of a provider than the stack now asks for.
  return first.code !== 0 && /terraform init -upgrade|locked provider/.test(first.output) ? init(["-upgrade"]) : first;
}
