import type { StagingProject } from "../../lib/model/projects";
import { sampleDirectory, sampleEstate, sampleFilestore, sampleProject } from "./sample-estate";
import { addresses, bindingsOf, type SynthesizedStack, synthesize } from "./synth";

const TEAM = "group:oss-infra-staging-lathe@example.org";
const ADMINS = "group:admins@example.org";
const BUILDER = "serviceAccount:builder@oss-build.iam.gserviceaccount.com";

function stackOf(more: Partial<StagingProject> = {}): SynthesizedStack {
  const { stacks } = synthesize(sampleEstate({ staging: [sampleProject("lathe", more)] }));
  return stacks["staging-lathe"]!;
}

/** `role member` of every grant on the project. */
function projectRoles({ resource }: SynthesizedStack): readonly string[] {
  return Object.values(resource.google_project_iam_member ?? {})
    .map(({ role, member }) => `${role} ${member}`)
    .sort();
}

test("a staging project becomes this", () => {
  expect(stackOf().resource).toMatchSnapshot();
});

test("the staging bucket is public to read, open to its team, and administered by the admins", () => {
  const { resource } = stackOf();

  expect(bindingsOf(resource.google_storage_bucket_iam_policy?.staging)).toEqual({
    "roles/storage.legacyBucketOwner": [ADMINS, "projectEditor:oss-staging-lathe", "projectOwner:oss-staging-lathe"],
    "roles/storage.legacyBucketReader": ["projectViewer:oss-staging-lathe"],
    "roles/storage.legacyBucketWriter": [TEAM],
    "roles/storage.objectAdmin": [ADMINS, TEAM],
    "roles/storage.objectViewer": ["allUsers"],
  });
});

test("Cloud Build's bucket is filled by the builder as well, and is not logged", () => {
  const { resource } = stackOf();

  expect(bindingsOf(resource.google_storage_bucket_iam_policy?.gcb)).toMatchObject({
    "roles/storage.objectCreator": [BUILDER],
    "roles/storage.objectViewer": ["allUsers", BUILDER],
  });
  expect(resource.google_storage_bucket?.gcb).not.toHaveProperty("logging");
  expect(resource.google_storage_bucket?.staging).toMatchObject({
    logging: { log_bucket: "oss-access-logs", log_object_prefix: "oss-staging-lathe" },
  });
});

test("the team may look into its project and build there, the builder may build", () => {
  expect(projectRoles(stackOf())).toEqual([
    `roles/cloudbuild.builds.builder ${BUILDER}`,
    `roles/cloudbuild.builds.editor ${TEAM}`,
    `roles/serviceusage.serviceUsageConsumer ${TEAM}`,
    `roles/viewer ${ADMINS}`,
    `roles/viewer ${TEAM}`,
  ]);
});

test("special cases of one thing are added to its policy, and go with a retirement", () => {
  const cluster = "serviceAccount:build-cluster.svc.id.goog[jobs/lathe]";
  const builds = "serviceAccount:gcb-builder@oss-staging-lathe.iam.gserviceaccount.com";
  const iamOn = {
    bucket: [{ role: "roles/storage.objectCreator", members: [builds] }],
    gcbBucket: [{ role: "roles/storage.admin", members: [cluster] }],
    buildAccount: [{ role: "roles/iam.workloadIdentityUser", members: [cluster] }],
    registry: [{ role: "roles/artifactregistry.repoAdmin", members: [TEAM] }],
  };
  const special = {
    iamOn,
    buildAccountId: "gcb-builder",
    registry: { repository: "images", location: "us", format: "DOCKER" },
  };
  const policies = ({ resource }: SynthesizedStack) => [
    bindingsOf(resource.google_storage_bucket_iam_policy?.staging)["roles/storage.objectCreator"],
    bindingsOf(resource.google_storage_bucket_iam_policy?.gcb)["roles/storage.admin"],
    bindingsOf(resource.google_service_account_iam_policy?.builds)["roles/iam.workloadIdentityUser"],
    bindingsOf(resource.google_artifact_registry_repository_iam_policy?.images)["roles/artifactregistry.repoAdmin"],
  ];

  expect(policies(stackOf(special))).toEqual([[builds], [cluster], [cluster], [TEAM]]);
  const retired = { since: "2026-05-01", keepPublished: true };
  expect(policies(stackOf({ ...special, retired }))).toEqual([undefined, undefined, undefined, undefined]);
});

test("buckets that lie elsewhere are declared where they lie", () => {
  const locations = (more: Partial<StagingProject>) => {
    const { staging, gcb } = stackOf(more).resource.google_storage_bucket ?? {};
    return [staging?.location, gcb?.location];
  };

  expect(locations({})).toEqual(["US", "US"]);
  expect(locations({ location: "EU" })).toEqual(["EU", "EU"]);
  expect(locations({ gcbLocation: "europe-west1" })).toEqual(["US", "europe-west1"]);
});

test("release viewers may look into a release project only", () => {
  const grant = "roles/viewer group:release-viewers@example.org";

  expect(projectRoles(stackOf({ isRelease: true }))).toContain(grant);
  expect(projectRoles(stackOf({ isRelease: false }))).not.toContain(grant);
});

test("a role keeps its address when one of the reasons for it goes", () => {
  const build = "serviceAccount:builder@oss-staging-lathe.iam.gserviceaccount.com";
  const declared = stackOf({
    viewers: [TEAM, ADMINS, "group:release-viewers@example.org"],
    iam: [{ role: "roles/cloudbuild.builds.builder", members: [BUILDER, build] }],
  });
  const withReasons = stackOf({ isRelease: true, buildAccountId: "builder" });

  const keys = ({ resource }: SynthesizedStack) =>
    Object.fromEntries(
      Object.entries(resource.google_project_iam_member ?? {}).map(([key, { role, member }]) => [
        `${role} ${member}`,
        key,
      ]),
    );
  expect(keys(withReasons)).toEqual(keys(declared));
});

test("additional writers, viewers and roles are granted what they are named for", () => {
  const stack = stackOf({
    writers: ["serviceAccount:ci@oss-build.iam.gserviceaccount.com"],
    viewers: ["user:Auditor@Example.org"],
    iam: [{ role: "roles/pubsub.viewer", members: ["group:watchers@example.org"] }],
  });

  expect(bindingsOf(stack.resource.google_storage_bucket_iam_policy?.staging)).toMatchObject({
    "roles/storage.objectAdmin": [ADMINS, TEAM, "serviceAccount:ci@oss-build.iam.gserviceaccount.com"],
  });
  expect(projectRoles(stack)).toEqual(
    expect.arrayContaining(["roles/viewer user:auditor@example.org", "roles/pubsub.viewer group:watchers@example.org"]),
  );
});

test("a private project is read by those who promote from it and plan, not by everybody", () => {
  const { resource } = stackOf({ isPublic: false });

  expect(resource.google_storage_bucket?.staging).toMatchObject({ public_access_prevention: "enforced" });
  expect(bindingsOf(resource.google_storage_bucket_iam_policy?.staging)["roles/storage.objectViewer"]).toEqual([
    "serviceAccount:planner@oss-prod.iam.gserviceaccount.com",
    "serviceAccount:promoter@oss-prod.iam.gserviceaccount.com",
  ]);
  expect(JSON.stringify(resource)).not.toContain("allUsers");
});

test("an account that promotes into a staging bucket may add objects there and replace none", () => {
  const promoter = { serviceAccount: "promoter@oss-prod.iam.gserviceaccount.com" };
  const filestores = [sampleDirectory("lathe", [sampleFilestore("gs://oss-staging-loom/from-lathe/", promoter)])];
  const { stacks } = synthesize(
    sampleEstate({ staging: [sampleProject("lathe"), sampleProject("loom")], filestores, manifests: [] }),
  );

  const policy = bindingsOf(stacks["staging-loom"]?.resource.google_storage_bucket_iam_policy?.staging);
  expect(policy["roles/storage.objectCreator"]).toEqual(["serviceAccount:promoter@oss-prod.iam.gserviceaccount.com"]);
  expect(policy["roles/storage.objectAdmin"]).not.toContain("serviceAccount:promoter@oss-prod.iam.gserviceaccount.com");
});

test("auto-deletion follows the setting, and nothing is deleted without one", () => {
  expect(stackOf({ deleteAfterDays: 7 }).resource.google_storage_bucket?.staging).toMatchObject({
    lifecycle_rule: [{ action: { type: "Delete" }, condition: { age: 7 } }],
  });
  const { deleteAfterDays: _, ...forever } = sampleProject("lathe");
  const { stacks } = synthesize(sampleEstate({ staging: [forever] }));
  expect(stacks["staging-lathe"]?.resource.google_storage_bucket?.staging).not.toHaveProperty("lifecycle_rule");
});

test("a registry, a budget and contacts bring the services they need", () => {
  const { resource } = stackOf({
    registry: { repository: "lathe", location: "us", format: "DOCKER", deleteAfterDays: 30 },
    budget: { amount: 200, alertAt: [1, 0.5] },
    contacts: ["lathe-leads@example.org"],
  });

  expect(Object.keys(resource.google_project_service ?? {})).toEqual([
    "artifactregistry",
    "cloudbuild",
    "essentialcontacts",
    "monitoring",
    "storage-api",
  ]);
  expect(resource.google_artifact_registry_repository?.lathe).toMatchObject({
    cleanup_policies: [{ action: "DELETE", condition: { older_than: "2592000s" } }],
    vulnerability_scanning_config: { enablement_config: "DISABLED" },
  });
  expect(bindingsOf(resource.google_artifact_registry_repository_iam_policy?.lathe)).toEqual({
    "roles/artifactregistry.admin": [ADMINS],
    "roles/artifactregistry.reader": ["allUsers"],
    "roles/artifactregistry.writer": [TEAM, BUILDER],
  });
  expect(resource.google_billing_budget?.monthly).toMatchObject({
    amount: { specified_amount: { units: "200" } },
    threshold_rules: [{ threshold_percent: 0.5 }, { threshold_percent: 1 }],
  });
});

test("text that Terraform would evaluate stays text", () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: the text that is looked for
  const stack = stackOf({ viewers: ["user:${google_project.project.number}@example.org"] });

  expect(projectRoles(stack)).toContain("roles/viewer user:$${google_project.project.number}@example.org");
});

describe("an account that builds run as", () => {
  const account = "serviceAccount:builder@oss-staging-lathe.iam.gserviceaccount.com";

  test("has the rights of Google's former one, and whoever may start builds may act as it", () => {
    const stack = stackOf({ buildAccountId: "builder" });

    expect(projectRoles(stack)).toContain(`roles/cloudbuild.builds.builder ${account}`);
    expect(bindingsOf(stack.resource.google_service_account_iam_policy?.builds)).toEqual({
      "roles/iam.serviceAccountUser": [TEAM, BUILDER],
    });
    expect(bindingsOf(stack.resource.google_storage_bucket_iam_policy?.gcb)).toMatchObject({
      "roles/storage.objectCreator": [BUILDER, account],
    });
    expect(stack.resource.google_project_service?.iam).toMatchObject({ service: "iam.googleapis.com" });
  });

  test("stands before any policy that names it", () => {
    const { resource } = stackOf({ buildAccountId: "builder" });

    for (const type of ["google_storage_bucket_iam_policy", "google_project_iam_member"])
      for (const { depends_on } of Object.values(resource[type] ?? {}))
        expect(depends_on).toContain("google_service_account.builds");
  });

  test("is left without rights by a retirement, and stays", () => {
    const stack = stackOf({ buildAccountId: "builder", retired: { since: "2026-05-01", keepPublished: true } });

    expect(JSON.stringify(stack.resource.google_storage_bucket_iam_policy)).not.toContain(account);
    expect(projectRoles(stack)).toEqual([`roles/viewer ${ADMINS}`]);
    expect(stack.resource.google_service_account?.builds).toBeDefined();
    expect(bindingsOf(stack.resource.google_service_account_iam_policy?.builds)).toEqual({});
  });

  test("is made for nobody who did not ask: a project without it stays as it was", () => {
    expect(stackOf().resource).not.toHaveProperty("google_service_account");
  });
});

describe("a shared project", () => {
  const shared = sampleProject("common");
  const member = sampleProject("lathe", { mode: "shared", sharedProjectId: "oss-staging-common" });
  const { stacks, dependencies } = synthesize(sampleEstate({ staging: [shared, member] }));

  test("gives each team a folder of the bucket, and no role on the project", () => {
    const { resource = {} } = stacks["staging-lathe"]!;

    expect(addresses(stacks["staging-lathe"]!)).toEqual([
      "google_storage_managed_folder.staging",
      "google_storage_managed_folder_iam_policy.staging",
    ]);
    expect(resource.google_storage_managed_folder?.staging).toMatchObject({
      bucket: "oss-staging-common",
      name: "lathe/",
    });
    expect(bindingsOf(resource.google_storage_managed_folder_iam_policy?.staging)).toEqual({
      "roles/storage.objectAdmin": [TEAM],
      "roles/storage.objectViewer": ["allUsers"],
    });
    expect(JSON.stringify(stacks["staging-common"])).not.toContain(TEAM);
  });

  test("lets builds of a team reach that team's things only, and the build infrastructure start them", () => {
    const guest = sampleProject("lathe", {
      mode: "shared",
      sharedProjectId: "oss-staging-common",
      bucket: "oss-staging-common",
      gcbBucket: "oss-staging-common-gcb",
      buildAccountId: "builder-lathe",
      registry: { repository: "lathe", location: "us", format: "DOCKER" },
    });
    const stack = synthesize(sampleEstate({ staging: [shared, guest] })).stacks["staging-lathe"]!;
    const account = "serviceAccount:builder-lathe@oss-staging-common.iam.gserviceaccount.com";

    expect(projectRoles(stack)).toEqual([`roles/logging.logWriter ${account}`]);
    expect(bindingsOf(stack.resource.google_storage_managed_folder_iam_policy?.staging)).toEqual({
      "roles/storage.objectAdmin": [TEAM],
      "roles/storage.objectCreator": [account],
      "roles/storage.objectViewer": ["allUsers", account],
    });
    expect(stack.resource.google_storage_managed_folder?.sources).toMatchObject({
      bucket: "oss-staging-common-gcb",
      name: "lathe/",
    });
    expect(bindingsOf(stack.resource.google_storage_managed_folder_iam_policy?.sources)).toEqual({
      "roles/storage.objectViewer": [account],
    });
    expect(bindingsOf(stack.resource.google_artifact_registry_repository_iam_policy?.lathe)).toMatchObject({
      "roles/artifactregistry.writer": [TEAM, account, BUILDER],
    });
    expect(bindingsOf(stack.resource.google_service_account_iam_policy?.builds)).toEqual({
      "roles/iam.serviceAccountUser": [BUILDER],
    });
  });

  test("is private with a guest that is public: the guest's folder is open, nothing else", () => {
    const common = sampleProject("common", { isPublic: false });
    const { resource } = synthesize(sampleEstate({ staging: [common, member] })).stacks["staging-common"]!;

    expect(resource.google_storage_bucket).toMatchObject({
      staging: { public_access_prevention: "inherited" },
      gcb: { public_access_prevention: "enforced" },
    });
    expect(JSON.stringify(resource)).not.toContain("allUsers");
  });

  test.each([{ guest: { isPublic: false } }, { guest: { retired: { since: "2026-05-01", keepPublished: true } } }])(
    "forbids public access when it is private and no guest is public: $guest",
    ({ guest }) => {
      const common = sampleProject("common", { isPublic: false });
      const { resource } = synthesize(sampleEstate({ staging: [common, { ...member, ...guest }] })).stacks[
        "staging-common"
      ]!;

      expect(resource.google_storage_bucket?.staging).toMatchObject({ public_access_prevention: "enforced" });
    },
  );

  test("comes before those who share it", () => {
    expect(dependencies["staging-lathe"]).toContain("staging-common");
  });
});
