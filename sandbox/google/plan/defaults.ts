import type { Block } from "../../../lib/tfplugin/schema";
import { type Entries, isEntries, isUnknown, UNKNOWN, type Value } from "../../../lib/tfplugin/types";
import type { Traits } from "../traits";

/** The plan with defaults where the configuration says nothing, in every block that is there. */
export function withDefaults(
  block: Block,
  { defaults = {} }: Traits,
  config: Entries,
  planned: Entries,
  prefix = "",
): Entries {
  const value: Record<string, Value> = { ...planned };
  for (const name of Object.keys(block.attributes)) {
    const standard = defaults[prefix + name];
    if (standard !== undefined && config[name] === undefined) value[name] = standard;
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    const elements = planned[name];
    if (!Array.isArray(elements)) continue;
    const configured: Value = inner.nesting === "set" ? elements : config[name];
    value[name] = elements.map((element: Value, index): Value => {
      if (!isEntries(element)) return element;
      const written = Array.isArray(configured) ? configured[index] : undefined;
      return withDefaults(inner, { defaults }, isEntries(written) ? written : {}, element, `${prefix}${name}.`);
    });
  }
  return value;
}

/** Blocks that the provider fills in keep what is there, or are unknown for a new object. */
export function withComputedBlocks(
  { computedBlocks = [] }: Traits,
  prior: Entries | undefined,
  planned: Entries,
): Entries {
  const value: Record<string, Value> = { ...planned };
  for (const name of computedBlocks) {
    const configured = planned[name];
    if (isUnknown(configured) || (Array.isArray(configured) && configured.length > 0)) continue;
    value[name] = prior === undefined ? UNKNOWN : prior[name];
  }
  return value;
}
