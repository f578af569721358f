import type { Serving } from "../../lib/model/defaults";
import { sampleDefaults, sampleEstate } from "./sample-estate";
import { addresses, bindingsOf, type SynthesizedStack, synthesize } from "./synth";

const PROMOTER = "serviceAccount:promoter@oss-prod.iam.gserviceaccount.com";

function serving(more: Partial<Serving> = {}): SynthesizedStack {
  const defaults = { ...sampleDefaults, serving: { ...sampleDefaults.serving, ...more } };
  const { stacks } = synthesize(sampleEstate({ defaults, staging: [], filestores: [], manifests: [] }));
  return stacks.serving!;
}

test("the production side becomes this", () => {
  expect(serving().resource).toMatchSnapshot();
});

test("promoters add to the production bucket; only administrators hold a role that replaces or deletes", () => {
  expect(bindingsOf(serving().resource.google_storage_bucket_iam_policy?.production)).toEqual({
    "roles/storage.legacyBucketOwner": ["group:admins@example.org", "projectOwner:oss-prod"],
    "roles/storage.legacyBucketReader": ["projectViewer:oss-prod"],
    "roles/storage.objectAdmin": ["group:admins@example.org"],
    "roles/storage.objectCreator": [PROMOTER],
    "roles/storage.objectViewer": ["allUsers", PROMOTER],
  });
});

test("every account that a filestore may name may publish", () => {
  const promoterServiceAccounts = [
    "promoter@oss-prod.iam.gserviceaccount.com",
    "older@oss-prod.iam.gserviceaccount.com",
  ];
  const { stacks } = synthesize(sampleEstate({ defaults: { ...sampleDefaults, promoterServiceAccounts } }));

  const policy = bindingsOf(stacks.serving?.resource.google_storage_bucket_iam_policy?.production);
  expect(policy["roles/storage.objectCreator"]).toEqual([
    "serviceAccount:older@oss-prod.iam.gserviceaccount.com",
    PROMOTER,
  ]);
});

test("a published object is kept for its retention, can't become an old version, and can be restored", () => {
  expect(serving().resource.google_storage_bucket?.production).toMatchObject({
    retention_policy: { retention_period: 315_360_000, is_locked: false },
    versioning: { enabled: false },
    soft_delete_policy: { retention_duration_seconds: 2_592_000 },
    uniform_bucket_level_access: true,
    website: { main_page_suffix: "index.html" },
  });
});

test("the planner reads the project and writes nothing", () => {
  const grants = Object.values(serving().resource.google_project_iam_member ?? {});
  const roles = grants.filter(({ member }) => String(member).includes("planner@")).map(({ role }) => role);

  expect(roles.sort()).toEqual(["roles/iam.securityReviewer", "roles/viewer"]);
});

test("only named principals get tokens of the promoter", () => {
  const deployer = "serviceAccount:deployer@oss-build.iam.gserviceaccount.com";
  const { resource } = serving({ impersonators: { promoter: [deployer], planner: [] } });

  expect(bindingsOf(resource.google_service_account_iam_policy?.promoter)).toEqual({
    "roles/iam.serviceAccountTokenCreator": [deployer],
  });
  expect(bindingsOf(resource.google_service_account_iam_policy?.planner)).toEqual({});
});

test("a cluster's workload acts as the promoter by trading its own token, and can sign nothing", () => {
  const inCluster = "serviceAccount:build-cluster.svc.id.goog[jobs/promoter]";
  const pool = "principal://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/p/subject/s";
  const { resource } = serving({ impersonators: { promoter: [inCluster, pool], planner: [] } });

  expect(bindingsOf(resource.google_service_account_iam_policy?.promoter)).toEqual({
    "roles/iam.workloadIdentityUser": [pool, inCluster],
  });
});

test("a retention that is locked is declared, and one of gsutil's years is kept to the second", () => {
  expect(
    serving({ retentionDays: 3652.5, isRetentionLocked: true }).resource.google_storage_bucket?.production,
  ).toMatchObject({ retention_policy: { retention_period: 315_576_000, is_locked: true } });
});

test("an index page that something else wrote is left alone", () => {
  expect(serving({ existing: ["index-page"] }).resource).not.toHaveProperty("google_storage_bucket_object");
});

test("jobs of GitHub publish from main only, and plan from anywhere in the repository", () => {
  const { resource } = serving({ federatedRepositories: ["example/artifacts"] });

  const promoter = bindingsOf(resource.google_service_account_iam_policy?.promoter);
  const planner = bindingsOf(resource.google_service_account_iam_policy?.planner);
  expect(promoter["roles/iam.workloadIdentityUser"]).toEqual([
    expect.stringMatching(/\/attribute\.place\/example\/artifacts@refs\/heads\/main$/),
  ]);
  expect(planner["roles/iam.workloadIdentityUser"]).toEqual([
    expect.stringMatching(/\/attribute\.repository\/example\/artifacts$/),
  ]);
  expect(resource.google_iam_workload_identity_pool_provider?.actions).toMatchObject({
    attribute_condition: 'assertion.repository in ["example/artifacts"]',
  });
});

test("parts that exist already are used and not made", () => {
  const ours = addresses(serving());
  const theirs = addresses(serving({ existing: ["project", "logs-bucket"] }));

  expect(ours).toEqual(expect.arrayContaining(["google_project.project", "google_storage_bucket.logs"]));
  expect(theirs.join("\n")).not.toMatch(/google_project\.|google_project_service\.|\.logs$/m);
  expect(theirs).toContain("google_storage_bucket.production");
});

const apart = { backupBucket: "oss-artifacts-backup", backupProjectId: "oss-prod-bak" };

test.each([
  { given: ["project", "logs-bucket", "backup-project", "index-page"] },
  { given: ["backup-bucket"] },
  { given: ["backup-bucket", "backup-project"] },
] as const)("what something else looks after from now on leaves the state and stays: $given", ({ given }) => {
  const [before, after] = [serving(apart), serving({ ...apart, existing: given })];
  const gone = addresses(before).filter((address) => !addresses(after).includes(address));

  expect(gone).not.toEqual([]);
  expect((after.removed ?? []).map(({ from }) => from).sort()).toEqual(gone);
  expect(after.removed).toEqual(gone.map(() => expect.objectContaining({ lifecycle: { destroy: false } })));
  expect(after.resource).not.toMatchObject({ google_storage_bucket: { backup: { count: 0 } } });
});

test.each([
  { backup: "none", more: {}, kept: ["google_storage_bucket.backup", "google_project.backup__project"] },
  { backup: "one beside production", more: { backupBucket: "b" }, kept: ["google_project.backup__project"] },
  { backup: "one in a project of its own", more: apart, kept: [] },
])("no plan destroys a backup that is not declared any more: $backup is", ({ more, kept }) => {
  const resources = Object.entries(serving(more).resource).flatMap(([type, named]) =>
    Object.entries(named).map(([name, values]) => ({ address: `${type}.${name}`, values })),
  );
  const without = resources.filter(({ values }) => values.count === 0);

  expect(without.map(({ address }) => address).sort()).toEqual([...kept].sort());
  for (const { values } of without) expect(values).toMatchObject({ lifecycle: { prevent_destroy: true } });
});

test("buckets are logged, once the bucket for it is there", () => {
  const { resource } = serving();

  expect(resource.google_storage_bucket?.production).toMatchObject({
    logging: { log_bucket: "oss-access-logs", log_object_prefix: "oss-artifacts" },
    depends_on: expect.arrayContaining(["google_storage_bucket.logs"]),
  });
});

test("a backup bucket is private and takes the same writes", () => {
  const { resource } = serving({ backupBucket: "oss-artifacts-backup" });

  expect(resource.google_storage_bucket?.backup).toMatchObject({ public_access_prevention: "enforced" });
  expect(bindingsOf(resource.google_storage_bucket_iam_policy?.backup)["roles/storage.objectCreator"]).toEqual([
    PROMOTER,
  ]);
});

describe("a backup in a project of its own", () => {
  test("has the same address as without, and nobody of the production project administers it", () => {
    const { resource } = serving(apart);
    const bindings = bindingsOf(resource.google_storage_bucket_iam_policy?.backup);

    expect(resource.google_storage_bucket?.backup).toMatchObject({
      project: expect.stringContaining("google_project.backup__project."),
      name: "oss-artifacts-backup",
      public_access_prevention: "enforced",
      retention_policy: { is_locked: false, retention_period: 315360000 },
    });
    expect(bindings).toEqual({
      "roles/storage.legacyBucketOwner": ["group:admins@example.org", "projectOwner:oss-prod-bak"],
      "roles/storage.legacyBucketReader": ["projectViewer:oss-prod-bak"],
      "roles/storage.objectAdmin": ["group:admins@example.org"],
      "roles/storage.objectCreator": expect.arrayContaining([
        "serviceAccount:promoter@oss-prod.iam.gserviceaccount.com",
      ]),
      "roles/storage.objectViewer": expect.arrayContaining(["serviceAccount:planner@oss-prod.iam.gserviceaccount.com"]),
    });
  });

  test("is guarded, audited, and visible to planner and administrators", () => {
    const { resource } = serving(apart);

    expect(resource.google_project?.backup__project).toMatchObject({
      project_id: "oss-prod-bak",
      deletion_policy: "PREVENT",
      lifecycle: { prevent_destroy: true },
    });
    expect(resource.google_resource_manager_lien).toHaveProperty("backup__deletion");
    expect(resource.google_project_iam_audit_config).toHaveProperty("backup__storage");
    expect(Object.keys(resource.google_project_iam_member ?? {}).filter((key) => key.startsWith("backup__"))).toEqual([
      "backup__iam_securityReviewer__serviceAccount__planner__oss-prod_iam_gserviceaccount_com",
      "backup__viewer__group__admins__example_org",
      "backup__viewer__serviceAccount__planner__oss-prod_iam_gserviceaccount_com",
    ]);
  });

  test("is used as it is when something else made the project", () => {
    const { resource } = serving({ ...apart, existing: ["backup-project"] });

    expect(Object.keys(resource.google_project ?? {})).toEqual(["project"]);
    expect(resource.google_storage_bucket?.backup).toMatchObject({ project: "oss-prod-bak" });
  });

  test("changes nothing when it is named like the production project", () => {
    const { resource } = serving({ ...apart, backupProjectId: "oss-prod" });

    expect(resource).toEqual(serving({ backupBucket: "oss-artifacts-backup" }).resource);
  });

  test("adds to an estate without moving any other address", () => {
    const all = (stack: ReturnType<typeof serving>) => new Set(addresses(stack));
    const [before, after] = [all(serving()), all(serving(apart))];

    expect([...before].filter((address) => !after.has(address))).toEqual([]);
    expect([...after].filter((address) => !before.has(address)).filter((each) => !each.includes(".backup"))).toEqual(
      [],
    );
  });
});

test("a load balancer with CDN stands in front when there are names for it", () => {
  const types = (stack: SynthesizedStack) =>
    Object.keys(stack.resource).filter((type) => type.startsWith("google_compute_"));

  expect(types(serving())).toEqual([]);
  expect(types(serving({ cdnDomains: ["artifacts.example.org"] }))).toEqual([
    "google_compute_backend_bucket",
    "google_compute_global_address",
    "google_compute_global_forwarding_rule",
    "google_compute_managed_ssl_certificate",
    "google_compute_target_https_proxy",
    "google_compute_url_map",
  ]);
});

test("a name that goes is let go of by the load balancer before its certificate is deleted", () => {
  const certificates = serving({ cdnDomains: ["a.example.org", "b.example.org"] }).resource
    .google_compute_managed_ssl_certificate;

  expect(Object.values(certificates ?? {}).map(({ lifecycle }) => lifecycle)).toEqual([
    { create_before_destroy: true },
    { create_before_destroy: true },
  ]);
});
