import type { z } from "zod";
import { adoptionFile } from "./adoption-file";
import { defaultsFile } from "./defaults-file";
import { filestoresFile } from "./filestores-file";
import { groupsConfigFile, groupsFile, restrictionsFile } from "./groups-files";
import { documentedInfraFile } from "./infra-file";
import { manifestFile } from "./manifest-file";
import { ownersFile } from "./owners-file";

export interface FileKind {
  /** Of its schema: `docs/schema/<name>.schema.json`. */
  readonly name: string;

  /** Where such files usually stand. */
  readonly path: string;
  readonly summary: string;
  readonly schema: z.ZodType;
}

/** Every kind of YAML file that is read, in the order in which docs/reference.md describes them. */
export const fileKinds: readonly FileKind[] = [
  {
    name: "infra",
    path: "infra/gcp/infra.yaml",
    summary:
      "All projects of the estate, by type. The keys below `managed_by` are read for staging projects that are managed here; the blocks of others may hold anything.",
    schema: documentedInfraFile,
  },
  {
    name: "defaults",
    path: "infra/gcp/defaults.yaml",
    summary: "What holds for the whole estate, and what each staging project gets unless its own block says otherwise.",
    schema: defaultsFile,
  },
  {
    name: "adoption",
    path: "infra/gcp/adopt/<stack>.yaml",
    summary: "Existing objects that the next deploy of a stack takes over instead of making them.",
    schema: adoptionFile,
  },
  {
    name: "groups",
    path: "groups/<folder>/groups.yaml",
    summary: "Google Groups: who is in them and what they allow.",
    schema: groupsFile,
  },
  {
    name: "restrictions",
    path: "groups/restrictions.yaml",
    summary: "Which groups a `groups.yaml` may declare. Without an entry for a file, it may declare any.",
    schema: restrictionsFile,
  },
  {
    name: "groups-config",
    path: "groups/config.yaml",
    summary: "Which domains are managed, and where the other files are.",
    schema: groupsConfigFile,
  },
  {
    name: "filestores",
    path: "filestores/<directory>/filepromoter-manifest.yaml",
    summary: "Where a subproject's files come from, and where they go.",
    schema: filestoresFile,
  },
  {
    name: "manifest",
    path: "manifests/<directory>/<any name>.yaml",
    summary: "The files of a release. The directory has the name of a directory under `filestores/`.",
    schema: manifestFile,
  },
  {
    name: "owners",
    path: "manifests/<directory>/OWNERS",
    summary:
      "Who may approve that files are published. Other tools read more of it, so that any other key is left alone.",
    schema: ownersFile,
  },
];
