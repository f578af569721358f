import { MsgpackWriter } from "./msgpack-writer";
import { type CtyType, Decimal, Dynamic, isEntries, isUnknown, type Value } from "./types";

/** A value of `type` as Terraform wants it. A value that doesn't fit the type is a bug, and named with its path. */
export function encodeValue(type: CtyType, value: Value): Buffer {
  const writer = new MsgpackWriter();
  write(writer, type, value, "");
  return writer.finish();
}

function write(writer: MsgpackWriter, type: CtyType, value: Value, path: string): void {
  if (value === undefined || value === null) writer.nil();
  else if (isUnknown(value)) writer.unknown();
  else if (type === "dynamic") writeDynamic(writer, value, path);
  else if (typeof type === "string") writePrimitive(writer, type, value, path);
  else if (type[0] === "map") writeMap(writer, type[1], value, path);
  else if (type[0] === "object") writeObject(writer, type[1], value, path);
  else writeElements(writer, type, value, path);
}

function writeElements(
  writer: MsgpackWriter,
  type: Extract<CtyType, readonly ["list" | "set" | "tuple", unknown]>,
  value: Value,
  path: string,
): void {
  if (!Array.isArray(value)) throw mismatch(path, `a ${type[0]}`, value);
  writer.arrayHeader(value.length);
  for (const [index, element] of value.entries()) {
    const inner = type[0] === "tuple" ? (type[1][index] ?? "dynamic") : type[1];
    write(writer, inner, element, `${path}[${index}]`);
  }
}

function writePrimitive(writer: MsgpackWriter, type: "string" | "number" | "bool", value: Value, path: string): void {
  if (type === "string" && typeof value === "string") writer.string(value);
  else if (type === "bool" && typeof value === "boolean") writer.boolean(value);
  else if (type === "number" && Number.isSafeInteger(value)) writer.integer(value as number);
  // Terraform reads 0.1 as decimal, with 512 bits: a double is not the same number.
  else if (type === "number" && Number.isFinite(value)) writer.string(String(value));
  else if (type === "number" && value instanceof Decimal) writer.string(value.text);
  else throw mismatch(path, `a ${type}`, value);
}

function writeDynamic(writer: MsgpackWriter, value: Value, path: string): void {
  if (!(value instanceof Dynamic)) throw mismatch(path, "a Dynamic", value);
  writer.arrayHeader(2);
  writer.bytes(Buffer.from(JSON.stringify(value.type)));
  write(writer, value.type, value.value, path);
}

function writeMap(writer: MsgpackWriter, element: CtyType, value: Value, path: string): void {
  if (!isEntries(value)) throw mismatch(path, "a map", value);
  const entries = Object.entries(value);
  writer.mapHeader(entries.length);
  for (const [key, inner] of entries) {
    writer.string(key);
    write(writer, element, inner, `${path}[${JSON.stringify(key)}]`);
  }
}

/** Terraform wants every attribute of an object, null where it is unset. */
function writeObject(
  writer: MsgpackWriter,
  types: Readonly<Record<string, CtyType>>,
  value: Value,
  path: string,
): void {
  if (!isEntries(value)) throw mismatch(path, "an object", value);
  const prefix = path === "" ? "" : `${path}.`;
  for (const name of Object.keys(value)) {
    if (!Object.hasOwn(types, name)) throw new Error(`${prefix}${name}: no such attribute in the schema`);
  }
  const attributes = Object.entries(types);
  writer.mapHeader(attributes.length);
  for (const [name, type] of attributes) {
    writer.string(name);
    write(writer, type, Object.hasOwn(value, name) ? value[name] : undefined, prefix + name);
  }
}

function mismatch(path: string, expected: string, value: Value): Error {
  const found = Array.isArray(value) ? "an array" : `${typeof value} ${String(value).slice(0, 40)}`;
  return new Error(`${path || "value"}: expected ${expected}, found ${found}`);
}
