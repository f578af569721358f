import { spawnSync } from "node:child_process";
import { devNull } from "node:os";
import { notStarted } from "../../lib/terraform-program";

/**
 * The environment for git in a repository made for one run. What a hook or `git rebase --exec` says of the repository that it
 * runs in would lead every command there; a caller's own settings may sign commits or run hooks.
 */
export function throwawayGit(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(env).filter(([name]) => !name.startsWith("GIT_"));
  return { ...Object.fromEntries(others), GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: "1" };
}

/** Why there is no git to make a repository with; undefined when there is. */
export function gitProblem(env: NodeJS.ProcessEnv): string | undefined {
  const { error } = spawnSync("git", ["--version"], { env, stdio: "ignore" });
  if (error === undefined) return undefined;
  return `${notStarted("git", error)}. Install it (https://git-scm.com/downloads): the inputs' history is kept in it.`;
}
