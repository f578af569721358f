import type { Attribute, Block, NestedBlock, Schema } from "../../../lib/tfplugin/schema";
import type { Traits } from "../traits";

/** A derived schema with the flags that only the table of traits knows. As in the old SDK, computed values are stable. */
export function annotate(schema: Schema, { version = 0, forceNew = [], sensitive = [] }: Traits): Schema {
  const unused = new Set([...forceNew, ...sensitive]);
  const annotated = annotateBlock(schema, { forceNew, sensitive, unused }, "");
  if (unused.size > 0) throw new Error(`${[...unused]}: no such attribute in the derived schema`);
  return { version, ...annotated };
}

interface Flags {
  readonly forceNew: readonly string[];
  readonly sensitive: readonly string[];
  readonly unused: Set<string>;
}

function annotateBlock(block: Block, flags: Flags, prefix: string): Block {
  const attributes = Object.entries(block.attributes).map(([name, attribute]): [string, Attribute] => [
    name,
    annotateAttribute(attribute, flags, prefix + name),
  ]);
  const blocks = Object.entries(block.blocks ?? {}).map(([name, inner]): [string, NestedBlock] => [
    name,
    annotateNested(inner, flags, prefix + name),
  ]);
  return { attributes: Object.fromEntries(attributes), blocks: Object.fromEntries(blocks) };
}

function annotateAttribute(attribute: Attribute, flags: Flags, path: string): Attribute {
  flags.unused.delete(path);
  return {
    ...attribute,
    ...(attribute.computed ? { stable: true } : {}),
    ...(flags.forceNew.includes(path) ? { forceNew: true } : {}),
    ...(flags.sensitive.includes(path) ? { sensitive: true } : {}),
  };
}

function annotateNested(inner: NestedBlock, flags: Flags, path: string): NestedBlock {
  flags.unused.delete(path);
  const { nesting, min, max } = inner;
  return {
    nesting,
    ...(min === undefined ? {} : { min }),
    ...(max === undefined ? {} : { max }),
    ...(flags.forceNew.includes(path) ? { forceNew: true } : {}),
    ...annotateBlock(inner, flags, `${path}.`),
  };
}
