import { createTwoFilesPatch } from "diff";
import type { FileChange } from "../onboarding/plan-types";

/** The changes as a unified diff, new and removed files included. */
export function unifiedDiff(changes: readonly FileChange[]): string {
  return changes
    .map(({ file, before, after }) =>
      createTwoFilesPatch(
        before === undefined ? "/dev/null" : `a/${file}`,
        after === undefined ? "/dev/null" : `b/${file}`,
        before ?? "",
        after ?? "",
        undefined,
        undefined,
        { context: 2 },
      ).replace(/^=+\n/, ""),
    )
    .join("");
}
