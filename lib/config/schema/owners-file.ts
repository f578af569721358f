import { z } from "zod";
import { text } from "./scalars";

const approvers = z.array(text()).nullish();

/** Schema of `manifests/<directory>/OWNERS`; other tools read more of it, so unknown keys are left alone. */
export const ownersFile = z.looseObject({
  approvers: approvers.describe("Who may approve a change to this folder: logins or aliases."),
  filters: z
    .record(text(), z.looseObject({ approvers }).nullable())
    .nullish()
    .describe("The same for the files that a regular expression matches."),
});
