import { GoogleApiError } from "./google-api-error";

/**
 * The object that a successful call answers with. Client libraries hand on whatever came with a status of 200: nothing,
 * the page of a proxy, JSON that was cut off, an error. Taken for an answer, it would read as a group without members. It
 * is told like no answer at all, so that the call is made again.
 */
export function answeredObject<T extends object>(call: string, data: T | undefined): T {
  if (typeof data === "object" && data !== null && !Array.isArray(data) && !("error" in data)) return data;
  throw unreadable(call, "a JSON object", data);
}

function unreadable(call: string, expected: string, data: unknown): GoogleApiError {
  const text = typeof data === "string" ? data.replace(/\s+/g, " ").trim() : JSON.stringify(data);
  const found = text === undefined || text === "" ? "it is empty" : `found ${JSON.stringify(text.slice(0, 80))}`;
  return new GoogleApiError(call, `expected ${expected} in the answer, ${found}`);
}

/** A removal is answered with nothing. A text is the page of somebody between Google and us, who removed nothing. */
export function answeredNothing(call: string, data: unknown): void {
  if (typeof data === "string" && data.trim() !== "") throw unreadable(call, "nothing", data);
}

/** A part without which an answer is none, e.g. the address of a group. */
export function answeredText(call: string, name: string, value: string | null | undefined): string {
  if (typeof value === "string" && value !== "") return value;
  throw new GoogleApiError(call, `the answer has no ${name}`);
}

/** A part that may be missing, or null. */
export function answeredTextIfAny(call: string, name: string, value: string | null | undefined): string | undefined {
  if (value === undefined || value === null || typeof value === "string") return value ?? undefined;
  throw unreadable(call, `text as ${name}`, value);
}

/** A list that may be missing, or null, and then is empty. */
export function answeredList<T>(call: string, name: string, value: readonly T[] | null | undefined): readonly T[] {
  if (value === undefined || value === null || Array.isArray(value)) return value ?? [];
  throw unreadable(call, `a list of ${name}`, value);
}
