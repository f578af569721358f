import type { Inputs } from "./inputs";
import { LAYOUT_PARTS, type Layout, type LayoutPart } from "./layout";

/** What an estate can not do without. Git keeps no empty folder, so one without promotions has neither of the other two. */
const NEEDED: ReadonlySet<LayoutPart> = new Set(["infra"]);

/**
 * Tells which parts of the layout are there. One that is not is an error when it is needed or was named by a flag or by
 * cdktf.json, and a warning otherwise: nothing is passed over without a word. defaults.yaml is only missed by synth.
 */
export function present(layout: Layout, { tree, report }: Inputs): (part: LayoutPart) => boolean {
  const there = new Set(LAYOUT_PARTS.filter((part) => tree.exists(layout[part])));
  for (const part of LAYOUT_PARTS) {
    const isNamed = layout.named.has(part);
    if (there.has(part) || (part === "defaults" && !isNamed)) continue;
    const isError = isNamed || NEEDED.has(part);
    report({
      severity: isError ? "error" : "warning",
      rule: "layout/missing",
      summary: `${part}: ${layout[part]} does not exist`,
      detail: `Name another place with --${part}, or in the context of cdktf.json.`,
      at: { file: layout[part], line: 1, column: 1 },
    });
  }
  return (part) => there.has(part);
}
