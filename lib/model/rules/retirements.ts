import type { Diagnostic } from "../../diagnostics";
import type { Retirement, RetirementStep, StagingProject } from "../projects";
import {
  earliestDay,
  isDue,
  nextRetirementStep,
  RETIREMENT_DAYS,
  RETIREMENT_STEPS,
  retirementStep,
} from "../retirement";
import type { Draft } from "./draft";
import { movedBack } from "./moved-back";

/** A retirement takes one step at a time, and its day does not move back. `today` as `YYYY-MM-DD`, in UTC. */
export function checkRetirements(base: Draft, head: Draft, today: string): readonly Diagnostic[] {
  const before = new Map(base.staging.map((project) => [project.projectId, project]));
  return head.staging.flatMap((project) => {
    const from = before.get(project.projectId);
    const { retired } = project;
    if (from === undefined) return [];
    if (retirementStep(from) === "shut-down" && retirementStep(project) !== "shut-down") {
      const isAdopted = head.adoptions?.some(({ stack }) => stack === `staging-${project.name}`);
      return isAdopted ? [] : [comesBack(project)];
    }
    if (retired === undefined) return [];
    const step = retired.step ?? "closed";
    const found: Diagnostic[] = [];
    if (progress(project) > progress(from) + 1) found.push(skipped(project, step, progress(from)));
    // The day is what the delays count from: moved back, it would take the notice away.
    if (from.retired !== undefined && retired.since < from.retired.since)
      found.push(movedBack(project.projectId, retired.since, from.retired.since, placeOf(project)));
    if (from.retired === undefined && isDue("shut-down", retired.since, today))
      found.push(longAgo(project, retired, today));
    return found;
  });
}

/** How far a project's retirement has come: 0 while it is in use. */
function progress(project: StagingProject): number {
  const step = retirementStep(project);
  return step === undefined ? 0 : 1 + RETIREMENT_STEPS.indexOf(step);
}

function skipped(project: StagingProject, step: RetirementStep, from: number): Diagnostic {
  return {
    severity: "error",
    rule: "change/retirement-step",
    summary: `${project.projectId}: this change goes to step "${step}" and leaves "${RETIREMENT_STEPS[from]}" out`,
    detail: `Each step is deployed before the next one is declared: Terraform lifts a guard before it shuts down what was guarded. Write "step: ${RETIREMENT_STEPS[from]}".`,
    at: placeOf(project),
  };
}

/** Terraform let go of everything in it: it would try to make it all once more, and Google would refuse. */
function comesBack(project: StagingProject): Diagnostic {
  const undone =
    project.mode === "shared"
      ? "Its folder in the shared project was let go of and stays."
      : `Google can undo the shutdown for 30 days: gcloud projects undelete ${project.projectId}.`;
  return {
    severity: "error",
    rule: "change/retirement-step",
    summary: `${project.projectId}: was shut down, and this change takes it back into use`,
    detail: `${undone} Run "npx artifacts adopt ${project.name}" and make what it writes a part of this change.`,
    at: placeOf(project),
  };
}

function longAgo(project: StagingProject, { since }: Retirement, today: string): Diagnostic {
  return {
    severity: "warning",
    rule: "change/retirement-since",
    summary: `${project.projectId}: its retirement is declared only now, and since ${since}`,
    detail: `With that day nobody gets the ${RETIREMENT_DAYS} days of notice: it may be shut down at once. Write "since: ${today}", unless it was announced back then.`,
    at: placeOf(project),
  };
}

/** What a retirement waits for: its next step, and from when on it may be declared. */
export interface AwaitedStep {
  readonly project: StagingProject;
  readonly since: string;
  readonly step: RetirementStep;
  readonly next: RetirementStep;

  /** The first day on which `next` may be declared, in UTC. */
  readonly from: string;
  readonly isDue: boolean;
}

/** Every retirement that has not come to its end, in the order of infra.yaml. */
export function awaitedSteps(staging: readonly StagingProject[], today: string): readonly AwaitedStep[] {
  return staging.flatMap((project) => {
    const { retired } = project;
    const step = retirementStep(project);
    const next = nextRetirementStep(project);
    if (retired === undefined || step === undefined || next === undefined) return [];
    const { since } = retired;
    const from = earliestDay(next, since);
    return [{ project, since, step, next, from, isDue: isDue(next, since, today) }];
  });
}

/** Reminds of retirements that could go on. Time alone changes no plan: somebody declares the next step. */
export function remindOfRetirements(staging: readonly StagingProject[], today: string): readonly Diagnostic[] {
  return awaitedSteps(staging, today)
    .filter((each) => each.isDue)
    .map((each) => ({
      severity: "warning",
      rule: "retirement/due",
      summary: `${each.project.projectId}: retired since ${each.since}, step "${each.next}" is due since ${each.from}`,
      detail: `Once "${each.step}" is deployed: ${stepRepair(each)}`,
      at: placeOf(each.project),
    }));
}

/** The exact line that takes the next step, and the command that writes it. */
export function stepRepair({ project, next }: Pick<AwaitedStep, "project" | "next">): string {
  const { file, line } = placeOf(project);
  const where =
    project.retired?.step === undefined
      ? `add "step: ${next}" to the block "retired" at ${file}:${line}`
      : `make line ${line} of ${file} "step: ${next}"`;
  return `${where}, or run: npx artifacts offboard ${project.name}`;
}

function placeOf({ retired, at }: StagingProject) {
  return retired?.at ?? at;
}
