import { GROUP_RETIREMENT_STEPS, type GroupRetirement } from "../group-retirement";
import type { Group } from "../groups";
import type { Retirement, StagingProject } from "../projects";
import { earliestDay, isDue, RETIREMENT_DAYS, RETIREMENT_STEPS } from "../retirement";
import type { Draft } from "./draft";
import type { Findings } from "./place";

const RULE = "retirement/too-soon";

/** No step of a retirement stands in the inputs before its day: a deploy would take it. `today` as `YYYY-MM-DD`, in UTC. */
export function checkEarlySteps({ staging, groups }: Draft, today: string, found: Findings): void {
  for (const project of staging) {
    if (project.retired !== undefined) checkProject(project, project.retired, today, found);
  }
  for (const group of groups) {
    if (group.retired !== undefined) checkGroup(group, group.retired, today, found);
  }
}

function checkProject({ projectId, at }: StagingProject, retired: Retirement, today: string, found: Findings): void {
  const { since, step = "closed" } = retired;
  if (isDue(step, since, today)) return;
  const what = { closed: "retired", released: "released", "shut-down": "shut down" }[step];
  const summary = `${projectId}: retired since ${since}, it can't be ${what} before ${earliestDay(step, since)}`;
  const detail = `Whoever still needs the project has ${RETIREMENT_DAYS} days to notice (days are UTC), and its guards stay up for all of them. Until then it stays at step "${RETIREMENT_STEPS[0]}".`;
  found.error(RULE, retired.at ?? at, summary, step === "closed" ? NOT_YET : detail);
}

function checkGroup({ email }: Group, { since, step, at }: GroupRetirement, today: string, found: Findings): void {
  // A group is deleted after as many days as a project is shut down.
  const like = step === "deleted" ? "shut-down" : "closed";
  if (isDue(like, since, today)) return;
  const summary = `${email}: retired since ${since}, it can't be ${step} before ${earliestDay(like, since)}`;
  const detail = `Whoever still needs the group has ${RETIREMENT_DAYS} days to notice (days are UTC). Until then it stays at step "${GROUP_RETIREMENT_STEPS[0]}".`;
  found.error(RULE, at, summary, step === "closed" ? NOT_YET : detail);
}

const NOT_YET = "Its day has not come (days are UTC). Write the day of this change, or merge it then.";
