import { googleError } from "../http/errors";

/** One day. A timer that is to wait longer than 2^31 ms doesn't wait at all, and the delays of settings and faults add up. */
const MAX_LATENCY_MS = 86_400_000;

export function checkLatency(field: string, value: unknown): void {
  checkRange(field, value, 0, MAX_LATENCY_MS);
}

export function checkWhole(field: string, value: unknown, low: number, high = Number.MAX_SAFE_INTEGER): void {
  if (Number.isInteger(value) && isWithin(value, low, high)) return;
  const range = high === Number.MAX_SAFE_INTEGER ? `from ${low} on` : `from ${low} to ${high}`;
  throw outside(field, value, `a whole number ${range}`);
}

export function checkRange(field: string, value: unknown, low: number, high: number): void {
  if (!isWithin(value, low, high)) throw outside(field, value, `a number from ${low} to ${high}`);
}

function isWithin(value: unknown, low: number, high: number): boolean {
  return typeof value === "number" && value >= low && value <= high;
}

function outside(field: string, value: unknown, expected: string) {
  return googleError(400, "invalid", `${field}: ${JSON.stringify(value)} is not ${expected}`);
}

/** A misspelt field would do nothing, in silence. `path` is where `value` stands: `fault: action.`, or empty. */
export function checkKeys(path: string, value: object, known: readonly string[]): void {
  const unknown = Object.keys(value).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  throw googleError(400, "invalid", `${path}${unknown}: unknown. Known are ${known.join(", ")}`);
}
