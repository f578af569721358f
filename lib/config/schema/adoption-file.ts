import { z } from "zod";

/** Schema of `infra/gcp/adopt/<stack>.yaml`. */
export const adoptionFile = z.strictObject({
  stack: z
    .string()
    .regex(/^(staging-[a-z0-9-]+|serving|groups)$/, 'expected the name of a stack, such as "staging-kops"')
    .describe("The stack whose next deploy takes these objects over."),
  imports: z
    .record(
      z.string().regex(/^(google_[a-z0-9_]+|artifacts_group)\.[A-Za-z0-9_-]+$/, "expected TYPE.NAME"),
      z.string().min(1),
    )
    .describe("Import ids by resource address. Written by `artifacts adopt`."),
});
