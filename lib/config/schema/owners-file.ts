import { z } from "zod";

/** Schema of `manifests/<directory>/OWNERS`; other tools read more of it, so unknown keys are left alone. */
export const ownersFile = z.looseObject({
  approvers: z.array(z.string()).nullish().describe("Who may approve a change to this folder: logins or aliases."),
});
