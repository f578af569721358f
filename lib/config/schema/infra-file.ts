import { z } from "zod";
import { projectBlock } from "./project-block";
import { text } from "./scalars";

const managed = z.looseObject({
  managed_by: text().nullish().describe("Who manages this project. Wins over the type's `managed_by`."),
});

/**
 * A project's block as any tool may write it; ours are checked with `projectBlock` once it is known which are ours. Of
 * others, k8s.io has one with the manager right behind the colon.
 */
export const anyBlock = blockOf(managed);

function blockOf<T extends z.ZodType>(mapping: T) {
  return z.union([mapping, text()], { error: "expected a mapping" });
}

function infraWith(block: z.ZodType<z.output<typeof anyBlock>>) {
  const projectType = z.strictObject({
    managed_by: text().nullish().describe("Who manages the projects of this type, unless a project says otherwise."),
    projects: z
      .record(text(), block.nullable())
      .nullish()
      .describe("The projects by their id; most have nothing after the colon."),
  });
  return z.strictObject({
    infra: z.record(text(), projectType.nullable()).describe("Types of projects, e.g. `staging` or `release`."),
  });
}

/** Schema of `infra/gcp/infra.yaml`: all projects of the estate, by type. */
export const infraFile = infraWith(anyBlock);

/** The same for editors and docs, which can not tell whose a project is: they know the keys of ours and allow any. */
export const documentedInfraFile = infraWith(blockOf(z.looseObject(projectBlock.shape)));
