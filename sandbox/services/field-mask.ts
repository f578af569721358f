import { googleError } from "../http/errors";

/**
 * What an update makes of a record: the fields that the mask names are taken from the body (those absent there go), all
 * others stay. Without a mask, every field of the body counts. Only `writable` fields can change; others are passed over,
 * as clients repeat read-only ones.
 */
export function applyMask<T extends object>(
  record: T,
  body: object,
  mask: string | null | undefined,
  writable: readonly string[],
): T {
  const named = mask === null || mask === undefined || mask === "" || mask === "*" ? Object.keys(body) : fieldsOf(mask);
  const changed: Record<string, unknown> = Object.fromEntries(Object.entries(record));
  for (const field of named) {
    if (!writable.includes(field)) continue;
    // Both are JSON objects from outside, read by the names that are writable.
    const value = (body as Readonly<Record<string, unknown>>)[field];
    if (value === undefined || value === null) delete changed[field];
    else changed[field] = value;
  }
  // Fields were only replaced by what the caller claims to be of the same shape.
  return changed as unknown as T;
}

/** Top-level fields of a mask; `display_name` and `displayName` are the same, `a.b` changes `a`. */
export function fieldsOf(mask: string): readonly string[] {
  const fields = mask.split(",").map((path) => camel(path.trim().split(".")[0] ?? ""));
  if (fields.includes("")) throw googleError(400, "badRequest", `Invalid update_mask: "${mask}"`);
  return fields;
}

function camel(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
