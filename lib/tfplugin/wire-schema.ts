import { bool, bytes, integer, lazy, type MessageType, message, nested, repeated, string } from "./protobuf";
import type { Attribute, Block, NestedBlock, Schema } from "./schema";

// How a schema goes over the wire. Attributes and blocks nest in themselves, which is why their types are spelt out.

const Nesting = { single: 1, list: 2, set: 3, map: 4, group: 5 } as const;

interface WireAttribute {
  readonly name: string;
  readonly type?: Uint8Array;
  readonly nestedType?: { readonly attributes: readonly WireAttribute[]; readonly nesting: number };
  readonly description: string;
  readonly required: boolean;
  readonly optional: boolean;
  readonly computed: boolean;
  readonly sensitive: boolean;
  readonly deprecated: boolean;
  readonly writeOnly: boolean;
}

interface WireBlock {
  readonly attributes: readonly WireAttribute[];
  readonly blockTypes: readonly WireNestedBlock[];
  readonly description: string;
}

interface WireNestedBlock {
  readonly typeName: string;
  readonly block: WireBlock;
  readonly nesting: number;
  readonly minItems: number;
  readonly maxItems: number;
}

const attribute: MessageType<WireAttribute, unknown> = message({
  name: string(1),
  type: bytes(2),
  description: string(3),
  required: bool(4),
  optional: bool(5),
  computed: bool(6),
  sensitive: bool(7),
  deprecated: bool(9),
  nestedType: nested(
    10,
    message({
      attributes: repeated(
        1,
        lazy(() => attribute),
      ),
      nesting: integer(3),
    }),
  ),
  writeOnly: bool(11),
});

const nestedBlock: MessageType<WireNestedBlock, unknown> = message({
  typeName: string(1),
  block: nested(
    2,
    lazy(() => block),
  ),
  nesting: integer(3),
  minItems: integer(4),
  maxItems: integer(5),
});

const block: MessageType<WireBlock, unknown> = message({
  attributes: repeated(2, attribute),
  blockTypes: repeated(3, nestedBlock),
  description: string(4),
});

export const wireSchema = message({ version: integer(1), block: nested(2, block) });

/** `schema` as the protocol has it. */
export function schemaMessage(schema: Schema): { readonly version: number; readonly block: WireBlock } {
  return { version: schema.version ?? 0, block: blockMessage(schema) };
}

function blockMessage({ attributes, blocks, description }: Block): WireBlock {
  return {
    attributes: Object.entries(attributes).map(([name, inner]) => attributeMessage(name, inner)),
    blockTypes: Object.entries(blocks ?? {}).map(([name, inner]) => nestedBlockMessage(name, inner)),
    description: description ?? "",
  };
}

function attributeMessage(name: string, inner: Attribute): WireAttribute {
  const flags = {
    name,
    description: inner.description ?? "",
    required: inner.required ?? false,
    optional: inner.optional ?? false,
    computed: inner.computed ?? false,
    sensitive: inner.sensitive ?? false,
    deprecated: inner.deprecated ?? false,
    writeOnly: inner.writeOnly ?? false,
  };
  if ("type" in inner) return { ...flags, type: Buffer.from(JSON.stringify(inner.type)) };
  const { nesting, attributes } = inner.nested;
  const own = Object.entries(attributes).map(([key, value]) => attributeMessage(key, value));
  return { ...flags, nestedType: { attributes: own, nesting: Nesting[nesting] } };
}

function nestedBlockMessage(name: string, inner: NestedBlock): WireNestedBlock {
  return {
    typeName: name,
    block: blockMessage(inner),
    nesting: Nesting[inner.nesting],
    minItems: inner.min ?? 0,
    maxItems: inner.max ?? 0,
  };
}
