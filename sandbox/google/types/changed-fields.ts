import { equalValues } from "../../../lib/tfplugin/equal";
import { type Schema, typeOfAttribute, typeOfNested } from "../../../lib/tfplugin/schema";
import type { Entries } from "../../../lib/tfplugin/types";
import { camelCase, type FieldRules } from "../fields";
import type { Traits } from "../traits";

/** The API's names of the top-level fields that a plan changes. */
export function changedFields(
  schema: Schema,
  prior: Entries,
  planned: Entries,
  rules: FieldRules,
  traits: Traits,
): readonly string[] {
  const types = [
    ...Object.entries(schema.attributes).map(([name, attribute]) => [name, typeOfAttribute(attribute)] as const),
    ...Object.entries(schema.blocks ?? {}).map(([name, inner]) => [name, typeOfNested(inner.nesting, inner)] as const),
  ];
  const changed = types
    .filter(([name]) => !rules.notFields?.includes(name) && name !== "timeouts" && name !== "id")
    .filter(([name]) => planned[name] !== undefined || prior[name] !== undefined)
    .filter(([name, type]) => !equalValues(type, prior[name], planned[name]))
    .map(([name]) => rules.names?.[name] ?? camelCase(name));
  const hasLabels =
    traits.labelled && !equalValues(["map", "string"], prior.effective_labels, planned.effective_labels);
  return hasLabels ? [...changed, "labels"] : changed;
}
