import { type Attribute, type Block, type NestedBlock, type Schema, typeOfBlock } from "../../../lib/tfplugin/schema";
import type { CtyType } from "../../../lib/tfplugin/types";
import { classesOf, generatedSource, interfacesOf, structsOf } from "./generated-source";

/** What the bindings' generator wrote above each property. */
const PROPERTY = /^ {2}\/\/ (\w+) - computed: (true|false), optional: (true|false), required: (true|false)\n/gm;

/** A property as the HCL writer of the bindings describes it; only what can be configured has one. */
const SHAPE =
  /^ +(\w+): \{\n +value: ([^\n]*),\n +isBlock: (true|false),\n +type: "(\w+)",\n +storageClassType: "(\w+)",/gm;

interface Shape {
  readonly value: string;
  readonly isBlock: boolean;
  readonly collection: string;
  readonly storage: string;
}

interface Source {
  readonly classes: ReadonlyMap<string, string>;
  readonly structs: ReadonlyMap<string, string>;
  readonly interfaces: ReadonlyMap<string, string>;
}

/** An object in an object: a block, or an attribute that only the provider sets. */
interface Complex {
  readonly block: Block;
  readonly isBlock: boolean;
  readonly nesting: NestedBlock["nesting"];

  /** At most one. */
  readonly isSingle: boolean;
}

/**
 * The schema of a resource, a data source or the provider, read from the bindings in @cdktf/provider-google, which were
 * generated from the real provider's schema. Names, types, flags and the nesting of blocks are all there; of limits,
 * only "one or many".
 */
export function deriveSchema(folder: string): Schema {
  const text = generatedSource(folder);
  const source: Source = { classes: classesOf(text), structs: structsOf(text), interfaces: interfacesOf(text) };
  const main = [...source.classes].find(([, body]) => body.includes("static readonly tfResourceType"));
  if (main === undefined) throw new Error(`@cdktf/provider-google/lib/${folder}: holds no resource`);
  return deriveClass(source, main[0], shapesIn(main[1]));
}

function deriveClass(source: Source, className: string, shapes: ReadonlyMap<string, Shape>): Block {
  const body = source.classes.get(className) ?? "";
  const attributes: Record<string, Attribute> = {};
  const blocks: Record<string, NestedBlock> = {};
  const properties = [...body.matchAll(PROPERTY)];
  for (const [index, property] of properties.entries()) {
    const [text, name = "", computed, optional, required] = property;
    // The provider's `alias` is Terraform's own.
    if (name === "alias" && className === "GoogleProvider") continue;
    const flags = {
      ...(required === "true" ? { required: true } : {}),
      ...(optional === "true" ? { optional: true } : {}),
      ...(computed === "true" ? { computed: true } : {}),
    };
    const code = body.slice(property.index + text.length, properties[index + 1]?.index);
    const complex = complexProperty(source, code, shapes.get(name));
    if (complex?.isBlock) blocks[name] = nestedBlock(complex, required === "true");
    else attributes[name] = { type: complex ? typeOfComplex(complex) : simpleType(code, shapes.get(name)), ...flags };
  }
  return { attributes, ...(Object.keys(blocks).length === 0 ? {} : { blocks }) };
}

function shapesIn(body: string): ReadonlyMap<string, Shape> {
  return new Map(
    [...body.matchAll(SHAPE)].map(([, name = "", value = "", isBlock, collection = "", storage = ""]) => [
      name,
      { value, isBlock: isBlock === "true", collection, storage },
    ]),
  );
}

/** Resources hold their complex properties in classes of the bindings; the provider's block has only functions for them. */
function complexProperty(source: Source, code: string, shape: Shape | undefined): Complex | undefined {
  const [, className, wrapsSet] = /= new (\w+)\(this, "\w+"(?:, (true|false))?\)/.exec(code) ?? [];
  if (className !== undefined && source.classes.has(className)) {
    return complexClass(source, className, shape, wrapsSet === "true" ? "set" : nestingOf(shape));
  }
  const [, struct] = /(\w+)ToHclTerraform\b/.exec(shape?.value.replaceAll(/cdktf\.\w+/g, "") ?? "") ?? [];
  if (struct === undefined || shape === undefined) return undefined;
  return { block: deriveStruct(source, struct), isBlock: shape.isBlock, nesting: nestingOf(shape), isSingle: false };
}

function complexClass(
  source: Source,
  className: string,
  shape: Shape | undefined,
  nesting: NestedBlock["nesting"],
): Complex {
  const isList = className.endsWith("List") && source.classes.has(className.replace(/List$/, "OutputReference"));
  const element = isList ? className.replace(/List$/, "OutputReference") : className;
  const struct = element.replace(/OutputReference$/, "").toLowerCase();
  const block = deriveClass(source, element, shapesIn(source.structs.get(struct) ?? ""));
  return { block, isBlock: shape?.isBlock ?? false, nesting, isSingle: !isList };
}

/** A struct that can only be configured: its interface tells what is required. */
function deriveStruct(source: Source, struct: string): Block {
  const attributes: Record<string, Attribute> = {};
  const members = source.interfaces.get(struct.toLowerCase()) ?? "";
  for (const [name, shape] of shapesIn(source.structs.get(struct.toLowerCase()) ?? "")) {
    const [, property = ""] = /struct!\.(\w+)/.exec(shape.value) ?? [];
    const isRequired = new RegExp(`^  readonly ${property}:`, "m").test(members);
    attributes[name] = { type: simpleType("", shape), ...(isRequired ? { required: true } : { optional: true }) };
  }
  return { attributes };
}

function nestingOf(shape: Shape | undefined): NestedBlock["nesting"] {
  if (shape?.collection === "struct") return "single";
  return shape?.collection === "set" ? "set" : "list";
}

function nestedBlock({ block, nesting, isSingle }: Complex, isRequired: boolean): NestedBlock {
  if (nesting === "single") return { nesting, ...block };
  return { nesting, ...(isRequired ? { min: 1 } : {}), ...(isSingle ? { max: 1 } : {}), ...block };
}

function typeOfComplex({ block, nesting }: Complex): CtyType {
  const type = typeOfBlock(block);
  return nesting === "set" || nesting === "list" ? [nesting, type] : type;
}

const BY_STORAGE: Readonly<Record<string, CtyType>> = {
  string: "string",
  number: "number",
  boolean: "bool",
  stringList: ["list", "string"],
  numberList: ["list", "number"],
  stringMap: ["map", "string"],
  booleanMap: ["map", "bool"],
};

/** The first pattern that a getter matches tells its type. */
const BY_GETTER: readonly (readonly [RegExp, CtyType])[] = [
  [/Fn\.tolist\(this\.getListAttribute\(/, ["set", "string"]],
  [/Fn\.tolist\(this\.getNumberListAttribute\(/, ["set", "number"]],
  [/Fn\.tolist\(this\.getNumberSetAttribute\(|\.getNumberSetAttribute\(/, ["set", "number"]],
  [/this\.getListAttribute\(/, ["list", "string"]],
  [/this\.getNumberListAttribute\(/, ["list", "number"]],
  [/this\.getStringAttribute\(/, "string"],
  [/this\.getNumberAttribute\(/, "number"],
  [/this\.getBooleanAttribute\(/, "bool"],
  [/this\.getStringMapAttribute\(|new cdktf\.StringMap\(/, ["map", "string"]],
  [/this\.getBooleanMapAttribute\(|new cdktf\.BooleanMap\(/, ["map", "bool"]],
  [/this\.getNumberMapAttribute\(|new cdktf\.NumberMap\(/, ["map", "number"]],
];

function simpleType(code: string, shape: Shape | undefined): CtyType {
  const getter = BY_GETTER.find(([pattern]) => pattern.test(code))?.[1];
  if (getter !== undefined) return getter;
  const stored = BY_STORAGE[shape?.storage ?? ""];
  if (stored === undefined) return "dynamic";
  return shape?.collection === "set" && Array.isArray(stored) ? ["set", stored[1]] : stored;
}
