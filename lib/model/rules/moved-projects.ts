import type { Diagnostic } from "../../diagnostics";
import type { StagingProject } from "../projects";
import type { Draft } from "./draft";
import { projectPairs } from "./project-pairs";

/** The entry stays, and what it stood for goes: the stack would tear it down, as if it had vanished. */
export function movedProjects(base: Draft, head: Draft): readonly Diagnostic[] {
  return projectPairs(base, head).flatMap(([before, project]) => {
    const { projectId, at } = project;
    const move = moveOf(before, project);
    // Terraform has let go of what was shut down.
    if (move === undefined || before.retired?.step === "shut-down") return [];
    return [
      {
        severity: "error" as const,
        rule: "change/project-vanished",
        summary: `${projectId}: this change moves it ${move}`,
        detail:
          "What it has now would be torn down without a retirement, a repository with every image. Put it back, and declare the new one under another staging name (npx artifacts onboard). Once what is needed is copied, retire this one (npx artifacts offboard).",
        at,
      },
    ];
  });
}

function moveOf(before: StagingProject, { mode, sharedProjectId }: StagingProject): string | undefined {
  if (before.mode === "project") {
    return mode === "shared" ? "into a shared project, and gives its own one up" : undefined;
  }
  if (mode === "project") return "out of the shared project, and gives its folder and its repository there up";
  const { sharedProjectId: from } = before;
  // Undefined where defaults.yaml would have to say it, and holds a mistake.
  if (from === undefined || sharedProjectId === undefined || from === sharedProjectId) return undefined;
  return `from the shared project ${from} into ${sharedProjectId}`;
}
