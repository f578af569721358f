import { homedir } from "node:os";
import { join } from "node:path";

/**
 * Where results of hashing are kept between runs: outside of any checkout, so that no pull request can bring its own.
 * `ARTIFACTS_CACHE_DIR` names another folder; set and empty, it turns the cache off.
 */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string | undefined {
  const { ARTIFACTS_CACHE_DIR, XDG_CACHE_HOME } = env;
  if (ARTIFACTS_CACHE_DIR !== undefined) return ARTIFACTS_CACHE_DIR || undefined;
  return join(XDG_CACHE_HOME || join(homedir(), ".cache"), "artifacts", "hashes");
}
