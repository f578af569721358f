import { planAdoption } from "../../lib/adoption/plan-adoption";
import { cloud, recipeOf } from "./cloud";

const recipe = recipeOf("lathe");
const project = async () => ({ number: "42", isActive: true });

test.each([
  { found: { format: "DOCKER" }, says: { changes: [], obstacles: [] } },
  { found: { isScanned: true }, says: { changes: [expect.stringContaining("is not scanned any more")] } },
  {
    found: { cleanupPolicies: [{ name: "delete-images-older-than-90-days" }] },
    says: { changes: [expect.stringContaining('loses the cleanup policy "delete-images-older-than-90-days"')] },
  },
  { found: { format: "MAVEN" }, says: { obstacles: [expect.stringContaining("holds MAVEN, declared is DOCKER")] } },
  { found: { mode: "REMOTE_REPOSITORY" }, says: { obstacles: [expect.stringContaining("is a REMOTE_REPOSITORY")] } },
])("takes a repository over unless a plan would delete it: $found", async ({ found, says }) => {
  const registry = { repository: "images", location: "us", format: "DOCKER", policy: [] };
  const observed = {
    format: "DOCKER",
    mode: "STANDARD_REPOSITORY",
    isScanned: false,
    cleanupPolicies: [],
    isCleanupDryRun: false,
    ...found,
  };

  expect(
    await planAdoption({ ...recipe, registry }, cloud({ project, repository: async () => observed })),
  ).toMatchObject(says);
});

test.each([
  { policy: { name: "delete-old", deleteAfterDays: 20 }, says: [] },
  { policy: { name: "delete-old", deleteAfterDays: 30 }, says: ["what is older than 20 days is deleted"] },
  { policy: { name: "delete-old" }, says: ["what is older than 20 days is deleted"] },
  {
    policy: { name: "delete-old", deleteAfterDays: 20 },
    isCleanupDryRun: true,
    says: ["what is older than 20 days is deleted"],
  },
  {
    policy: { name: "tidy", deleteAfterDays: 20 },
    says: ['loses the cleanup policy "tidy"', "what is older than 20 days is deleted"],
  },
])("tells what a repository with the rule $policy will delete, dry run: $isCleanupDryRun", async (each) => {
  const registry = { repository: "images", location: "us", format: "DOCKER", deleteAfterDays: 20, policy: [] };
  const { policy, isCleanupDryRun = false, says } = each;
  const found = { format: "DOCKER", mode: "STANDARD_REPOSITORY", isScanned: false, isCleanupDryRun };
  const repository = async () => ({ ...found, cleanupPolicies: [policy] });

  expect((await planAdoption({ ...recipe, registry }, cloud({ project, repository }))).changes).toEqual(
    says.map((what) => expect.stringContaining(what)),
  );
});
