import { googleError } from "../http/errors";

/** One page of names, and the token of the next. The token is the last name that was given out. */
export function pageOf<T>(
  items: readonly T[],
  nameOf: (item: T) => string,
  query: URLSearchParams,
  sizeParameter: "maxResults" | "pageSize",
): { readonly items: readonly T[]; readonly nextPageToken?: string } {
  const asked = Number(query.get(sizeParameter) ?? 1000);
  if (!Number.isInteger(asked) || asked < 0) {
    throw googleError(400, "invalidParameter", `Invalid value for ${sizeParameter}: ${query.get(sizeParameter)}`);
  }
  const size = asked === 0 ? 1000 : Math.min(asked, 1000);
  const token = query.get("pageToken");
  const after = token === null || token === "" ? undefined : Buffer.from(token, "base64url").toString();
  const rest = after === undefined ? items : items.filter((item) => nameOf(item) > after);
  const page = rest.slice(0, size);
  const last = page.at(-1);
  if (last === undefined || rest.length <= size) return { items: page };
  return { items: page, nextPageToken: Buffer.from(nameOf(last)).toString("base64url") };
}
