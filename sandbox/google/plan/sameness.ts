import type { Block } from "../../../lib/tfplugin/schema";
import { type Entries, isEntries, isUnknown, type Value } from "../../../lib/tfplugin/types";
import { isZero } from "../fields";
import type { Traits } from "../traits";

/** The plan with the state's spelling wherever both mean the same: what the old SDK calls suppressing a difference. */
export function withoutSameness(
  block: Block,
  { same = {} }: Traits,
  prior: Entries,
  planned: Entries,
  prefix = "",
): Entries {
  const value: Record<string, Value> = { ...planned };
  for (const [name, { optional }] of Object.entries(block.attributes)) {
    const before = prior[name];
    const after = planned[name];
    if (before === after || isUnknown(after)) continue;
    const areSame = same[prefix + name]?.(before, after) ?? false;
    if (areSame || (optional && isZero(before) && isZero(after))) value[name] = before;
  }
  for (const [name, inner] of Object.entries(block.blocks ?? {})) {
    const before = prior[name];
    const after = planned[name];
    if (!Array.isArray(before) || !Array.isArray(after)) continue;
    if (same[prefix + name]?.(before, after)) value[name] = before;
    else
      value[name] = after.map((element: Value, index): Value => {
        const earlier: Value = before[index];
        if (!isEntries(element) || !isEntries(earlier)) return element;
        return withoutSameness(inner, { same }, earlier, element, `${prefix}${name}.`);
      });
  }
  return value;
}
