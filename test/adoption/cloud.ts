import { join } from "node:path";
import type { EstateReader, ObservedPolicy } from "../../lib/cloud/observed";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import type { Estate } from "../../lib/model/estate";
import type { OwnProjectRecipe } from "../../lib/model/recipe";
import { stagingRecipe } from "../../lib/model/staging-recipe";

export const noPolicy: ObservedPolicy = { grants: [], conditional: [] };

/** A cloud in which nothing exists, but for what a test says. */
export function cloud(exists: Partial<EstateReader>): EstateReader {
  return {
    project: async () => undefined,
    billingAccount: async () => undefined,
    services: async () => new Set(),
    projectPolicy: async () => noPolicy,
    bucket: async () => undefined,
    bucketPolicy: async () => noPolicy,
    managedFolder: async () => false,
    managedFolderPolicy: async () => noPolicy,
    repository: async () => undefined,
    repositoryPolicy: async () => noPolicy,
    serviceAccount: async () => undefined,
    serviceAccountPolicy: async () => noPolicy,
    liens: async () => [],
    contacts: async () => [],
    budgets: async () => [],
    channels: async () => [],
    buckets: async () => [],
    serviceAccounts: async () => [],
    object: async () => undefined,
    identityPool: async () => false,
    compute: async () => false,
    ...exists,
  };
}

/** The repository's own inputs. */
export function ownEstate(): Estate {
  const { estate } = loadEstate(layoutFrom(join(__dirname, "../..")));
  if (estate === undefined) throw new Error("the repository's own inputs are not valid");
  return estate;
}

export function recipeOf(name: string): OwnProjectRecipe {
  const estate = ownEstate();
  const found = estate.staging.find((each) => each.name === name);
  if (found === undefined) throw new Error(`there is no staging project ${name}`);
  const made = stagingRecipe(found, estate);
  if (made.mode !== "project") throw new Error(`${name} has no project of its own`);
  return made;
}
