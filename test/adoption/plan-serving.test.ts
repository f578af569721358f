import { createHash } from "node:crypto";
import { planServingAdoption } from "../../lib/adoption/plan-serving";
import type { EstateReader, ObservedBucket } from "../../lib/cloud/observed";
import type { Serving } from "../../lib/model/defaults";
import { INDEX_PAGE_TEXT } from "../../lib/model/index-page";
import { servingRecipe } from "../../lib/model/serving-recipe";
import { servingResources } from "../../lib/model/serving-resources";
import { cloud, noPolicy, ownEstate } from "./cloud";

const { defaults } = ownEstate();
const NUMBERS: Readonly<Record<string, string>> = { "oss-artifacts-prod": "42", "oss-artifacts-prod-bak": "43" };

function recipeWith(more: Partial<Serving> = {}) {
  return servingRecipe({ ...defaults, serving: { ...defaults.serving, ...more } });
}

const bucket: ObservedBucket = {
  projectNumber: "42",
  location: "US",
  isUniform: true,
  isVersioned: false,
  isKeptPrivate: false,
  retentionSeconds: 315_360_000,
  isRetentionLocked: false,
  softDeleteSeconds: 604_800,
  indexPage: "index.html",
  logsBucket: "oss-access-logs",
  deleteAfterDays: [],
};

/** What scripts leave: two projects, the production bucket, and whatever a test adds. */
function production(exists: Partial<EstateReader> = {}): EstateReader {
  return cloud({
    project: async (id) => ({ number: NUMBERS[id] ?? "0", isActive: true }),
    bucket: async (name) => (name === "oss-artifacts-prod" ? bucket : undefined),
    ...exists,
  });
}

describe("adopting the production side", () => {
  test("imports exactly what exists, each project's with its own address", async () => {
    const { imports, toCreate } = await planServingAdoption(recipeWith(), production());

    expect(imports).toEqual({
      "google_project.project": "oss-artifacts-prod",
      "google_storage_bucket.production": "oss-artifacts-prod/oss-artifacts-prod",
      "google_storage_bucket_iam_policy.production": "b/oss-artifacts-prod",
      "google_project.backup__project": "oss-artifacts-prod-bak",
    });
    expect(toCreate).toEqual(
      expect.arrayContaining(["google_storage_bucket.backup", "google_service_account.promoter"]),
    );
  });

  test("takes nothing over while the account, the identity pool or the CDN may not be looked at", async () => {
    const hidden = async () => "forbidden" as const;
    const recipe = recipeWith({ federatedRepositories: ["example/a"], cdnDomains: ["dl.example.org"] });
    const reader = production({ serviceAccount: hidden, identityPool: hidden, compute: hidden });
    const { obstacles } = await planServingAdoption(recipe, reader);

    for (const what of [/promoter@\S+/, /workloadIdentityPools\/\w+/, /urlMaps\/\S+/])
      expect(obstacles).toContainEqual(expect.stringMatching(`${what.source}: these credentials may not look`));
  });

  test("imports everything that can be, where everything exists", async () => {
    const recipe = recipeWith({ federatedRepositories: ["example/a"], cdnDomains: ["dl.example.org"] });
    const services = new Set([...(recipe.project?.services ?? []), ...(recipe.backup?.project?.services ?? [])]);
    const grants = [...recipe.grants, ...(recipe.backup?.grants ?? [])];
    const { imports, toCreate } = await planServingAdoption(
      recipe,
      production({
        services: async () => services,
        bucket: async (name) => ({ ...bucket, projectNumber: name.endsWith("-bak") ? "43" : "42" }),
        projectPolicy: async () => ({
          grants: grants.map(({ role, member }) => ({ role, members: [member] })),
          conditional: [],
          auditLogs: new Map([["storage.googleapis.com", ["ADMIN_READ", "DATA_WRITE"]]]),
        }),
        serviceAccount: async () => ({ displayName: "x" }),
        liens: async () => [{ name: "l1", origin: "artifacts" }],
        identityPool: async () => true,
        compute: async () => true,
      }),
    );

    expect(toCreate).toEqual([
      "google_project_default_service_accounts.default",
      "google_project_default_service_accounts.default__compute",
      "google_storage_bucket_object.index",
      "google_project_default_service_accounts.backup__default",
    ]);
    expect(Object.keys(imports)).toHaveLength(servingResources(recipe).length - toCreate.length);
    expect(imports).toMatchObject({
      "google_resource_manager_lien.deletion": "42/l1",
      "google_resource_manager_lien.backup__deletion": "43/l1",
      "google_project_iam_audit_config.backup__storage": "oss-artifacts-prod-bak storage.googleapis.com",
      "google_compute_url_map.production-map": "projects/oss-artifacts-prod/global/urlMaps/artifacts-production",
    });
  });

  test("shows that the promoter may not replace files any more, and that a cluster's jobs lose it", async () => {
    const promoter = "artifacts-promoter@oss-artifacts-prod.iam.gserviceaccount.com";
    const workload = "serviceAccount:build-cluster.svc.id.goog[jobs/promoter]";
    const exists: Partial<EstateReader> = {
      bucketPolicy: async () => ({
        grants: [{ role: "roles/storage.objectAdmin", members: [`serviceAccount:${promoter}`] }],
        conditional: [],
      }),
      serviceAccount: async (_, address) =>
        address === promoter ? { displayName: "Publishes verified files" } : undefined,
      serviceAccountPolicy: async () => ({
        grants: [{ role: "roles/iam.workloadIdentityUser", members: [workload] }],
        conditional: [],
      }),
    };
    const undeclared = await planServingAdoption(recipeWith(), production(exists));
    const impersonators = { promoter: [workload], planner: [] };
    const declared = await planServingAdoption(recipeWith({ impersonators }), production(exists));

    const takenFrom = (plan: typeof declared, on: string) =>
      plan.policies
        .filter((policy) => policy.on === on)
        .flatMap(({ takesAway }) => takesAway.map(({ member }) => member));
    expect(takenFrom(undeclared, "gs://oss-artifacts-prod")).toEqual([`serviceAccount:${promoter}`]);
    expect(takenFrom(undeclared, promoter)).toEqual([workload]);
    expect(takenFrom(declared, promoter)).toEqual([]);
  });

  test("takes no index page over, which can be neither imported nor written again", async () => {
    const withPage = production({
      object: async (_, name) => (name === "index.html" ? { md5: "b3RoZXI=" } : undefined),
    });

    expect((await planServingAdoption(recipeWith(), withPage)).obstacles).toEqual([
      expect.stringContaining('Add "index-page" to serving.existing'),
    ]);
    const kept = await planServingAdoption(recipeWith({ existing: ["index-page"] }), withPage);
    expect(kept.obstacles).toEqual([]);
    expect(kept.toCreate).not.toContain("google_storage_bucket_object.index");
  });

  test("is not stopped by the index page that the stack itself wrote", async () => {
    const md5 = createHash("md5").update(INDEX_PAGE_TEXT).digest("base64");
    const plan = await planServingAdoption(recipeWith(), production({ object: async () => ({ md5 }) }));

    expect(plan.obstacles).toEqual([]);
    expect(plan.changes).toContainEqual(expect.stringContaining("stays if this stack wrote it"));
  });

  test("keeps a retention of ten years as gsutil counts them, locked or not", async () => {
    const found = { ...bucket, retentionSeconds: 315_576_000, isRetentionLocked: true };
    const locked = production({ bucket: async (name) => (name === "oss-artifacts-prod" ? found : undefined) });

    expect((await planServingAdoption(recipeWith(), locked)).obstacles).toEqual([
      expect.stringMatching(
        /serving\.retention-locked: true, retention-days: 3652\.5\..* a backup bucket.* locks both for good/,
      ),
    ]);
    const declared = await planServingAdoption(recipeWith({ retentionDays: 3652.5, isRetentionLocked: true }), locked);
    expect([declared.obstacles, declared.changes]).toEqual([[], []]);
  });

  test.each([
    { backup: "that is made", exists: {} },
    {
      backup: "whose project is made",
      exists: { project: async (id: string) => (id.endsWith("-bak") ? undefined : { number: "42", isActive: true }) },
    },
    {
      backup: "that is there, unlocked",
      exists: {
        bucket: async (name: string) =>
          name.endsWith("-bak") ? { ...bucket, projectNumber: "43" } : { ...bucket, isRetentionLocked: true },
      },
    },
  ])("says that the retention of a backup $backup gets locked with production's", async ({ exists }) => {
    const found = async (name: string) =>
      name === "oss-artifacts-prod" ? { ...bucket, isRetentionLocked: true } : undefined;
    const reader = production({ bucket: found, ...exists });

    expect((await planServingAdoption(recipeWith({ isRetentionLocked: true }), reader)).toLock).toEqual([
      "gs://oss-artifacts-prod-bak: its retention of 3650 days",
    ]);
    expect((await planServingAdoption(recipeWith(), production())).toLock).toEqual([]);
  });

  test("tells audit logs that are declared differently", async () => {
    const auditLogs = new Map([["storage.googleapis.com", ["DATA_READ"]]]);
    const plan = await planServingAdoption(
      recipeWith(),
      production({ projectPolicy: async () => ({ ...noPolicy, auditLogs }) }),
    );

    expect(plan.changes).toContainEqual(expect.stringContaining("ADMIN_READ and DATA_WRITE, now DATA_READ"));
    expect(plan.imports).toHaveProperty(["google_project_iam_audit_config.storage"]);
  });
});
