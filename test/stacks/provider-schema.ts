import { readFileSync } from "node:fs";
import { join } from "node:path";

interface Attribute {
  readonly type: unknown;
  readonly required?: boolean;
  readonly optional?: boolean;
  readonly computed?: boolean;
  readonly deprecated?: boolean;
}

export interface Block {
  readonly attributes: Readonly<Record<string, Attribute>>;
  readonly blocks: Readonly<Record<string, NestedBlock>>;
}

interface NestedBlock extends Block {
  readonly nesting: string;
  readonly min: number;
  readonly max: number;
}

export interface ProviderSchema {
  readonly provider: Block;
  readonly resources: Readonly<Record<string, Block>>;
}

/** What Google's own provider 6.50.0 says of the types that the stacks use; extract-schema.cjs made it. */
export const googleSchema: ProviderSchema = JSON.parse(
  readFileSync(join(__dirname, "fixtures", "google-provider-6.50.0.json"), "utf8"),
);

const META_ARGUMENTS = new Set([
  "depends_on",
  "lifecycle",
  "provider",
  "count",
  "for_each",
  "connection",
  "provisioner",
]);

/** Everything that the provider would refuse in a block, or warn of. Nothing means that it takes it. */
export function schemaProblems(path: string, value: unknown, block: Block): readonly string[] {
  if (!isObject(value)) return [`${path}: expected a block`];
  const missing = Object.entries(block.attributes)
    .filter(([name, { required }]) => required && value[name] === undefined)
    .map(([name]) => `${path}.${name}: is required`);
  const given = Object.entries(value).filter(([name]) => !META_ARGUMENTS.has(name));
  return [
    ...missing,
    ...given.flatMap(([name, inner]) => argumentProblems(`${path}.${name}`, name, inner, block)),
    ...Object.entries(block.blocks)
      .filter(([name, { min }]) => min > 0 && value[name] === undefined)
      .map(([name]) => `${path}.${name}: is required`),
  ];
}

function argumentProblems(path: string, name: string, value: unknown, block: Block): readonly string[] {
  const attribute = block.attributes[name];
  if (attribute !== undefined) return attributeProblems(path, value, attribute);
  const nested = block.blocks[name];
  if (nested === undefined) return [`${path}: is unknown`];
  const items = Array.isArray(value) ? value : [value];
  return [
    ...(nested.max > 0 && items.length > nested.max ? [`${path}: at most ${nested.max}`] : []),
    ...items.flatMap((item, index) => schemaProblems(`${path}[${index}]`, item, nested)),
  ];
}

function attributeProblems(path: string, value: unknown, attribute: Attribute): readonly string[] {
  if (!attribute.required && !attribute.optional) return [`${path}: is decided by the provider`];
  if (attribute.deprecated) return [`${path}: is deprecated`];
  return hasType(value, attribute.type) ? [] : [`${path}: expected ${JSON.stringify(attribute.type)}`];
}

/** Terraform turns numbers and booleans into text where text is expected; a reference may become anything. */
function hasType(value: unknown, type: unknown): boolean {
  if (typeof value === "string" && value.startsWith("${")) return true;
  if (Array.isArray(type)) {
    const [kind, element] = type;
    if (kind === "map") return isObject(value) && Object.values(value).every((inner) => hasType(inner, element));
    return Array.isArray(value) && value.every((inner) => hasType(inner, element));
  }
  if (type === "bool") return typeof value === "boolean";
  if (type === "number") return typeof value === "number";
  return typeof value === "string";
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
