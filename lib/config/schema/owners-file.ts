import { z } from "zod";

const approvers = z.array(z.string()).nullish();

/** Schema of `manifests/<directory>/OWNERS`; other tools read more of it, so unknown keys are left alone. */
export const ownersFile = z.looseObject({
  approvers: approvers.describe("Who may approve a change to this folder: logins or aliases."),
  filters: z
    .record(z.string(), z.looseObject({ approvers }).nullable())
    .nullish()
    .describe("The same for the files that a regular expression matches."),
});
