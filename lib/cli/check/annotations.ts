import { relative, resolve } from "node:path";
import type { Diagnostic } from "../../diagnostics";

type Environment = Readonly<Record<string, string | undefined>>;

/** GitHub shows no more than this many of a kind for one step. */
const SHOWN = 50;

/** Workflow commands that put each finding beside its line of the pull request; nothing outside of GitHub Actions. */
export function annotations(diagnostics: readonly Diagnostic[], root: string, env: Environment = process.env): string {
  if (env.GITHUB_ACTIONS !== "true") return "";
  const folder = repositoryFolder(root, env);
  const lines = diagnostics.slice(0, SHOWN).map(({ severity, rule, summary, detail, at }) => {
    const place = at === undefined ? [] : [`file=${property(folder + at.file)}`, `line=${at.line}`, `col=${at.column}`];
    const properties = [...place, `title=${property(rule ?? "artifacts")}`].join(",");
    return `::${severity} ${properties}::${data([summary, detail].filter(Boolean).join("\n"))}\n`;
  });
  return lines.join("");
}

/** The path from the repository to the inputs, with a slash at its end; empty if they are its root. */
export function repositoryFolder(root: string, env: Environment = process.env): string {
  const workspace = env.GITHUB_WORKSPACE;
  if (!workspace) return "";
  const way = relative(resolve(workspace), resolve(root));
  return way === "" || way.startsWith("..") ? "" : `${way}/`;
}

/** Nothing in a message may end it and begin a command of its own. */
function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
