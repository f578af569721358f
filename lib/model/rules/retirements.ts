import type { Diagnostic } from "../../diagnostics";
import type { StagingProject } from "../projects";
import { earliestShutDown, RETIREMENT_DAYS, RETIREMENT_STEPS } from "../retirement";
import type { Draft } from "./draft";

/** How far a project's retirement has come: 0 while it is in use. */
function progress({ retired }: StagingProject): number {
  return retired === undefined ? 0 : 1 + RETIREMENT_STEPS.indexOf(retired.step ?? "closed");
}

/** A retirement takes one step at a time, and the last one not before its day. `today` as `YYYY-MM-DD`. */
export function checkRetirements(base: Draft, head: Draft, today: string): readonly Diagnostic[] {
  const before = new Map(base.staging.map((project) => [project.projectId, progress(project)]));
  return head.staging.flatMap((project) => {
    const from = before.get(project.projectId);
    const to = progress(project);
    if (from === undefined || to <= from) return [];
    return [...(to > from + 1 ? [skipped(project, from)] : []), ...tooSoon(project, today)];
  });
}

function skipped({ projectId, retired, at }: StagingProject, from: number): Diagnostic {
  return {
    severity: "error",
    rule: "change/retirement-step",
    summary: `${projectId}: this change goes to step "${retired?.step}" and leaves "${RETIREMENT_STEPS[from]}" out`,
    detail: `Each step is deployed before the next one is declared: Terraform lifts a guard before it shuts down what was guarded. Write "step: ${RETIREMENT_STEPS[from]}".`,
    at,
  };
}

function tooSoon({ projectId, retired, at }: StagingProject, today: string): readonly Diagnostic[] {
  if (retired?.step !== "shut-down" || today >= earliestShutDown(retired.since)) return [];
  return [
    {
      severity: "error",
      rule: "change/retirement-too-soon",
      summary: `${projectId}: retired since ${retired.since}, it can't be shut down before ${earliestShutDown(retired.since)}`,
      detail: `Whoever still needs the project has ${RETIREMENT_DAYS} days to notice. Until then it stays at step "released".`,
      at,
    },
  ];
}
