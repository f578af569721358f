import { type Page, pageOf } from "../services/listing";

/** Rows of one page of a table, with how many there are in all. */
export interface Rows<T> extends Page<T> {
  readonly total: number;
}

const PAGE = 100;

/** The page of `items` that the query asks for: `q` finds rows by any text in them, `token` goes on. */
export function rows<T extends object>(
  items: readonly T[],
  keyOf: (item: T) => string,
  query: URLSearchParams,
): Rows<T> {
  const wanted = (query.get("q") ?? "").toLowerCase().split(/\s+/);
  const found = items.filter((item) => {
    const text = JSON.stringify(Object.values(item)).toLowerCase();
    return wanted.every((word) => text.includes(word));
  });
  const page = pageOf(found, keyOf, {
    size: query.get("size"),
    token: query.get("token"),
    defaultSize: PAGE,
    largestSize: 1000,
  });
  return { ...page, total: found.length };
}
