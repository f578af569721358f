import { equalValues } from "./equal";
import { type Attribute, type Block, type NestedBlock, typeOfBlock } from "./schema";
import { at, type CtyType, type Entries, entry, isEntries, isUnknown, UNKNOWN, type Value } from "./types";

/**
 * The default plan: what Terraform proposes, with computed attributes that the configuration doesn't set unknown in
 * each object (the resource itself, a nested object, a block) that is new or changes. Those marked `stable` keep
 * their value, and so does everything in an object that doesn't change.
 */
export function defaultPlan(schema: Block, prior: Entries | undefined, config: Entries, proposed: Entries): Entries {
  if (prior !== undefined && equalValues(typeOfBlock(schema), prior, proposed)) return prior;
  return planBlock(schema, prior, config, proposed);
}

function planBlock(block: Block, prior: Entries | undefined, config: Entries | undefined, proposed: Entries): Entries {
  const planned: Record<string, Value> = Object.create(null);
  for (const [name, attribute] of Object.entries(block.attributes)) {
    const value = planAttribute(attribute, prior, config?.[name], proposed[name], name);
    if (value !== undefined) planned[name] = value;
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    const value = planNested(inner.nesting, inner, prior?.[name], config?.[name], proposed[name]);
    if (value !== undefined) planned[name] = value;
  }
  return planned;
}

function planAttribute(
  attribute: Attribute,
  prior: Entries | undefined,
  config: Value,
  proposed: Value,
  name: string,
): Value {
  if (attribute.computed && config === undefined) {
    return attribute.stable && prior !== undefined ? prior[name] : UNKNOWN;
  }
  if ("type" in attribute) return proposed;
  const { nesting, attributes } = attribute.nested;
  return planNested(nesting, { attributes }, prior?.[name], config, proposed);
}

/** Applies the rule to each object of a collection, comparing it with the element that stood there before. */
function planNested(
  nesting: NestedBlock["nesting"],
  block: Block,
  prior: Value,
  config: Value,
  proposed: Value,
): Value {
  if (proposed === undefined || isUnknown(proposed)) return proposed;
  const type = typeOfBlock(block);
  if (nesting === "single" || nesting === "group") return planElement(block, type, prior, config, proposed);
  if (nesting === "map" && isEntries(proposed)) {
    const planned: Record<string, Value> = Object.create(null);
    for (const [key, element] of Object.entries(proposed)) {
      planned[key] = planElement(block, type, entry(prior, key), entry(config, key), element);
    }
    return planned;
  }
  if (!Array.isArray(proposed)) return proposed;
  const elements: readonly Value[] = proposed;
  if (nesting === "set")
    return elements.map((element) => planElement(block, type, matching(type, prior, element), element, element));
  return elements.map((element, index) => planElement(block, type, at(prior, index), at(config, index), element));
}

function planElement(block: Block, type: CtyType, prior: Value, config: Value, proposed: Value): Value {
  if (!isEntries(proposed)) return proposed;
  if (prior !== undefined && equalValues(type, prior, proposed)) return prior;
  return planBlock(block, isEntries(prior) ? prior : undefined, isEntries(config) ? config : undefined, proposed);
}

/** Elements of a set have no key: only the very same one stood there before. */
function matching(type: CtyType, prior: Value, element: Value): Value {
  return Array.isArray(prior) ? prior.find((candidate) => equalValues(type, candidate, element)) : undefined;
}
