import type { RetirementStep } from "./projects";

/** Shortest time between the day a retirement was decided and the project's shutting down. */
export const RETIREMENT_DAYS = 30;

/** In the order in which they are taken, each one by a reviewed change that has been deployed. */
export const RETIREMENT_STEPS: readonly RetirementStep[] = ["closed", "released", "shut-down"];

/** The first day on which a project whose retirement was decided on `since` may be shut down, both as `YYYY-MM-DD`. */
export function earliestShutDown(since: string): string {
  const day = new Date(`${since}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + RETIREMENT_DAYS);
  return day.toISOString().slice(0, 10);
}
