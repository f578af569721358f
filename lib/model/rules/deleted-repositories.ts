import type { Diagnostic } from "../../diagnostics";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import { lastingProjects } from "./project-pairs";

/**
 * Repositories that the deploy of a change deletes with every image in them. Google asks nobody, and a plan shows it as
 * one line of many. It is for a reviewer to decide, so it is no error, unless a retirement has promised that all stays.
 */
export function deletedRepositories(base: Draft, head: Draft): readonly Diagnostic[] {
  return lastingProjects(base, head).flatMap(([{ registry: before }, { projectId, registry: now, retired, at }]) => {
    if (before === undefined) return [];
    const identity = (["repository", "location", "format"] as const).filter((key) => now?.[key] !== before[key]);
    if (identity.length === 0) return [];
    const why = now === undefined ? "it is not declared any more" : `another ${identity.join(" and ")} makes a new one`;
    return [
      {
        severity: retired === undefined ? ("warning" as const) : ("error" as const),
        rule: "change/repository-deleted",
        summary: `${projectId}: this change deletes the repository ${quote(before.repository)} (${before.location}), as ${why}`,
        detail:
          retired === undefined
            ? "Every image in it goes with it. Promote or copy what is still needed before this is merged."
            : "Every image in it goes with it, and a retired project keeps what it has. Put it back.",
        at,
      },
    ];
  });
}
