import type { Diagnostic } from "../../diagnostics";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import { lastingProjects } from "./project-pairs";

/**
 * Repositories that the deploy of a change deletes with every image in them. Google asks nobody, and a plan shows it as
 * one line of many. It is for a reviewer to decide, so it is no error.
 */
export function deletedRepositories(base: Draft, head: Draft): readonly Diagnostic[] {
  return lastingProjects(base, head).flatMap(([{ registry: before }, { projectId, registry: now, at }]) => {
    if (before === undefined) return [];
    const identity = (["repository", "location", "format"] as const).filter((key) => now?.[key] !== before[key]);
    if (identity.length === 0) return [];
    const why = now === undefined ? "it is not declared any more" : `another ${identity.join(" and ")} makes a new one`;
    return [
      {
        severity: "warning" as const,
        rule: "change/repository-deleted",
        summary: `${projectId}: this change deletes the repository ${quote(before.repository)} (${before.location}), as ${why}`,
        detail: "Every image in it goes with it. Promote or copy what is still needed before this is merged.",
        at,
      },
    ];
  });
}
