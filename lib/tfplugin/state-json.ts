import { numberFromText } from "./decimal";
import { type CtyType, Dynamic, type Value } from "./types";

/** Parses the JSON of a state file; numbers too long for JavaScript become strings, which `valueFromJson` reads. */
export function parseStateJson(json: Uint8Array): unknown {
  const text = Buffer.from(json).toString("utf8");
  return JSON.parse(text.replace(STRING_OR_NUMBER, (token) => (isLongNumber(token) ? `"${token}"` : token)));
}

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g;

/** Up to 15 significant digits survive a JavaScript number. */
function isLongNumber(token: string): boolean {
  return token.length > 15 && !token.startsWith('"');
}

/**
 * A value of `type` from the JSON of a state file. Attributes that the schema no longer has are dropped, and new ones
 * are null, so that adding or removing an attribute needs no upgrade.
 */
export function valueFromJson(type: CtyType, json: unknown): Value {
  if (json === null || json === undefined) return undefined;
  if (type === "dynamic") {
    const { type: actual, value } = json as { type: CtyType; value: unknown };
    return new Dynamic(actual, valueFromJson(actual, value));
  }
  if (type === "number") return numberFromText(String(json));
  if (typeof type === "string") return json as string | boolean;
  if (type[0] === "object") return attributes(type[1], json as object);
  if (type[0] === "map") return elements(type[1], json as object);
  const inner = type[0] === "tuple" ? (index: number) => type[1][index] ?? "dynamic" : () => type[1] as CtyType;
  return (json as readonly unknown[]).map((element, index) => valueFromJson(inner(index), element));
}

function attributes(types: Readonly<Record<string, CtyType>>, json: object): Value {
  const result: Record<string, Value> = Object.create(null);
  const source = new Map(Object.entries(json));
  for (const [name, type] of Object.entries(types)) {
    const value = valueFromJson(type, source.get(name));
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function elements(type: CtyType, json: object): Value {
  const result: Record<string, Value> = Object.create(null);
  for (const [key, inner] of Object.entries(json)) result[key] = valueFromJson(type, inner);
  return result;
}
