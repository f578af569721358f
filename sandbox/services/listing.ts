import { googleError } from "../http/errors";

export interface PageRequest {
  /** What the caller asked for; not a number counts as not asked. */
  readonly size: string | null;
  readonly token: string | null;
  readonly defaultSize: number;

  /** Google gives no more than this, whatever is asked for. */
  readonly largestSize: number;
}

export interface Page<T> {
  readonly items: readonly T[];
  readonly nextPageToken?: string;
}

/**
 * Cuts one page out of `items`, which must be in a stable order. The token names the key of the last item sent, so that
 * what is added or removed meanwhile neither repeats nor hides another item.
 */
export function pageOf<T>(items: readonly T[], keyOf: (item: T) => string, request: PageRequest): Page<T> {
  const size = Math.min(positive(request.size) ?? request.defaultSize, request.largestSize);
  const after = request.token === null || request.token === "" ? undefined : decodeToken(request.token);
  const start = after === undefined ? 0 : firstAfter(items, keyOf, after);
  const page = items.slice(start, start + size);
  const last = page.at(-1);
  const isLast = last === undefined || start + size >= items.length;
  return { items: page, ...(isLast ? {} : { nextPageToken: encodeToken(keyOf(last)) }) };
}

/** Spreads into an answer: the token only where there is a next page. */
export function pageToken({ nextPageToken }: Page<unknown>): { readonly nextPageToken?: string } {
  return nextPageToken === undefined ? {} : { nextPageToken };
}

function firstAfter<T>(items: readonly T[], keyOf: (item: T) => string, after: string): number {
  const same = items.findIndex((item) => keyOf(item) === after);
  if (same !== -1) return same + 1;
  const next = items.findIndex((item) => keyOf(item) > after);
  return next === -1 ? items.length : next;
}

function positive(text: string | null): number | undefined {
  const value = Number(text);
  return text !== null && Number.isInteger(value) && value > 0 ? value : undefined;
}

function encodeToken(key: string): string {
  return Buffer.from(`p1:${key}`).toString("base64url");
}

function decodeToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString();
  if (!text.startsWith("p1:")) throw googleError(400, "invalid", `Invalid page token: ${token}`);
  return text.slice(3);
}
