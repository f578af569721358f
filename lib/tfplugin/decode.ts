import { numberFromDouble, numberFromText } from "./decimal";
import { MsgpackReader, type MsgpackToken } from "./msgpack-reader";
import { type CtyType, Decimal, Dynamic, UNKNOWN, type Value } from "./types";

/** A value of `type` as Terraform sends it. */
export function decodeValue(type: CtyType, msgpack: Uint8Array): Value {
  return read(new MsgpackReader(msgpack), type);
}

function read(reader: MsgpackReader, type: CtyType): Value {
  const token = reader.next();
  if (token.kind === "nil") return undefined;
  // Whatever its code and payload, an extension stands for an unknown value.
  if (token.kind === "extension") return UNKNOWN;
  if (type === "dynamic") return readDynamic(reader, token);
  if (typeof type === "string") return readPrimitive(type, token);
  switch (type[0]) {
    case "list":
    case "set":
      return readElements(reader, sizeOf(token, "array"), () => type[1]);
    case "tuple":
      return readElements(reader, sizeOf(token, "array"), (index) => type[1][index] ?? "dynamic");
    case "map":
      return readEntries(reader, sizeOf(token, "map"), true, () => type[1]);
    case "object":
      return readEntries(reader, sizeOf(token, "map"), false, (name) => attributeType(type[1], name));
  }
}

function readPrimitive(type: "string" | "number" | "bool", token: MsgpackToken): Value {
  if (type === "number" && token.kind === "number") {
    return typeof token.value === "bigint" ? new Decimal(token.value.toString()) : numberFromDouble(token.value);
  }
  if (type === "number" && token.kind === "string") return numberFromText(token.value);
  if (type === "string" && token.kind === "string") return token.value;
  if (type === "bool" && token.kind === "boolean") return token.value;
  throw new Error(`msgpack: expected a ${type}, found a ${token.kind}`);
}

function readDynamic(reader: MsgpackReader, token: MsgpackToken): Dynamic {
  const typeToken = sizeOf(token, "array") === 2 ? reader.next() : token;
  if (typeToken.kind !== "bytes") throw new Error("msgpack: a dynamic value must be a pair of a type and a value");
  // Terraform's own encoding of a type.
  const type = JSON.parse(Buffer.from(typeToken.value).toString("utf8")) as CtyType;
  return new Dynamic(type, read(reader, type));
}

function readElements(reader: MsgpackReader, size: number, typeAt: (index: number) => CtyType): readonly Value[] {
  const elements: Value[] = [];
  for (let index = 0; index < size; index++) elements.push(read(reader, typeAt(index)));
  return elements;
}

function readEntries(reader: MsgpackReader, size: number, keepNull: boolean, typeAt: (key: string) => CtyType): Value {
  // No prototype: a key such as `__proto__` is a key like any other.
  const entries: Record<string, Value> = Object.create(null);
  for (let index = 0; index < size; index++) {
    const key = reader.next();
    if (key.kind !== "string") throw new Error(`msgpack: expected a key, found a ${key.kind}`);
    const value = read(reader, typeAt(key.value));
    if (value !== undefined || keepNull) entries[key.value] = value;
  }
  return entries;
}

function attributeType(attributes: Readonly<Record<string, CtyType>>, name: string): CtyType {
  const type = attributes[name];
  if (type === undefined) throw new Error(`msgpack: ${name} is no attribute of the schema`);
  return type;
}

function sizeOf(token: MsgpackToken, kind: "array" | "map"): number {
  if (token.kind === kind) return token.size;
  throw new Error(`msgpack: expected a ${kind}, found a ${token.kind}`);
}
