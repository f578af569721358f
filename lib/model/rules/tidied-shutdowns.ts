import type { Diagnostic } from "../../diagnostics";
import { resourceAddress, without } from "../planned-resources";
import { stagingRecipe } from "../staging-recipe";
import { resourcesToForget } from "../staging-resources";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import { projectPairs } from "./project-pairs";

/**
 * A shutdown lets go of what the declaration of that day names, address by address. What the same change takes out of it
 * is still in the state, and would be destroyed.
 */
export function tidiedShutdowns(base: Draft, head: Draft): readonly Diagnostic[] {
  return projectPairs(base, head).flatMap(([before, project]) => {
    const { projectId, name, retired, at } = project;
    if (retired?.step !== "shut-down" || before.retired?.step === "shut-down") return [];
    const whole = stagingRecipe({ ...before, retired }, head);
    const lost = without(resourcesToForget(whole), resourcesToForget(stagingRecipe(project, head)));
    if (lost.length === 0) return [];
    return [
      {
        severity: "error" as const,
        rule: "change/retirement-step",
        summary: `${projectId}: this change shuts it down, and destroys what it takes out of its declaration: ${lost.map(resourceAddress).map(quote).join(", ")}`,
        detail: `A shutdown takes what is declared out of the state and leaves it as it is. Leave its block, and the defaults for staging projects, as they were, and declare the step alone, as "npx artifacts offboard ${name}" writes it.`,
        at: retired.at ?? at,
      },
    ];
  });
}
