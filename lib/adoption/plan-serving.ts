import { createHash } from "node:crypto";
import type { EstateReader, ObservedProject } from "../cloud/observed";
import { mergeGrants } from "../model/iam-policy";
import { INDEX_PAGE_TEXT } from "../model/index-page";
import type { BucketRecipe, ProjectGrant, ProjectRecipe } from "../model/recipe";
import { FEDERATION_PROVIDER, federatedActors } from "../model/serving-actors";
import type { ServingRecipe } from "../model/serving-recipe";
import { computeParts, federationPool, servingResources } from "../model/serving-resources";
import { retentionToLock } from "./bucket-changes";
import { type AdoptionPlan, adoptionPlan, type Found, hidden, nothing } from "./found";
import { lookAtAccount } from "./look-at-account";
import { lookAtBucket } from "./look-at-bucket";
import { lookAtGrants, lookAtProject } from "./look-at-project";
import { hiddenProject, shutDown } from "./plan-adoption";

/** One project of the production side, and what is in it. */
interface Side {
  readonly projectId: string;

  /** Undefined when something else made the project. */
  readonly project?: ProjectRecipe;
  readonly grants: readonly ProjectGrant[];
  readonly buckets: readonly BucketRecipe[];
  readonly accounts: readonly string[];
  readonly prefix: string;
}

/** Looks at everything the serving stack would make. Reads only. */
export async function planServingAdoption(recipe: ServingRecipe, reader: EstateReader): Promise<AdoptionPlan> {
  const { backup } = recipe;
  const accounts = recipe.accounts.map(({ address }) => address);
  const production = await lookAtSide({ ...recipe, accounts, prefix: "" }, reader, (project) =>
    lookInProduction(recipe, project, reader),
  );
  const other = backup && (await lookAtSide({ ...backup, accounts: [], prefix: "backup__" }, reader));
  return adoptionPlan(servingResources(recipe), [...production, ...(other ?? [])]);
}

async function lookAtSide(
  side: Side,
  reader: EstateReader,
  lookInside: (project: ObservedProject) => Promise<readonly Found[]> = async () => [],
): Promise<readonly Found[]> {
  const { projectId, project, grants, buckets, accounts, prefix } = side;
  const found = await reader.project(projectId);
  const names = buckets.map(({ name }) => name);
  if (found === undefined) {
    return [
      await hiddenProject(projectId, names, reader),
      { toLock: buckets.flatMap((bucket) => retentionToLock(bucket)) },
    ];
  }
  if (!found.isActive) return [shutDown(projectId)];
  const parts = await Promise.all([
    project === undefined
      ? lookAtGrants(projectId, grants, reader)
      : lookAtProject({ recipe: project, grants, declared: [...names, ...accounts], prefix }, found, reader),
    lookAtAudit(projectId, reader),
    ...buckets.map((bucket) => {
      const key =
        bucket.key === "logs" ? "logs-bucket" : `serving.${bucket.key === "backup" ? "backup-bucket" : "bucket"}`;
      return lookAtBucket(bucket, { projectId, projectNumber: found.number, key }, reader);
    }),
  ]);
  const inProject = parts.map((part) => ({
    ...part,
    foreignGrants: (part.foreignGrants ?? []).map((grant) => `${projectId}: ${grant}`),
  }));
  return [...inProject, ...(await lookInside(found))];
}

function lookInProduction(
  recipe: ServingRecipe,
  { number }: ObservedProject,
  reader: EstateReader,
): Promise<readonly Found[]> {
  const { projectId, accounts, federatedRepositories } = recipe;
  const withFederation = accounts.map((account) => ({
    ...account,
    policy: mergeGrants([
      ...account.policy,
      ...federatedActors(account.key, federationPool(number), federatedRepositories),
    ]),
  }));
  return Promise.all([
    ...withFederation.map((account) => lookAtAccount(account, projectId, reader)),
    ...federationParts(recipe).map(async (name) => ifThere(name, await reader.identityPool(name), projectId)),
    lookAtIndexPage(recipe, reader),
    ...computeParts(recipe).map(async ({ collection, name }) => {
      const found = await reader.compute(projectId, collection, name);
      return ifThere(`projects/${projectId}/global/${collection}/${name}`, found, projectId);
    }),
  ]);
}

const STORAGE = "storage.googleapis.com";
const AUDITED = "ADMIN_READ and DATA_WRITE";

async function lookAtAudit(projectId: string, reader: EstateReader): Promise<Found> {
  const { auditLogs } = await reader.projectPolicy(projectId);
  const logged = auditLogs?.get(STORAGE);
  if (logged === undefined) return nothing;
  const found = [...logged].sort().join(" and ");
  const changes = found === AUDITED ? [] : [`${projectId}: audit logs of ${STORAGE} are ${AUDITED}, now ${found}`];
  return { ids: [`${projectId} ${STORAGE}`], changes };
}

function federationParts({ projectId, federatedRepositories }: ServingRecipe): readonly string[] {
  if (federatedRepositories.length === 0) return [];
  const pool = federationPool(projectId);
  return [pool, `${pool}/providers/${FEDERATION_PROVIDER}`];
}

function ifThere(id: string, found: boolean | "forbidden", projectId: string): Found {
  if (found === "forbidden") return hidden(id, projectId);
  return found ? { ids: [id] } : nothing;
}

/**
 * An object can't be imported, and retention forbids writing it a second time. One with our own text may be what this
 * stack wrote, and stand in its state: only a plan knows.
 */
async function lookAtIndexPage({ buckets, hasIndexPage }: ServingRecipe, reader: EstateReader): Promise<Found> {
  const production = buckets.find(({ indexPage }) => indexPage !== undefined);
  if (!hasIndexPage || production?.indexPage === undefined) return nothing;
  const { name, indexPage } = production;
  const bucket = await reader.bucket(name);
  if (bucket === undefined || bucket === "forbidden") return nothing;
  const found = await reader.object(name, indexPage);
  if (found === undefined) return nothing;
  if (found.md5 === createHash("md5").update(INDEX_PAGE_TEXT).digest("base64")) {
    const change = `gs://${name}/${indexPage}: stays if this stack wrote it. If the plan makes it nevertheless, add "index-page" to serving.existing.`;
    return { changes: [change] };
  }
  const obstacle = `gs://${name}/${indexPage}: exists. Terraform can't take an object over, and retention forbids writing it again. Add "index-page" to serving.existing: it stays as it is.`;
  return { obstacles: [obstacle] };
}
