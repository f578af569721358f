import { sandboxPlatform } from "../../sandbox/target";
import { googleSchema, schemaProblems } from "./provider-schema";
import { sampleDefaults, sampleEstate, sampleProject } from "./sample-estate";
import { type SynthesizedStack, synthesize } from "./synth";

/** An estate in which every setting is used, so that every resource and block is written. */
const everything = sampleEstate({
  defaults: {
    ...sampleDefaults,
    serving: {
      ...sampleDefaults.serving,
      backupBucket: "oss-backup",
      backupProjectId: "oss-prod-bak",
      federatedRepositories: ["example/artifacts"],
      impersonators: { promoter: ["user:a@example.org"], planner: ["user:b@example.org"] },
      cdnDomains: ["artifacts.example.org"],
    },
  },
  staging: [
    sampleProject("full", {
      isRelease: true,
      labels: { sig: "release" },
      contacts: ["leads@example.org"],
      budget: { amount: 100, alertAt: [0.5, 1] },
      registry: { repository: "full", location: "us", format: "DOCKER", deleteAfterDays: 30 },
      iam: [{ role: "roles/pubsub.viewer", members: ["group:watchers@example.org"] }],
      buildAccountId: "builder",
    }),
    sampleProject("guest", { mode: "shared", sharedProjectId: "oss-staging-full", buildAccountId: "builder-guest" }),
    sampleProject("gone", { retired: { since: "2026-05-01", keepPublished: true, step: "shut-down" } }),
  ],
});

const { stacks } = synthesize(everything);

function problemsOf(name: string, { resource = {}, provider }: SynthesizedStack): readonly string[] {
  return [
    ...(provider.google ?? []).flatMap((block) => schemaProblems(`${name}: provider`, block, googleSchema.provider)),
    ...Object.entries(resource)
      .filter(([type]) => type.startsWith("google_"))
      .flatMap(([type, named]) =>
        Object.entries(named).flatMap(([address, value]) => {
          const schema = googleSchema.resources[type];
          return schema === undefined
            ? [`${type}: the schema fixture does not have it, run extract-schema.cjs`]
            : schemaProblems(`${name}: ${type}.${address}`, value, schema);
        }),
      ),
  ];
}

test("the schema of Google's provider 6.50.0 accepts every stack, with every setting used", () => {
  expect(Object.entries(stacks).flatMap(([name, stack]) => problemsOf(name, stack))).toEqual([]);
});

test("every type of the schema is used by some stack", () => {
  const used = new Set(Object.values(stacks).flatMap(({ resource = {} }) => Object.keys(resource)));

  expect(Object.keys(googleSchema.resources).filter((type) => !used.has(type))).toEqual([]);
});

test("the schema accepts a sandbox's provider block", () => {
  const env = {
    ARTIFACTS_SANDBOX: "http://127.0.0.1:1",
    ARTIFACTS_SANDBOX_STATE: "/s",
    GOOGLE_OAUTH_ACCESS_TOKEN: "t",
  };
  const sandbox = synthesize(everything, sandboxPlatform(env));

  expect(Object.entries(sandbox.stacks).flatMap(([name, stack]) => problemsOf(name, stack))).toEqual([]);
});

describe("the check itself", () => {
  const bucket = googleSchema.resources.google_storage_bucket!;
  const good = { name: "b", location: "US" };

  test.each([
    { mistake: "nothing", value: good, found: [] },
    { mistake: "a missing argument", value: { name: "b" }, found: ["b.location: is required"] },
    { mistake: "an unknown argument", value: { ...good, colour: "red" }, found: ["b.colour: is unknown"] },
    {
      mistake: "a computed attribute",
      value: { ...good, url: "gs://b" },
      found: ["b.url: is decided by the provider"],
    },
    { mistake: "another type", value: { ...good, force_destroy: "no" }, found: ['b.force_destroy: expected "bool"'] },
    {
      mistake: "a block too many",
      value: { ...good, versioning: [{ enabled: true }, { enabled: true }] },
      found: ["b.versioning: at most 1"],
    },
    {
      mistake: "a block without its argument",
      value: { ...good, versioning: {} },
      found: ["b.versioning[0].enabled: is required"],
    },
  ])("finds $mistake", ({ value, found }) => {
    expect(schemaProblems("b", value, bucket)).toEqual(found);
  });
});

/**
 * Defaults of 6.50 that provider 7 changed, or on which the safety of an estate hangs. Where a stack left them out, an
 * upgrade would change what they mean.
 */
test.each([
  { type: "google_project_service", argument: "disable_on_destroy", value: false },
  { type: "google_project_service", argument: "disable_dependent_services", value: false },
  { type: "google_project", argument: "auto_create_network", value: true },
  { type: "google_project", argument: "deletion_policy", value: "PREVENT" },
  { type: "google_project_default_service_accounts", argument: "restore_policy", value: "NONE" },
  { type: "google_storage_bucket", argument: "force_destroy", value: false },
  { type: "google_storage_bucket", argument: "storage_class", value: "STANDARD" },
  { type: "google_storage_bucket", argument: "uniform_bucket_level_access", value: true },
  { type: "google_storage_bucket_object", argument: "deletion_policy", value: "ABANDON" },
  { type: "google_storage_managed_folder", argument: "force_destroy", value: false },
  { type: "google_artifact_registry_repository", argument: "mode", value: "STANDARD_REPOSITORY" },
  { type: "google_artifact_registry_repository", argument: "cleanup_policy_dry_run", value: false },
  { type: "google_service_account", argument: "disabled", value: false },
  { type: "google_service_account", argument: "create_ignore_already_exists", value: false },
  { type: "google_iam_workload_identity_pool", argument: "disabled", value: false },
])("$type writes $argument out", ({ type, argument, value }) => {
  const all = Object.values(stacks).flatMap(({ resource = {} }) => Object.values(resource[type] ?? {}));

  expect(all.length).toBeGreaterThan(0);
  for (const resource of all) expect(resource[argument]).toEqual(value);
});

test("arguments that provider 7 no longer computes are written out or not used", () => {
  const budgets = Object.values(stacks).flatMap(({ resource = {} }) =>
    Object.values(resource.google_billing_budget ?? {}),
  );

  expect(budgets).toHaveLength(1);
  for (const { budget_filter } of budgets) {
    expect(budget_filter).toEqual({
      calendar_period: "MONTH",
      credit_types_treatment: "INCLUDE_ALL_CREDITS",
      projects: [expect.stringMatching(/^projects\//)],
    });
  }
});
