import { z } from "zod";
import { plainTextProblem } from "../../model/plain-text";
import type { Check } from "../../model/problem";
import { quote } from "../../model/suggest";
import { addProblem, shapedText } from "./scalars";

const ADDRESS = "^(google_[a-z0-9_]+|artifacts_group)\\.[A-Za-z0-9_-]+$";

const addressProblem: Check = (address) =>
  new RegExp(ADDRESS).test(address)
    ? undefined
    : {
        what: `expected TYPE.NAME, found the key ${quote(address)}`,
        rule: "adoption/address",
        repair: "Write the address of the resource in Terraform, such as google_project.project.",
      };

const importIdProblem: Check = (id) =>
  id.trim() === ""
    ? {
        what: "is empty",
        rule: "adoption/id",
        repair: "Write the id that Terraform imports it by, or remove the line.",
      }
    : plainTextProblem(id);

/** Schema of `infra/gcp/adopt/<stack>.yaml`. */
export const adoptionFile = z.strictObject({
  stack: z
    .string()
    .regex(/^(staging-[a-z0-9-]+|serving|groups)$/, 'expected the name of a stack, such as "staging-kops"')
    .describe("The stack whose next deploy takes these objects over."),
  imports: z
    .record(shapedText(addressProblem, { pattern: ADDRESS }), shapedText(importIdProblem, { minLength: 1 }))
    .superRefine((imports, ctx) => {
      if (Object.keys(imports).length > 0) return;
      const repair = "Remove the file, or write what the stack takes over.";
      addProblem(ctx, { what: "nothing is taken over", rule: "adoption/empty", repair });
    })
    .describe("Import ids by resource address. Written by `artifacts adopt`."),
});
