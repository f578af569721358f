import type { Value } from "../../../lib/tfplugin/types";

/** Two spellings of one name in which case doesn't count. */
export function sameIgnoringCase(prior: Value, planned: Value): boolean {
  return typeof prior === "string" && typeof planned === "string" && prior.toLowerCase() === planned.toLowerCase();
}

/** A full link, a path and a bare name of the same resource. */
export function sameResource(prior: Value, planned: Value): boolean {
  if (typeof prior !== "string" || typeof planned !== "string") return false;
  const [longer, shorter] = prior.length > planned.length ? [prior, planned] : [planned, prior];
  return longer === shorter || longer.endsWith(`/${shorter}`);
}

/** The same for lists of them. */
export function sameResources(prior: Value, planned: Value): boolean {
  if (!Array.isArray(prior) || !Array.isArray(planned)) return false;
  return prior.length === planned.length && planned.every((one, index) => sameResource(prior[index], one));
}

/** Durations such as `86400s` and `1d`. */
export function sameDuration(prior: Value, planned: Value): boolean {
  return typeof prior === "string" && typeof planned === "string" && seconds(prior) === seconds(planned);
}

const UNIT_SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

function seconds(duration: string): number | string {
  const [, count, unit = ""] = /^(\d+)([smhd])$/.exec(duration) ?? [];
  return count === undefined ? duration : Number(count) * (UNIT_SECONDS[unit] ?? 1);
}
