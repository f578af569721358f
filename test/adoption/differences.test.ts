import { planAdoption } from "../../lib/adoption/plan-adoption";
import type { ObservedBucket } from "../../lib/cloud/observed";
import { principalKey } from "../../lib/model/address-keys";
import { cloud, recipeOf } from "./cloud";

const recipe = recipeOf("lathe");
const project = async () => ({ number: "42", isActive: true });
const COMPUTE = "serviceAccount:42-compute@developer.gserviceaccount.com";

const asDeclared: ObservedBucket = {
  projectNumber: "42",
  location: "US",
  isUniform: true,
  isKeptPrivate: false,
  deleteAfterDays: [60],
};

/** What adopting tells when the bucket for candidates is like this. */
function planWith(found: Partial<ObservedBucket>) {
  const name = recipe.buckets[0]?.name;
  return planAdoption(
    recipe,
    cloud({
      project,
      bucket: async (asked) =>
        asked === name ? { ...asDeclared, logsBucket: "oss-access-logs", ...found } : undefined,
    }),
  );
}

test("says that Google's default accounts lose every role, which a deploy takes from them", async () => {
  const plan = await planAdoption(
    recipe,
    cloud({
      project,
      projectPolicy: async () => ({
        grants: [
          { role: "roles/editor", members: [COMPUTE, "user:founder@example.org"] },
          { role: "roles/logging.logWriter", members: [COMPUTE] },
        ],
        conditional: [],
      }),
    }),
  );

  expect(plan.changes).toEqual([
    expect.stringContaining(`${COMPUTE}: loses roles/editor on the project`),
    expect.stringContaining(`${COMPUTE}: loses roles/logging.logWriter on the project`),
  ]);
  expect(plan.foreignGrants).toEqual(["roles/editor user:founder@example.org"]);
});

test("leaves out what Google gives its agents by itself, and no other role of theirs or of other projects' agents", async () => {
  const grants = [
    { role: "roles/cloudbuild.builds.builder", members: ["42@cloudbuild", "43@cloudbuild"] },
    { role: "roles/editor", members: ["42@cloudservices", "43@cloudservices"] },
    { role: "roles/cloudkms.cryptoKeyDecrypter", members: ["42@cloudbuild"] },
    { role: "roles/containerregistry.ServiceAgent", members: ["service-42@containerregistry.iam"] },
    { role: "roles/pubsub.serviceAgent", members: ["service-42@gcp-sa-pubsub.iam", "service-43@gcp-sa-pubsub.iam"] },
    { role: "roles/storage.admin", members: ["service-42@gcp-sa-pubsub.iam"] },
  ].map(({ role, members }) => ({
    role,
    members: members.map((each) => `serviceAccount:${each}.gserviceaccount.com`),
  }));
  const plan = await planAdoption(recipe, cloud({ project, projectPolicy: async () => ({ grants, conditional: [] }) }));

  expect(plan.foreignGrants).toEqual([
    "roles/cloudbuild.builds.builder serviceAccount:43@cloudbuild.gserviceaccount.com",
    "roles/cloudkms.cryptoKeyDecrypter serviceAccount:42@cloudbuild.gserviceaccount.com",
    "roles/editor serviceAccount:43@cloudservices.gserviceaccount.com",
    "roles/pubsub.serviceAgent serviceAccount:service-43@gcp-sa-pubsub.iam.gserviceaccount.com",
    "roles/storage.admin serviceAccount:service-42@gcp-sa-pubsub.iam.gserviceaccount.com",
  ]);
});

test("grants anew what is declared for a default account, which loses it first", async () => {
  const grant = { key: "logging_logWriter__compute", role: "roles/logging.logWriter", member: COMPUTE };
  const plan = await planAdoption(
    { ...recipe, grants: [grant] },
    cloud({
      project,
      projectPolicy: async () => ({ grants: [{ role: grant.role, members: [COMPUTE] }], conditional: [] }),
    }),
  );

  expect(plan.toCreate).toContain("google_project_iam_member.logging_logWriter__compute");
});

test("names who holds what under a condition, on the project and on buckets", async () => {
  const conditional = [{ role: "roles/editor", members: ["user:temp@example.org"], condition: "until 2030" }];
  const plan = await planAdoption(
    recipe,
    cloud({
      project,
      projectPolicy: async () => ({ grants: [], conditional }),
      bucket: async () => asDeclared,
      bucketPolicy: async () => ({ grants: [], conditional }),
    }),
  );

  expect(plan.foreignGrants).toEqual(['roles/editor user:temp@example.org (under the condition "until 2030")']);
  expect(plan.policies[0]?.conditional).toEqual([
    { role: "roles/editor", member: "user:temp@example.org", condition: "until 2030" },
  ]);
});

test("names buckets, accounts and APIs that nobody declares: they stay", async () => {
  const [candidates] = recipe.buckets;
  const plan = await planAdoption(
    recipe,
    cloud({
      project,
      services: async () => new Set(["cloudbuild.googleapis.com", "containerregistry.googleapis.com"]),
      buckets: async () => [candidates?.name ?? "", "artifacts.oss-staging-lathe.appspot.com"],
      serviceAccounts: async () => ["signer@oss-staging-lathe.iam.gserviceaccount.com"],
    }),
  );

  expect(plan.undeclared).toEqual([
    "gs://artifacts.oss-staging-lathe.appspot.com",
    "signer@oss-staging-lathe.iam.gserviceaccount.com",
    "APIs that are enabled in oss-staging-lathe: containerregistry.googleapis.com",
  ]);
});

test.each([
  { found: {}, says: [] },
  { found: { foreignSettings: ["its CORS rules"] }, says: ["loses its CORS rules"] },
  { found: { retentionSeconds: 86_400 }, says: ["objects are kept for 0 days, now for 1 day"] },
  { found: { isKeptPrivate: true }, says: ["public access is not forbidden any more"] },
  { found: { labels: new Map([["foundation", "oss"]]) }, says: [] },
  { found: { labels: new Map([["sig", "build"]]) }, says: ["is labelled foundation=oss, now without"] },
  { found: { storageClass: "NEARLINE" }, says: ["new objects get the class STANDARD, now NEARLINE"] },
  { found: { logsBucket: "elsewhere" }, says: ["access logs go to oss-access-logs, now elsewhere"] },
  { found: { logsPrefix: "old" }, says: ["access logs are called oss-staging-lathe, now old"] },
])("tells what a bucket with $found loses", async ({ found, says }) => {
  expect((await planWith(found)).changes).toEqual(says.map((each) => expect.stringContaining(each)));
});

test("names versioning that nobody declares: it stays", async () => {
  expect(await planWith({ isVersioned: true })).toMatchObject({
    changes: [],
    undeclared: ["versioning of gs://oss-staging-lathe"],
  });
});

test.each([
  { account: recipe.project.billingAccount, changes: [], unseen: [] },
  { account: "0A1B2C-3D4E5F-678901", changes: [expect.stringContaining("now from 0A1B2C-3D4E5F-678901")], unseen: [] },
  { account: "", changes: [expect.stringContaining("now from none")], unseen: [] },
  { account: undefined, changes: [], unseen: ["oss-staging-lathe: its billing account"] },
])("tells what becomes of the billing account $account", async ({ account, changes, unseen }) => {
  const plan = await planAdoption(recipe, cloud({ project, billingAccount: async () => account }));

  expect(plan).toMatchObject({ changes, unseen });
});

test("tells what becomes of a project's name, labels and contacts, and whose liens stay", async () => {
  const labels = { sig: "release", tier: "gold" };
  const contacts = ["leads@example.org"];
  const plan = await planAdoption(
    { ...recipe, project: { ...recipe.project, labels, contacts } },
    cloud({
      project: async () => ({
        ...(await project()),
        name: "Lathe staging",
        labels: new Map([
          ["sig", "build"],
          ["theirs", "stays"],
        ]),
      }),
      contacts: async () => [
        { name: "projects/42/contacts/1", email: "leads@example.org", language: "de", categories: ["TECHNICAL"] },
      ],
      liens: async () => [
        { name: "p42-l1", origin: "artifacts" },
        { name: "p42-l2", origin: "by-hand" },
      ],
    }),
  );

  expect(plan.changes).toEqual([
    'oss-staging-lathe: is displayed as "oss-staging-lathe", now as "Lathe staging"',
    "oss-staging-lathe: is labelled sig=release, tier=gold, now sig=build",
    "leads@example.org: is told of oss-staging-lathe in en-US, now in de",
    "leads@example.org: is told of oss-staging-lathe about ALL, now about TECHNICAL",
  ]);
  expect(plan.imports).toMatchObject({
    "google_resource_manager_lien.deletion": "42/p42-l1",
    [`google_essential_contacts_contact.${principalKey("leads@example.org")}`]: "projects/42/contacts/1",
  });
  expect(plan.undeclared).toEqual([expect.stringContaining("the lien of by-hand on oss-staging-lathe")]);
});

describe("a budget and the channels that it tells", () => {
  const email = "leads@example.org";
  const watched = {
    ...recipe,
    project: { ...recipe.project, contacts: [email], budget: { amount: 100, alertAt: [1] } },
  };
  const budget = { name: "billingAccounts/1/budgets/b1", displayName: "oss-staging-lathe", projects: ["projects/42"] };
  const channel = { name: "projects/oss-staging-lathe/notificationChannels/1", displayName: email, email };
  const CHANNEL = `google_monitoring_notification_channel.${principalKey(email)}`;

  test("are taken over, and those of others are not", async () => {
    const plan = await planAdoption(
      watched,
      cloud({
        project,
        budgets: async () => [{ ...budget, name: "billingAccounts/1/budgets/b0", projects: ["projects/43"] }, budget],
        channels: async () => [{ ...channel, name: "on-call", displayName: "On call" }, channel],
      }),
    );

    expect(plan).toMatchObject({
      imports: { "google_billing_budget.monthly": budget.name, [CHANNEL]: channel.name },
      obstacles: [],
    });
  });

  test("are in the way where they exist twice, as none can be chosen", async () => {
    const plan = await planAdoption(
      watched,
      cloud({
        project,
        budgets: async () => [budget, { ...budget, name: "billingAccounts/1/budgets/b2" }],
        channels: async () => [channel, { ...channel, name: "projects/oss-staging-lathe/notificationChannels/2" }],
      }),
    );

    expect(plan.obstacles).toEqual([
      expect.stringContaining("the budget oss-staging-lathe: exists 2 times: billingAccounts/1/budgets/b1, "),
      expect.stringContaining("the notification channel leads@example.org: exists 2 times: "),
    ]);
    expect(plan.imports).not.toHaveProperty([CHANNEL]);
  });

  test("are said not to be seen by whoever may not look at them", async () => {
    const hidden = async () => undefined;
    const reader = cloud({ project, contacts: hidden, budgets: hidden, channels: hidden, serviceAccounts: hidden });

    expect((await planAdoption(watched, reader)).unseen).toEqual([
      "oss-staging-lathe: its billing account",
      ...["contacts", "budget", "notification channels"].map((each) => expect.stringContaining(`: its ${each}; `)),
      "oss-staging-lathe: its list of service accounts",
    ]);
  });
});

test("names the lien of somebody else while the project's own guard is lifted", async () => {
  const released = { ...recipe, project: { ...recipe.project, isGuarded: false } };
  const liens = async () => [{ name: "p42-l2", origin: "by-hand" }];
  const plan = await planAdoption(released, cloud({ project, liens }));

  expect(plan.undeclared).toEqual([expect.stringContaining("liens delete p42-l2")]);
});

test.each([
  { found: { fixedSettings: ["a hierarchical namespace"] }, says: "chosen for good when a bucket is made" },
  { found: { isRetentionLocked: true, retentionSeconds: 86_400 }, says: "Declare another bucket for it" },
  { found: { location: "EU" }, says: "Declare where it lies (location, gcb-location)" },
])("takes no bucket over that a plan would replace: $says", async ({ found, says }) => {
  const plan = await planWith(found);

  expect(plan.obstacles).toEqual([expect.stringContaining(says)]);
  expect(plan.imports).not.toHaveProperty("google_storage_bucket.staging");
});
