import type { RetirementStep, StagingProject } from "./projects";

/** How long whoever still needs a project has to notice. Its guards against deletion stay up for all of it. */
export const RETIREMENT_DAYS = 30;

/** In the order in which they are taken, each one by a reviewed change that has been deployed. */
export const RETIREMENT_STEPS: readonly RetirementStep[] = ["closed", "released", "shut-down"];

const DAYS_BEFORE: Readonly<Record<RetirementStep, number>> = {
  closed: 0,
  released: RETIREMENT_DAYS,
  "shut-down": RETIREMENT_DAYS,
};

const DAY = 86_400_000;

/** The first day on which a retirement decided on `since` may take `step`. Days are UTC, as `YYYY-MM-DD`. */
export function earliestDay(step: RetirementStep, since: string): string {
  return utcDay(new Date(startOf(since) + DAYS_BEFORE[step] * DAY));
}

/** Whether `step` may be declared on the day `today`. */
export function isDue(step: RetirementStep, since: string, today: string): boolean {
  return startOf(today) >= startOf(since) + DAYS_BEFORE[step] * DAY;
}

/** The day it is, everywhere at once: `YYYY-MM-DD` in UTC. */
export function utcDay(now: Date): string {
  return now.toISOString().replace(/T.*/, "");
}

export function retirementStep({ retired }: Pick<StagingProject, "retired">): RetirementStep | undefined {
  return retired && (retired.step ?? "closed");
}

/** The step that comes after the declared one; undefined before and after a retirement. */
export function nextRetirementStep(project: Pick<StagingProject, "retired">): RetirementStep | undefined {
  const step = retirementStep(project);
  return step && RETIREMENT_STEPS[RETIREMENT_STEPS.indexOf(step) + 1];
}

/** Whether a text is a day of the calendar, as `YYYY-MM-DD`. */
export function isDay(text: string): boolean {
  const start = /^\d{4}-\d{2}-\d{2}$/.test(text) ? startOf(text) : Number.NaN;
  return !Number.isNaN(start) && utcDay(new Date(start)) === text;
}

function startOf(day: string): number {
  return Date.parse(`${day}T00:00:00Z`);
}
