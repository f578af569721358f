import type { Adoption } from "../adoption";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** An adoption of a stack that nobody declares would be left out of every plan. */
export function checkAdoptions({ adoptions = [], staging, isComplete }: Draft, { error, guesses }: Findings): void {
  if (!isComplete.infra || adoptions.length === 0) return;
  const stacks = new Set(["groups", "serving", ...staging.map(({ name }) => `staging-${name}`)]);
  const first = new Map<string, Adoption>();
  for (const adoption of adoptions) {
    const before = first.get(adoption.stack);
    if (before === undefined) first.set(adoption.stack, adoption);
    else {
      const summary = `stack: ${before.at.file} takes objects over into ${quote(adoption.stack)} already`;
      error(
        "adoption/twice",
        adoption.at,
        summary,
        "One file says it all for a stack: put the imports of this one there.",
      );
    }
  }
  for (const { stack, at } of adoptions.filter((each) => stacks.has(each.stack))) {
    const name = at.file.slice(at.file.lastIndexOf("/") + 1);
    if (name.replace(/\.ya?ml$/, "") === stack) continue;
    const detail = `Rename the file to ${stack}.yaml, or name the stack that it is for.`;
    error("adoption/name", at, `stack: is ${quote(stack)}, but the file is called ${quote(name)}`, detail);
  }
  for (const { stack, at } of adoptions.filter((each) => !stacks.has(each.stack))) {
    const detail = guesses.didYouMean(stack, stacks) ?? "Remove the file, or declare the project in infra.yaml.";
    error("adoption/stack", at, `stack: there is no stack ${quote(stack)}`, detail);
  }
}
