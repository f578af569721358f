import type { EstateReader } from "../cloud/observed";
import type { OwnProjectRecipe, SharedProjectRecipe, StagingRecipe } from "../model/recipe";
import { guestsOf } from "../model/staging-recipe";
import { stagingResources } from "../model/staging-resources";
import { type AdoptionPlan, adoptionPlan, type Found, nothing } from "./found";
import { lookAtAccount } from "./look-at-account";
import { lookAtBucket, lookAtManagedFolder } from "./look-at-bucket";
import { lookAtGrants, lookAtProject } from "./look-at-project";
import { lookAtRegistry } from "./look-at-registry";

/**
 * Looks at everything a staging project's recipe would make. Reads only. What `recipes`, those of the whole estate, have in
 * the same project is declared, and another stack's.
 */
export async function planAdoption(
  recipe: StagingRecipe,
  reader: EstateReader,
  recipes: readonly StagingRecipe[] = [],
): Promise<AdoptionPlan> {
  const parts =
    recipe.mode === "project"
      ? await lookAtOwn(recipe, reader, guestsOf(recipe.project.projectId, recipes))
      : await lookAtShare(recipe, reader);
  return adoptionPlan(stagingResources(recipe), parts);
}

async function lookAtOwn(
  recipe: OwnProjectRecipe,
  reader: EstateReader,
  guests: readonly SharedProjectRecipe[],
): Promise<readonly Found[]> {
  const { project, grants, buckets, buildAccount } = recipe;
  const { projectId } = project;
  const found = await reader.project(projectId);
  if (found === undefined || !found.isActive) {
    // A retirement that is over has nothing left to take over.
    if (recipe.step === "shut-down") return [];
    const names = buckets.map(({ name }) => name);
    return [found === undefined ? await hiddenProject(projectId, names, reader) : shutDown(projectId)];
  }
  const accounts = [buildAccount, ...guests.map((guest) => guest.buildAccount)];
  const declared = [
    ...buckets.map(({ name }) => name),
    ...accounts.flatMap((account) => (account === undefined ? [] : [account.address])),
  ];
  const givenElsewhere = guests.flatMap((guest) => guest.grants);
  return Promise.all([
    lookAtProject({ recipe: project, grants, declared, givenElsewhere }, found, reader),
    ...buckets.map((bucket) => {
      const key = bucket.key === "gcb" ? "gcb-bucket" : "bucket";
      return lookAtBucket(bucket, { projectId, projectNumber: found.number, key }, reader);
    }),
    lookAtRegistry(recipe.registry, projectId, reader),
    lookAtAccount(buildAccount, projectId, reader),
  ]);
}

export function shutDown(projectId: string): Found {
  const obstacle = `${projectId}: was shut down, and its id stays taken. Bring it back within 30 days (gcloud projects undelete ${projectId}), and run this again.`;
  return { obstacles: [obstacle] };
}

/** Google does not tell a project that is not there from one that is hidden; its buckets give it away. */
export async function hiddenProject(
  projectId: string,
  buckets: readonly string[],
  reader: Pick<EstateReader, "bucket">,
): Promise<Found> {
  const found = await Promise.all(buckets.map(async (name) => ((await reader.bucket(name)) ? [`gs://${name}`] : [])));
  const names = found.flat();
  if (names.length === 0) return nothing;
  const obstacle = `${projectId}: these credentials can't see such a project, but ${names.join(" and ")} ${names.length === 1 ? "exists" : "exist"}. Run this as somebody with roles/viewer on the project; if it is somebody else's, declare other buckets.`;
  return { obstacles: [obstacle] };
}

async function lookAtShare(recipe: SharedProjectRecipe, reader: EstateReader): Promise<readonly Found[]> {
  const { bucket, folder, folderPolicy, projectId, sources, grants, buildAccount } = recipe;
  return Promise.all([
    lookAtGrants(projectId, grants, reader),
    lookAtManagedFolder(bucket, folder, folderPolicy, reader),
    sources === undefined ? nothing : lookAtManagedFolder(sources.bucket, folder, sources.policy, reader),
    lookAtRegistry(recipe.registry, projectId, reader),
    lookAtAccount(buildAccount, projectId, reader),
  ]);
}
