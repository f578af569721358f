import { type Block, type NestedBlock, typeOfAttribute } from "../../lib/tfplugin/schema";
import { type CtyType, Decimal, type Entries, isEntries, isUnknown, type Value } from "../../lib/tfplugin/types";
import { isObject, type Json, type JsonObject } from "./api/json";

/** Where a type's attributes differ from its API, which otherwise calls `a_b` `aB`. Paths are dotted: `rule.age`. */
export interface FieldRules {
  /** Attributes that are no fields of the object: parts of its address, or settings of the provider's own. */
  readonly notFields?: readonly string[];

  /** The API's name for an attribute, where it isn't the same in camel case. */
  readonly names?: Readonly<Record<string, string>>;

  /** Numbers that are sent as strings, as Google's 64-bit ones are. */
  readonly longNumbers?: readonly string[];
}

/** What a request says of an object: everything that can be configured and is set. */
export function toJson(block: Block, value: Entries, rules: FieldRules, prefix = ""): JsonObject {
  const json: Record<string, Json> = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    const path = prefix + name;
    const isSettable = attribute.required || attribute.optional;
    if (!isSettable || path === "id" || rules.notFields?.includes(path)) continue;
    const plain = plainJson(value[name]);
    if (plain === undefined) continue;
    json[apiName(path, name, rules)] = rules.longNumbers?.includes(path) ? String(plain) : plain;
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    const path = prefix + name;
    if (name === "timeouts" || rules.notFields?.includes(path)) continue;
    const elements = elementsOf(value[name]).map((element) => toJson(inner, element, rules, `${path}.`));
    if (elements.length > 0) json[apiName(path, name, rules)] = inner.max === 1 ? elements[0] : elements;
  }
  return json;
}

/** The attributes of an object that the API returned. Those that are no fields are left to the caller. */
export function fromJson(block: Block, json: JsonObject, rules: FieldRules, prefix = ""): Entries {
  const value: Record<string, Value> = {};
  for (const [name, attribute] of Object.entries(block.attributes)) {
    const path = prefix + name;
    if (path === "id" || rules.notFields?.includes(path)) continue;
    const read = typedValue(typeOfAttribute(attribute), json[apiName(path, name, rules)]);
    if (read !== undefined) value[name] = read;
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    const path = prefix + name;
    if (name === "timeouts" || rules.notFields?.includes(path)) continue;
    value[name] = objectsIn(json[apiName(path, name, rules)]).map((each) => fromJson(inner, each, rules, `${path}.`));
  }
  return value;
}

function apiName(path: string, name: string, rules: FieldRules): string {
  return rules.names?.[path] ?? camelCase(name);
}

export function camelCase(name: string): string {
  return name.replace(/_([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}

/** A Terraform value as it is. */
function plainJson(value: Value): Json {
  if (value === undefined || isUnknown(value)) return undefined;
  if (Array.isArray(value)) return value.map(plainJson);
  if (value instanceof Decimal) return value.text;
  return value as Json;
}

/** Google writes 64-bit numbers as strings. */
function typedValue(type: CtyType, json: Json): Value {
  if (json === undefined || json === null) return undefined;
  if (type === "number") return Number(json);
  if (type === "string") return typeof json === "string" ? json : String(json);
  if (type === "bool") return json === true;
  if (typeof type !== "string" && (type[0] === "list" || type[0] === "set")) {
    return (Array.isArray(json) ? json : [json]).map((element: Json) => typedValue(type[1], element));
  }
  if (typeof type !== "string" && type[0] === "object" && isObject(json)) {
    return Object.fromEntries(
      Object.entries(type[1]).map(([name, inner]) => [name, typedValue(inner, json[camelCase(name)])]),
    );
  }
  return json as Value;
}

function objectsIn(json: Json): readonly JsonObject[] {
  if (Array.isArray(json)) return json.filter(isObject);
  return isObject(json) ? [json] : [];
}

/** The known objects of a block, whatever its nesting. */
export function elementsOf(value: Value): readonly Entries[] {
  if (Array.isArray(value)) return value.filter(isEntries);
  return isEntries(value) ? [value] : [];
}

/** Whether a value is what the old SDK takes for "not set". */
export function isZero(value: Value): boolean {
  if (value === undefined || value === "" || value === false || value === 0) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isEntries(value) && Object.values(value).every(isZero);
}

/**
 * `read` with the spelling of `prior` for everything the old SDK doesn't tell apart: an unset attribute and an empty
 * one. Attributes that the provider may set itself are taken as read.
 */
export function settled(block: Block, prior: Entries | undefined, read: Entries): Entries {
  const value: Record<string, Value> = { ...read };
  for (const [name, attribute] of Object.entries(block.attributes)) {
    if (attribute.computed || !isZero(read[name]) || !isZero(prior?.[name])) continue;
    if (prior?.[name] === undefined) delete value[name];
    else value[name] = prior[name];
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    if (inner.nesting === "single") continue;
    const before = elementsOf(prior?.[name]);
    value[name] = elementsOf(read[name]).map((element, index) =>
      settled(inner, nearest(inner, before, element, index), element),
    );
  }
  return value;
}

/** Elements of lists are compared by position; those of sets with the one that has the same first attribute. */
function nearest(block: NestedBlock, prior: readonly Entries[], element: Entries, index: number): Entries | undefined {
  if (block.nesting !== "set" || block.max === 1) return prior[index];
  const keys = Object.entries(block.attributes).filter(([, { required }]) => required);
  return prior.find((candidate) => keys.every(([name]) => candidate[name] === element[name]));
}
