import { z } from "zod";
import { baseProblem } from "../../model/filestore-base";
import { serviceAccount, shapedText } from "./scalars";

const filestore = z.strictObject({
  base: shapedText(baseProblem, { pattern: "^(gs|s3)://[^/]+(/.*)?$" }).describe(
    "`gs://BUCKET/PREFIX/`, or `s3://BUCKET/PREFIX/` for a destination. The slash at the end may be missing.",
  ),
  src: z.boolean().optional().describe("True for the one filestore that files come from. Default: false."),
  "service-account": serviceAccount()
    .optional()
    .describe("The service account that writes here. Default: the identity that runs the promotion."),
});

/** Schema of `filestores/<directory>/filepromoter-manifest.yaml`: where files come from and where they go. */
export const filestoresFile = z
  .strictObject({ filestores: z.array(filestore).min(2).describe("One source and at least one destination.") })
  .superRefine(({ filestores }, ctx) => {
    const sources = filestores.filter(({ src }) => src);
    if (sources.length !== 1) {
      const message = `exactly one filestore must set "src: true", found ${sources.length}`;
      const repair =
        sources.length === 0
          ? 'Write "src: true" on the one that files come from.'
          : 'Keep "src: true" only on the one that files come from.';
      const params = { rule: "filestore/one-source", repair };
      ctx.addIssue({ code: "custom", message, path: ["filestores"], params });
    }
  });

export type FilestoresYaml = z.output<typeof filestoresFile>;
