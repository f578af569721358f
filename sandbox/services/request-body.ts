import { googleError } from "../http/errors";
import type { Call } from "../http/service";

/**
 * What a body must look like where the sandbox looks into it: a kind of value, a list of one shape, or fields with their
 * shapes. `{ "*": shape }` is a map with any keys. Fields that a shape doesn't name may hold anything. A function is for
 * what may be written in several ways: it tells the shape of the one that was chosen.
 */
export type Shape =
  | "text"
  | "flag"
  | "number"
  | readonly [Shape]
  | ((value: unknown) => Shape)
  | { readonly [field: string]: Shape };

export const TEXTS: Shape = ["text"];
export const TEXT_MAP: Shape = { "*": "text" };

/** The body of a request, if it has that shape; a 400 in Google's words if not. `null` is the same as absent, as there. */
export async function readBody<T extends object>(call: Call, shape: Shape): Promise<Partial<T>> {
  // The shape was looked at; that the type says the same is the caller's claim.
  return checked(await call.json(), shape, "") as Partial<T>;
}

/** `value` without its fields that are `null`, if it has that shape. `path` is where it stands in the body; empty for all of it. */
export function checked(value: unknown, shape: Shape, path: string): unknown {
  if (typeof shape === "function") return checked(value, shape(value), path);
  if (typeof shape === "string") return scalar(value, shape, path);
  if (isList(shape)) {
    if (!Array.isArray(value)) throw wrong(path, "list", value);
    return value.map((item, index) => checked(item, shape[0], `${path}[${index}]`));
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(path, "object", value);
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(
    entries.map(([key, inner]) => {
      const expected = (Object.hasOwn(shape, key) ? shape[key] : undefined) ?? shape["*"];
      return [key, expected === undefined ? inner : checked(inner, expected, path === "" ? key : `${path}.${key}`)];
    }),
  );
}

const TYPES = { text: "string", flag: "boolean", number: "number" } as const;

function scalar(value: unknown, kind: keyof typeof TYPES, path: string): unknown {
  const type: string = typeof value;
  if (type === TYPES[kind]) return value;
  throw wrong(path, TYPES[kind], value);
}

function isList(shape: Exclude<Shape, string | ((value: unknown) => Shape)>): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function wrong(path: string, expected: string, value: unknown) {
  const shown = JSON.stringify(value) ?? "nothing";
  return googleError(
    400,
    "badRequest",
    `Invalid JSON payload received. Invalid value at '${path}' (${expected}): ${shown.slice(0, 100)}`,
  );
}
