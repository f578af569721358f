import { z } from "zod";
import { STAGING_DEFAULTS } from "../../model/builtin-defaults";
import {
  accountId,
  bucketName,
  day,
  email,
  grants,
  grantsOn,
  labels,
  location,
  principal,
  projectId,
  registryLocation,
  repositoryName,
  service,
  text,
} from "./scalars";

const days = (most: number) => z.number().int().min(1).max(most);

export const budget = z.strictObject({
  amount: z.number().int().min(1).describe("Whole units of the billing account's currency, each month."),
  "alert-at": z
    .array(z.number().positive().max(10))
    .min(1)
    .optional()
    .describe(
      "Shares of the amount at which the billing administrators and contacts are told. Default: 0.5, 0.9 and 1.",
    ),
});

export const registry = z.strictObject({
  repository: repositoryName().optional().describe("Name of the repository. Default: the staging name."),
  location: registryLocation().optional().describe('Where it is kept, e.g. "us" or "europe-west1". Default: "us".'),
  format: z
    .enum(["DOCKER", "GENERIC", "GO", "KFP", "MAVEN", "NPM", "PYTHON", "APT", "YUM"])
    .optional()
    .describe("What it holds; Helm charts go into a DOCKER repository. Default: DOCKER."),
  "delete-after-days": days(36500).optional().describe("Auto-deletion of images, in days. Default: they are kept."),
});

export const retirement = z.strictObject({
  since: day("project/retired").describe("The day on which the retirement was decided, e.g. 2026-05-01."),
  "keep-published": z
    .literal(true)
    .default(true)
    .describe("Published files stay where they are. Only true: nothing deletes published files."),
  step: z
    .enum(["closed", "released", "shut-down"])
    .optional()
    .describe(
      "How far the retirement has come. `closed`: nobody writes, nothing is public. `released`: the guards against deletion are lifted as well. `shut-down`: the project is shut down. Default: closed.",
    ),
});

export const iamOn = z.strictObject({
  bucket: grantsOn("storage", "a bucket").optional().describe("On the bucket for release candidates. Default: none."),
  "gcb-bucket": grantsOn("storage", "a bucket").optional().describe("On the bucket of Cloud Build. Default: none."),
  "build-account": grantsOn("iam", "a service account")
    .optional()
    .describe("On the account that builds run as, e.g. for jobs of a cluster that act as it. Default: none."),
  registry: grantsOn("artifactregistry", "a repository")
    .optional()
    .describe("On the Artifact Registry repository. Default: none."),
});

const builtinServices = STAGING_DEFAULTS.services.map((name) => `\`${name}\``).join(", ");

/** What a project and defaults.yaml may both say about staging. */
export const stagingFields = {
  services: z
    .array(service())
    .optional()
    .describe(
      `Google APIs that are enabled: those that defaults.yaml and a project name, and in any case ${builtinServices}. Default: none more.`,
    ),
  viewers: z
    .array(principal())
    .optional()
    .describe(
      "Principals with `roles/viewer` on the project, beside the group: those of defaults.yaml and of a project. Default: none.",
    ),
  writers: z
    .array(principal())
    .optional()
    .describe(
      "Principals that may push objects, beside the group: those of defaults.yaml and of a project. Default: none.",
    ),
  "delete-after-days": z
    .union([days(36500), z.literal("never")], { error: 'expected a number of days or "never"' })
    .optional()
    .describe("Auto-deletion of the staging buckets' objects, in days, or `never`. Default: 60."),
  public: z
    .boolean()
    .optional()
    .describe("Whether everybody may read the staging bucket, in mode `shared` the folder. Default: true."),
  labels: labels()
    .optional()
    .describe(
      "Labels of the project and its buckets, none of them empty: those of defaults.yaml, and over them those of a project. Default: none.",
    ),
  budget: z
    .union([budget, z.literal("none")], { error: 'expected a mapping with "amount", or "none"' })
    .optional()
    .describe("Monthly budget of the project, or `none`. Default: none."),
  contacts: z
    .array(email())
    .optional()
    .describe(
      "Essential contacts of the project: those of defaults.yaml and of a project. The budget tells the first five by address. Default: none.",
    ),
  registry: z
    .union([registry, z.literal("none")], { error: 'expected a mapping, or "none"' })
    .optional()
    .describe("Artifact Registry repository of the project, or `none`. Default: none."),
  iam: grants()
    .optional()
    .describe(
      "Further roles on the project, each with its principals: those of defaults.yaml and of a project. Default: none.",
    ),
  "iam-on": iamOn
    .optional()
    .describe("Further roles on single things of the project, beside what everybody gets. Default: none."),
  "build-account": z
    .union([accountId(), z.literal("none")], { error: 'expected a service account id, or "none"' })
    .optional()
    .describe(
      "Account id of a service account that builds run as, made in the project; in mode `shared` the staging name is appended. `none`: builds run as the account that Google or the builder chooses. Default: none; `artifacts onboard` gives new projects one.",
    ),
  "shared-project": projectId().optional().describe("In mode `shared`: the id of the project that is shared."),
} as const;

/** What a subproject without a project of its own can't decide. */
const NOT_SHARED = [
  "bucket",
  "gcb-bucket",
  "location",
  "gcb-location",
  "services",
  "viewers",
  "delete-after-days",
  "labels",
  "budget",
  "contacts",
  "iam",
  "release",
] as const;

const projectKeys = z.strictObject({
  managed_by: text().optional().describe("Who manages this project. Wins over the type's `managed_by`."),
  ...stagingFields,
  bucket: bucketName().optional().describe("The bucket for release candidates. Default: the project id."),
  "gcb-bucket": bucketName().optional().describe("The bucket of Cloud Build. Default: the bucket's name with `-gcb`."),
  group: email()
    .optional()
    .describe("Address of the group that may push. Default: the group prefix, the staging name and the domain."),
  release: z.boolean().optional().describe("Whether release viewers may look into the project. Default: false."),
  location: location()
    .optional()
    .describe("Where the project's buckets are kept, for one that lies elsewhere. Default: the estate's location."),
  "gcb-location": location().optional().describe("Where the bucket of Cloud Build is kept. Default: `location`."),
  mode: z
    .enum(["project", "shared"])
    .optional()
    .describe(
      "`project`: a project of its own. `shared`: a prefix and a repository in a shared project. Default: project.",
    ),
  retired: retirement.optional().describe("Declares that the project is retired: the only way in which it may leave."),
});

/** The block of a project of infra.yaml that we manage. Every key may be left out. */
export const projectBlock = projectKeys.superRefine((block, ctx) => {
  for (const { path, message, repair = "Remove the key." } of withoutEffect(block)) {
    ctx.addIssue({ code: "custom", message, path: [...path], params: { rule: "project/shared", repair } });
  }
});

interface WithoutEffect {
  readonly path: readonly string[];
  readonly message: string;
  readonly repair?: string;
}

/** Keys that would be ignored in silence, as a project has its mode. */
function withoutEffect(block: z.output<typeof projectKeys>): readonly WithoutEffect[] {
  if (block.mode !== "shared") {
    if (block["shared-project"] === undefined) return [];
    const message = "this would have no effect without mode shared: the project would be one of its own";
    return [{ path: ["shared-project"], message, repair: 'Add "mode: shared", or remove the key.' }];
  }
  const { "iam-on": iamOn = {} } = block;
  return [
    ...(["bucket", "gcb-bucket"] as const)
      .filter((key) => iamOn[key] !== undefined)
      .map((key) => ({
        path: ["iam-on", key],
        message: "this would have no effect in mode shared: the bucket is the shared project's",
      })),
    ...NOT_SHARED.filter((key) => block[key] !== undefined).map((key) => ({
      path: [key],
      message: key.endsWith("bucket")
        ? "a project of mode shared has no bucket of its own, it uses the shared project's"
        : "this would have no effect in mode shared: it is decided for the shared project as a whole",
    })),
  ];
}

export type ProjectBlockYaml = z.output<typeof projectBlock>;
