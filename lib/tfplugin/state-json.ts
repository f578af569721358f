import { numberFromText } from "./decimal";
import { type AttributePath, DiagnosticsError } from "./diagnostics";
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
 * are null, so that adding or removing an attribute needs no upgrade. Anything else that doesn't fit is an error at `path`.
 */
export function valueFromJson(type: CtyType, json: unknown, path: AttributePath = []): Value {
  if (json === null || json === undefined) return undefined;
  checkKind(type, json, path);
  if (type === "dynamic") {
    const { type: actual, value } = json as { type: CtyType; value: unknown };
    return new Dynamic(actual, valueFromJson(actual, value, path));
  }
  if (type === "number") return numberFromText(String(json));
  if (typeof type === "string") return json as string | boolean;
  if (type[0] === "object") return attributes(type[1], json as object, path);
  if (type[0] === "map") return elements(type[1], json as object, path);
  const inner = type[0] === "tuple" ? (index: number) => type[1][index] ?? "dynamic" : () => type[1] as CtyType;
  return (json as readonly unknown[]).map((element, index) =>
    valueFromJson(inner(index), element, type[0] === "set" ? path : [...path, index]),
  );
}

/** What stands in JSON for a value of a type. */
const KINDS = {
  ...{ string: "a text", number: "a number", bool: "a boolean", dynamic: "an object" },
  ...{ list: "a list", set: "a list", tuple: "a list", map: "an object", object: "an object" },
} as const;

function checkKind(type: CtyType, json: unknown, path: AttributePath): void {
  const wanted = KINDS[typeof type === "string" ? type : type[0]];
  const found = kindOf(json);
  const isLongNumber = type === "number" && typeof json === "string" && Number.isFinite(Number(json));
  if (found === wanted || isLongNumber) return;
  throw new DiagnosticsError([
    {
      severity: "error",
      summary: `${textOf(path)}: the state holds ${found}, not ${wanted}`,
      detail: "Terraform did not write this. Put back an earlier version of the state.",
      path,
    },
  ]);
}

function kindOf(json: unknown): string {
  if (typeof json === "string") return KINDS.string;
  if (typeof json === "number") return KINDS.number;
  if (typeof json === "boolean") return KINDS.bool;
  return Array.isArray(json) ? KINDS.list : KINDS.object;
}

function textOf(path: AttributePath): string {
  const steps = path.map((step) => {
    if (typeof step === "string") return `.${step}`;
    return `[${typeof step === "number" ? step : JSON.stringify(step.key)}]`;
  });
  return steps.join("").replace(/^\./, "") || "resource";
}

function attributes(types: Readonly<Record<string, CtyType>>, json: object, path: AttributePath): Value {
  const result: Record<string, Value> = Object.create(null);
  const source = new Map(Object.entries(json));
  for (const [name, type] of Object.entries(types)) {
    const value = valueFromJson(type, source.get(name), [...path, name]);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function elements(type: CtyType, json: object, path: AttributePath): Value {
  const result: Record<string, Value> = Object.create(null);
  for (const [key, inner] of Object.entries(json)) result[key] = valueFromJson(type, inner, [...path, { key }]);
  return result;
}
