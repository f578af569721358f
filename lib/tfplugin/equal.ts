import { canonicalDecimal } from "./decimal";
import { type CtyType, Decimal, Dynamic, isEntries, isUnknown, type Value } from "./types";

/** Whether two values of `type` are the same to Terraform: sets in any order, null like absent, unknown like nothing. */
export function equalValues(type: CtyType, a: Value, b: Value): boolean {
  if (a === b && !isUnknown(a)) return true;
  if (a === undefined || b === undefined) return false;
  if (Array.isArray(a) && Array.isArray(b) && a.length !== b.length) return false;
  const left = fingerprint(type, a);
  return left !== undefined && left === fingerprint(type, b);
}

/** A text that is the same for equal values; undefined if something inside is unknown. */
export function fingerprint(type: CtyType, value: Value): string | undefined {
  if (value === undefined || value === null) return "null";
  if (isUnknown(value)) return undefined;
  if (value instanceof Dynamic)
    return join("dynamic", [JSON.stringify(value.type), fingerprint(value.type, value.value)]);
  if (type === "number" && (typeof value === "number" || value instanceof Decimal))
    return canonicalDecimal(String(value));
  if (Array.isArray(value)) return ofElements(type, value);
  if (isEntries(value)) return ofEntries(type, value);
  return JSON.stringify(value);
}

function ofElements(type: CtyType, elements: readonly Value[]): string | undefined {
  const kind = typeof type === "string" ? "tuple" : type[0];
  const inner = elements.map((element, index) => fingerprint(elementType(type, index), element));
  if (kind !== "set") return join("[", inner);
  return inner.includes(undefined) ? undefined : join("{", [...new Set(inner)].sort());
}

function ofEntries(type: CtyType, entries: { readonly [key: string]: Value }): string | undefined {
  // Null attributes of objects may be left out; null elements of maps count.
  const isObject = typeof type !== "string" && type[0] === "object";
  const keys = Object.keys(entries).filter((key) => !isObject || entries[key] !== undefined);
  return join(
    "(",
    keys.sort().flatMap((key) => [JSON.stringify(key), fingerprint(elementType(type, key), entries[key])]),
  );
}

function elementType(type: CtyType, step: string | number): CtyType {
  if (typeof type === "string") return "dynamic";
  if (type[0] === "object") return type[1][step] ?? "dynamic";
  if (type[0] === "tuple") return type[1][Number(step)] ?? "dynamic";
  return type[1];
}

function join(kind: string, parts: readonly (string | undefined)[]): string | undefined {
  return parts.includes(undefined) ? undefined : `${kind}${parts.join(",")}`;
}
