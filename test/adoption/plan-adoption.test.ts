import { adoptionFile } from "../../lib/adoption/adoption-file";
import { planAdoption } from "../../lib/adoption/plan-adoption";
import { resourceAddress } from "../../lib/model/planned-resources";
import type { SharedProjectRecipe } from "../../lib/model/recipe";
import { stagingResources } from "../../lib/model/staging-resources";
import { cloud, recipeOf } from "./cloud";

const recipe = recipeOf("lathe");
const project = async () => ({ number: "42", isActive: true });

describe("adopting a staging project", () => {
  test("imports nothing when nothing exists", async () => {
    const plan = await planAdoption(recipe, cloud({}));

    expect(plan.imports).toEqual({});
    expect(plan.toCreate).toEqual(stagingResources(recipe).map(resourceAddress));
  });

  test("imports exactly what exists", async () => {
    const plan = await planAdoption(
      recipe,
      cloud({
        project,
        services: async () => new Set(["cloudbuild.googleapis.com"]),
        projectPolicy: async () => ({
          grants: [{ role: "roles/viewer", members: ["group:OSS-infra-staging-lathe@example.org"] }],
          conditional: [],
        }),
      }),
    );

    expect(plan.imports).toEqual({
      "google_project.project": "oss-staging-lathe",
      "google_project_service.cloudbuild": "oss-staging-lathe/cloudbuild.googleapis.com",
      "google_project_iam_member.viewer__group__oss-infra-staging-lathe__example_org":
        "oss-staging-lathe roles/viewer group:oss-infra-staging-lathe@example.org",
    });
  });

  test("names a bucket with its project, without which the provider would replace it", async () => {
    const plan = await planAdoption(
      recipe,
      cloud({ project, bucket: async (name) => (name === "oss-staging-lathe" ? { projectNumber: "42" } : undefined) }),
    );

    expect(plan.imports).toMatchObject({
      "google_storage_bucket.staging": "oss-staging-lathe/oss-staging-lathe",
      "google_storage_bucket_iam_policy.staging": "b/oss-staging-lathe",
    });
    expect(plan.toCreate).toContain("google_storage_bucket.gcb");
  });

  test("shows what the authoritative policy would take away, and what nobody declares", async () => {
    const [staging] = recipe.buckets;
    const stranger = { role: "roles/storage.objectAdmin", members: ["user:stranger@example.net"] };
    const plan = await planAdoption(
      recipe,
      cloud({
        project,
        projectPolicy: async () => ({
          grants: [
            { role: "roles/owner", members: ["user:founder@example.org"] },
            { role: "roles/cloudbuild.builds.builder", members: ["serviceAccount:42@cloudbuild.gserviceaccount.com"] },
          ],
          conditional: [],
        }),
        bucket: async (name) => (name === staging?.name ? { projectNumber: "42" } : undefined),
        bucketPolicy: async () => ({ grants: [...(staging?.policy ?? []), stranger], conditional: [] }),
      }),
    );

    expect(plan.policies).toEqual([
      {
        on: "gs://oss-staging-lathe",
        takesAway: [{ role: "roles/storage.objectAdmin", member: "user:stranger@example.net" }],
        gives: [],
        conditional: [],
      },
    ]);
    expect(plan.foreignGrants).toEqual(["roles/owner user:founder@example.org"]);
  });

  test("writes a file that the stack's next deploy reads", async () => {
    const plan = await planAdoption(recipe, cloud({ project }));

    expect(adoptionFile("oss-staging-lathe", "staging-lathe", plan.imports)).toContain(
      'stack: staging-lathe\nimports:\n  google_project.project: "oss-staging-lathe"\n',
    );
  });

  test("takes over an account that builds run as, and shows who else may act as it", async () => {
    const plan = await planAdoption(
      { ...recipeOf("lathe"), buildAccount },
      cloud({
        project,
        serviceAccount: async (_, address) =>
          address === buildAccount.address ? { displayName: buildAccount.displayName } : undefined,
        serviceAccountPolicy: async () => ({
          grants: [{ role: "roles/iam.serviceAccountUser", members: ["user:left@example.org"] }],
          conditional: [],
        }),
      }),
    );
    const id = `projects/oss-staging-lathe/serviceAccounts/${buildAccount.address}`;

    expect(plan.imports).toMatchObject({
      "google_service_account.builds": id,
      "google_service_account_iam_policy.builds": id,
    });
    expect(plan.policies).toMatchObject([
      { on: buildAccount.address, takesAway: [{ member: "user:left@example.org" }], gives: [] },
    ]);
  });

  test("takes nothing over while an account or a repository may not be looked at", async () => {
    const registry = { repository: "images", location: "us", format: "DOCKER", policy: [] };
    const hidden = async () => "forbidden" as const;
    const reader = cloud({ project, serviceAccount: hidden, repository: hidden });

    expect((await planAdoption({ ...recipe, buildAccount, registry }, reader)).obstacles).toEqual([
      expect.stringMatching(/repositories\/images: these credentials may not look whether it exists. .*roles\/viewer/),
      expect.stringContaining(`${buildAccount.address}: these credentials may not look`),
    ]);
  });

  test("calls what guests of a shared project have there declared, and leaves it to their stacks", async () => {
    const address = "builder-guest@oss-staging-lathe.iam.gserviceaccount.com";
    const logs = {
      key: "logging_logWriter__builder",
      role: "roles/logging.logWriter",
      member: `serviceAccount:${address}`,
    };
    const guest: SharedProjectRecipe = {
      mode: "shared",
      name: "guest",
      step: "active",
      projectId: recipe.project.projectId,
      bucket: "oss-staging-lathe",
      folder: "guest/",
      folderPolicy: [],
      buildAccount: { accountId: "builder-guest", address, displayName: "Builds of guest", policy: [] },
      grants: [logs],
    };
    const shared = cloud({
      project,
      projectPolicy: async () => ({ grants: [{ role: logs.role, members: [logs.member] }], conditional: [] }),
      serviceAccounts: async () => [address],
    });
    const nothingOfGuests = {
      foreignGrants: [],
      undeclared: [],
      imports: { "google_project.project": "oss-staging-lathe" },
    };

    expect(await planAdoption(recipe, shared, [recipe, guest])).toMatchObject(nothingOfGuests);
    expect(await planAdoption(recipe, shared, [recipe, { ...guest, projectId: "oss-staging-other" }])).toMatchObject({
      foreignGrants: [`${logs.role} ${logs.member}`],
      undeclared: [address],
    });
  });

  const bucket = { projectNumber: "42", location: "US", isUniform: true, isVersioned: false, deleteAfterDays: [60] };

  test.each([
    { found: { ...bucket, projectNumber: "43" }, says: "belongs to the project with the number 43" },
    { found: { ...bucket, location: "EU" }, says: "lies in EU, declared is US" },
    { found: "forbidden" as const, says: "these credentials may not look at it" },
  ])("takes no bucket over that can't be had: it $says", async ({ found, says }) => {
    const plan = await planAdoption(recipe, cloud({ project, bucket: async () => found }));

    expect(plan.obstacles).toEqual([expect.stringContaining(says), expect.stringContaining(says)]);
    expect(Object.keys(plan.imports)).toEqual(["google_project.project"]);
  });

  test.each([
    { what: "nothing", found: {}, says: [] },
    { what: "object ACLs", found: { isUniform: false }, says: ["gets uniform access"] },
    { what: "another age", found: { deleteAfterDays: [90] }, says: ["after 60 days, now they are after 90 days"] },
    { what: "no age", found: { deleteAfterDays: [] }, says: ["after 60 days, now they are never"] },
  ])("tells what changes on a bucket beside its policy: $what", async ({ found, says }) => {
    const [, gcb] = recipe.buckets;
    const plan = await planAdoption(
      recipe,
      cloud({ project, bucket: async (name) => (name === gcb?.name ? { ...bucket, ...found } : undefined) }),
    );

    expect(plan.changes).toEqual(says.map((each) => expect.stringContaining(each)));
  });

  test("tells that a project would be moved", async () => {
    const elsewhere = async () => ({ number: "42", isActive: true, parent: "folder 7" });

    expect((await planAdoption(recipe, cloud({ project: elsewhere }))).changes).toEqual([
      expect.stringContaining("is moved to organization 100000000001, now it lies in folder 7"),
    ]);
  });

  test("does not call a project new that only can't be seen", async () => {
    const plan = await planAdoption(recipe, cloud({ bucket: async () => "forbidden" }));

    expect(plan.obstacles).toEqual([expect.stringContaining("these credentials can't see such a project")]);
  });

  test("says how a project that was shut down comes back, unless its retirement is over", async () => {
    const gone = cloud({ project: async () => ({ number: "42", isActive: false }) });

    expect((await planAdoption(recipe, gone)).obstacles).toEqual([
      expect.stringContaining("gcloud projects undelete oss-staging-lathe"),
    ]);
    expect((await planAdoption({ ...recipe, step: "shut-down" }, gone)).obstacles).toEqual([]);
  });
});

const buildAccount = {
  accountId: "builder",
  address: "builder@oss-staging-lathe.iam.gserviceaccount.com",
  displayName: "Builds of lathe",
  policy: [],
};
