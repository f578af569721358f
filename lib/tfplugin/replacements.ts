import type { AttributePath } from "./diagnostics";
import { equalValues } from "./equal";
import { type Attribute, type Block, type NestedBlock, typeOfAttribute, typeOfBlock, typeOfNested } from "./schema";
import { at, type Entries, entry, isEntries, type Value } from "./types";

/** Where `planned` differs from `prior` in something marked `forceNew`. */
export function replacements(block: Block, prior: Entries, planned: Entries): readonly AttributePath[] {
  return [
    ...Object.entries(block.attributes).flatMap(([name, attribute]) =>
      ofAttribute(name, attribute, prior[name], planned[name]),
    ),
    ...Object.entries(block.blocks ?? {}).flatMap(([name, inner]) => ofBlock(name, inner, prior[name], planned[name])),
  ];
}

function ofAttribute(name: string, attribute: Attribute, prior: Value, planned: Value): readonly AttributePath[] {
  if (attribute.forceNew) return equalValues(typeOfAttribute(attribute), prior, planned) ? [] : [[name]];
  if ("type" in attribute) return [];
  const { nesting, attributes } = attribute.nested;
  return ofNested(name, nesting, { attributes }, prior, planned);
}

function ofBlock(name: string, block: NestedBlock, prior: Value, planned: Value): readonly AttributePath[] {
  const type = typeOfNested(block.nesting, block);
  if (block.forceNew) return equalValues(type, prior, planned) ? [] : [[name]];
  return ofNested(name, block.nesting, block, prior, planned);
}

function ofNested(
  name: string,
  nesting: NestedBlock["nesting"],
  block: Block,
  prior: Value,
  planned: Value,
): readonly AttributePath[] {
  if (nesting === "single" || nesting === "group") return within([name], block, prior, planned);
  if (nesting === "map") {
    if (!isEntries(planned)) return [];
    return Object.keys(planned).flatMap((key) => within([name, { key }], block, entry(prior, key), planned[key]));
  }
  if (nesting === "list") {
    if (!Array.isArray(planned)) return [];
    return planned.flatMap((element, index) => within([name, index], block, at(prior, index), element));
  }
  return setReplacements(name, block, prior, planned);
}

function within(path: AttributePath, block: Block, prior: Value, planned: Value): readonly AttributePath[] {
  if (!isEntries(prior) || !isEntries(planned)) return [];
  return replacements(block, prior, planned).map((inner) => [...path, ...inner]);
}

/** Elements of a set can't be addressed: a change in one that holds a `forceNew` attribute replaces by the whole set. */
function setReplacements(name: string, block: Block, prior: Value, planned: Value): readonly AttributePath[] {
  const isForced = Object.values(block.attributes).some(({ forceNew }) => forceNew);
  return isForced && !equalValues(["set", typeOfBlock(block)], prior, planned) ? [[name]] : [];
}
