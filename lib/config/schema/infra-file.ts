import { z } from "zod";

/** A project's block as any tool may write it; ours are checked with `projectBlock` once it is known which are ours. */
const anyBlock = z.looseObject({
  managed_by: z.string().nullish().describe("Who manages this project. Wins over the type's `managed_by`."),
});

const projectType = z.strictObject({
  managed_by: z.string().nullish().describe("Who manages the projects of this type, unless a project says otherwise."),
  projects: z
    .record(z.string(), anyBlock.nullable())
    .nullish()
    .describe("The projects by their id; most have nothing after the colon."),
});

/** Schema of `infra/gcp/infra.yaml`: all projects of the estate, by type. */
export const infraFile = z.strictObject({
  infra: z.record(z.string(), projectType.nullable()).describe("Types of projects, e.g. `staging` or `release`."),
});
