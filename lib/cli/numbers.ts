import { UsageError } from "./usage-error";

/** The value of a flag that counts something; undefined if it is not given. */
export function positiveNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number > 0) return number;
  throw new UsageError(`${flag} ${text}: expected a whole number above 0`);
}

const FACTORS: Readonly<Record<string, number>> = { "": 1, K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** A number of bytes: `67108864`, `64M`, `64MiB`. */
export function byteNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const [, digits, unit = ""] = /^(\d+)\s*([KMG]?)(?:i?B)?$/i.exec(text) ?? [];
  const number = Number(digits) * (FACTORS[unit.toUpperCase()] ?? 0);
  if (number > 0) return number;
  throw new UsageError(`${flag} ${text}: expected a number of bytes, e.g. 67108864 or 64MiB`);
}

const SECONDS: Readonly<Record<string, number>> = { "": 1, s: 1, m: 60, h: 3600 };

/** In seconds: Node counts a timer's milliseconds in 31 bits, and what is longer ends at once. */
const MAX_SECONDS = 24 * 24 * 3600;

/** A time: `90`, `90s`, `30m`, `2h`, `1h30m`. */
export function secondsNumber(flag: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const parts = [...text.matchAll(/(\d+)([smh]?)/g)];
  const seconds = parts.reduce((sum, [, digits, unit = ""]) => sum + Number(digits) * (SECONDS[unit] ?? 0), 0);
  if (seconds > 0 && seconds <= MAX_SECONDS && parts.map(([part]) => part).join("") === text) return seconds;
  throw new UsageError(`${flag} ${text}: expected a time, e.g. 90s, 30m or 2h, and at most 24 days (576h)`);
}
