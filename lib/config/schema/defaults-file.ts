import { z } from "zod";
import { stagingFields } from "./project-block";
import {
  accountId,
  billingAccount,
  bucketName,
  domain,
  email,
  location,
  principal,
  projectId,
  serviceAccount,
} from "./scalars";

const days = (most: number) => z.number().int().min(0).max(most);
// Google's provider takes 1 to 2,147,483,647 seconds.
const retention = z
  .number()
  .positive()
  .max(24_855)
  .refine((value) => Number.isInteger(value * 86_400), "expected days that make whole seconds, such as 3650 or 3652.5");
const numericId = z.string().regex(/^\d{4,20}$/, "expected a numeric id of 4 to 20 digits");
const url = z.string().superRefine((value, ctx) => {
  if (/^https:\/\/[a-z0-9.-]+(:\d+)?(\/[\w.~-]+)*$/i.test(value)) return;
  const message = `expected an https URL without a slash at its end, found ${JSON.stringify(value)}`;
  ctx.addIssue({ code: "custom", message, params: { rule: "defaults/url" } });
});

const servingFields = z.strictObject({
  project: projectId().describe("The production project."),
  bucket: bucketName().describe("The production bucket."),
  "backup-bucket": bucketName().optional().describe("A second bucket that keeps a copy. Default: none."),
  "backup-project": projectId()
    .optional()
    .describe(
      "A project of its own for the backup bucket, so that who rules the production project does not rule the backup. Default: the production project.",
    ),
  location: location().optional().describe("Where the production bucket is kept. Default: the estate's location."),
  "retention-days": retention
    .optional()
    .describe("Shortest time a published object is kept, at most 24855. `10y` of gsutil is 3652.5. Default: 3650."),
  "retention-locked": z
    .boolean()
    .optional()
    .describe(
      "Whether the retention of the production bucket and of the backup bucket, one that is made later too, is locked, which nobody can undo: not us, not Google. Default: false.",
    ),
  "soft-delete-days": days(90)
    .refine((value) => value === 0 || value >= 7, "Cloud Storage takes 0, or 7 to 90 days")
    .optional()
    .describe("How long a deleted object can be restored: 0 for not at all, else 7 to 90. Default: 7."),
  "public-urls": z
    .array(url)
    .min(1)
    .optional()
    .describe(
      "URL prefixes under which the bucket is served, the first is printed. Default: `https://storage.googleapis.com/BUCKET`.",
    ),
  "promoter-account": accountId().optional().describe("Account id of the promoter. Default: artifacts-promoter."),
  "planner-account": accountId()
    .optional()
    .describe("Account id of the read-only planner. Default: artifacts-planner."),
  "federated-repositories": z
    .array(z.string().regex(/^[\w.-]+\/[\w.-]+$/, "expected OWNER/NAME"))
    .refine(
      (names) => names.join("', '").length <= 4000,
      "these names are longer than Google's condition may be (4,096 characters)",
    )
    .optional()
    .describe("GitHub repositories whose jobs may act as promoter and planner. Default: none."),
  impersonators: z
    .strictObject({
      promoter: z.array(principal()).optional().describe("Principals that may act as the promoter. Default: none."),
      planner: z.array(principal()).optional().describe("Principals that may act as the planner. Default: none."),
    })
    .optional()
    .describe("Principals of CI that may ask for tokens of the promoter and the planner. Default: nobody."),
  "cdn-domains": z
    .array(domain())
    .max(15)
    .refine((names) => new Set(names.map((name) => name.toLowerCase())).size === names.length, "a name is listed twice")
    .optional()
    .describe("Domain names of an HTTPS load balancer with CDN. Default: none."),
  existing: z
    .array(z.enum(["project", "logs-bucket", "backup-bucket", "backup-project", "index-page"]))
    .optional()
    .describe(
      "Parts that something else made, or looks after from now on: they are used, never created, changed or destroyed. What `serving` made of them leaves its state. Default: none.",
    ),
});

const serving = servingFields.superRefine((block, ctx) => {
  const refuse = (key: string, message: string, repair: string) =>
    ctx.addIssue({ code: "custom", message, path: [key], params: { rule: "defaults/backup", repair } });
  if (block["backup-project"] !== undefined && block["backup-bucket"] === undefined) {
    refuse(
      "backup-project",
      "there is no backup bucket to be in it",
      'Name one with "backup-bucket", or remove the key.',
    );
  }
  for (const part of ["backup-bucket", "backup-project"] as const) {
    if (!block.existing?.includes(part) || block[part] !== undefined) continue;
    refuse("existing", `"${part}" is not named`, `Name it with "${part}", or leave it out of this list.`);
  }
});

/** Schema of `infra/gcp/defaults.yaml`: what holds for the whole estate. */
export const defaultsFile = z
  .strictObject({
    "managed-by": z
      .string()
      .min(1)
      .optional()
      .describe("The `managed_by` that makes a project ours. Default: stacks/staging.ts."),
    organization: numericId.optional().describe("Numeric organization id. Either this or `folder`."),
    folder: numericId.optional().describe("Numeric folder id. Either this or `organization`."),
    "billing-account": billingAccount().describe("The billing account that new projects are linked to."),
    location: location().optional().describe("Where buckets are kept. Default: US."),
    "state-bucket": bucketName().describe("The bucket that holds Terraform state."),
    domain: domain().describe("Domain of the Google Groups."),
    "staging-prefix": z
      .string()
      .regex(/^[a-z][a-z0-9-]*-$/, 'expected lower-case letters, digits and hyphens, ending with "-"')
      .max(20)
      .optional()
      .describe("What every staging project's id begins with. Default: k8s-staging-."),
    "group-prefix": z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]*-$/, 'expected lower-case letters, digits and hyphens, ending with "-"')
      .optional()
      .describe("What every staging group's address begins with. Default: k8s-infra-staging-."),
    "admin-groups": z.array(email()).min(1).describe("Groups that administer buckets."),
    "release-viewers-group": email().describe("The group that may look into release projects."),
    "logs-bucket": bucketName().describe("The bucket that receives access logs."),
    "gcb-builder-service-account": serviceAccount()
      .optional()
      .describe("Account of the build infrastructure that starts Cloud Build in the staging projects. Default: none."),
    "promoter-service-accounts": z
      .array(serviceAccount())
      .min(1)
      .describe("Service accounts that a filestore may name."),
    serving: serving.describe("The production side: where published files live."),
    staging: z
      .strictObject(stagingFields)
      .optional()
      .describe("What each staging project gets unless its block says otherwise."),
  })
  .superRefine(
    (file, ctx) => {
      // Runs whatever else is missing, so that one round of repairs is enough.
      if (typeof file !== "object" || file === null) return;
      if ((file.organization === undefined) === (file.folder === undefined)) {
        const message = `exactly one of "organization" and "folder" is needed, found ${file.folder === undefined ? "none" : "both"}`;
        ctx.addIssue({
          code: "custom",
          message,
          params: { rule: "defaults/parent", repair: "Write the numeric id of one of the two." },
        });
      }
    },
    { when: () => true },
  );

export type DefaultsYaml = z.output<typeof defaultsFile>;
