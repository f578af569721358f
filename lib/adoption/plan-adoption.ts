import type { EstateReader, ObservedBucket, ObservedPolicy, ObservedProject } from "../cloud/observed";
import { principalKey } from "../model/address-keys";
import { canonicalPrincipal } from "../model/iam-policy";
import type { IamGrant } from "../model/projects";
import type { BucketRecipe, OwnProjectRecipe, ProjectGrant, SharedProjectRecipe, StagingRecipe } from "../model/recipe";
import { type PlannedResource, resourceAddress, stagingResources } from "../model/staging-resources";
import { bucketChanges, bucketObstacle } from "./bucket-changes";
import { namedByService } from "./named-by-service";
import { isSame, type PolicyDifference, policyDifference } from "./policy-difference";

export interface AdoptionPlan {
  /** What exists: import ids by address, in the order of the recipe. */
  readonly imports: Readonly<Record<string, string>>;

  /** Addresses of what does not exist yet, or can't be imported; the next deploy makes it. */
  readonly toCreate: readonly string[];

  /** What the authoritative policies would change on existing objects. */
  readonly policies: readonly PolicyDifference[];

  /** Roles on the project that nobody declares: they stay, as members are added and never taken away. */
  readonly foreignGrants: readonly string[];

  /** What the next plan changes on existing objects beside policies, where it can surprise. */
  readonly changes: readonly string[];

  /** Why an object can't be taken over, and what to do, e.g. a bucket that another project owns. */
  readonly obstacles: readonly string[];
}

/** Looks at everything a staging project's recipe would make. Reads only. */
export async function planAdoption(recipe: StagingRecipe, reader: EstateReader): Promise<AdoptionPlan> {
  const found = recipe.mode === "project" ? await lookAtProject(recipe, reader) : await lookAtFolder(recipe, reader);
  const imports: Record<string, string> = {};
  const toCreate: string[] = [];
  for (const resource of stagingResources(recipe)) {
    const address = resourceAddress(resource);
    const importId = found.importIds.get(address) ?? (found.existing(resource) ? resource.importId : undefined);
    if (importId === undefined) toCreate.push(address);
    else imports[address] = importId;
  }
  return {
    imports,
    toCreate,
    policies: found.policies.filter((policy) => !isSame(policy)),
    foreignGrants: found.foreignGrants,
    changes: found.changes,
    obstacles: found.obstacles,
  };
}

interface Found {
  readonly existing: (resource: PlannedResource) => boolean;

  /** Ids that only the service knows. */
  readonly importIds: ReadonlyMap<string, string>;
  readonly policies: readonly PolicyDifference[];
  readonly foreignGrants: readonly string[];
  readonly changes: readonly string[];
  readonly obstacles: readonly string[];
}

async function lookAtProject(recipe: OwnProjectRecipe, reader: EstateReader): Promise<Found> {
  const { projectId } = recipe.project;
  const project = await reader.project(projectId);
  if (project === undefined || !project.isActive) {
    // A retirement that is over has nothing left to take over.
    const isOver = recipe.step === "shut-down";
    const obstacles = isOver ? [] : project === undefined ? await hiddenProject(recipe, reader) : [shutDown(projectId)];
    return { existing: () => false, importIds: new Map(), policies: [], foreignGrants: [], changes: [], obstacles };
  }
  const [services, policy, buckets, registry, account, importIds] = await Promise.all([
    reader.services(projectId),
    reader.projectPolicy(projectId),
    Promise.all(recipe.buckets.map((bucket) => lookAtBucket(bucket, projectId, project.number, reader))),
    lookAtRegistry(recipe, projectId, reader),
    lookAtBuildAccount(recipe, projectId, reader),
    idsOfTheService(recipe, project.number, reader),
  ]);
  const granted = grantKeys(policy);
  const declared = new Set(recipe.grants.map(({ role, member }) => grantKey(role, member)));
  const ids = new Set([
    projectId,
    ...[...services].map((service) => `${projectId}/${service}`),
    ...grantIds(recipe.grants, granted, projectId),
    ...[...buckets, registry, account].flatMap(({ ids }) => ids),
  ]);
  return {
    existing: ({ importId = "" }) => ids.has(importId),
    importIds,
    policies: [...buckets, registry, account].flatMap(({ policies }) => policies),
    foreignGrants: [...granted].filter((key) => !declared.has(key) && !isGooglesOwn(key)).sort(),
    changes: [...parentChange(recipe, project), ...buckets.flatMap(({ changes = [] }) => changes)],
    obstacles: buckets.flatMap(({ obstacles }) => obstacles),
  };
}

function shutDown(projectId: string): string {
  return `${projectId}: was shut down, and its id stays taken. Bring it back within 30 days (gcloud projects undelete ${projectId}), and run this again.`;
}

/** Google does not tell a project that is not there from one that is hidden; its buckets give it away. */
async function hiddenProject({ project, buckets }: OwnProjectRecipe, reader: EstateReader): Promise<readonly string[]> {
  const found = await Promise.all(
    buckets.map(async ({ name }) => ((await reader.bucket(name)) ? [`gs://${name}`] : [])),
  );
  const names = found.flat();
  if (names.length === 0) return [];
  return [
    `${project.projectId}: these credentials can't see such a project, but ${names.join(" and ")} ${names.length === 1 ? "exists" : "exist"}. Run this as somebody with roles/viewer on the project; if it is somebody else's, declare other buckets.`,
  ];
}

function parentChange({ project }: OwnProjectRecipe, { parent }: ObservedProject): readonly string[] {
  const declared = project.folder === undefined ? `organization ${project.organization}` : `folder ${project.folder}`;
  if (parent === undefined || parent === declared) return [];
  return [`${project.projectId}: is moved to ${declared}, now it lies in ${parent}`];
}

async function lookAtFolder(recipe: SharedProjectRecipe, reader: EstateReader): Promise<Found> {
  const { bucket, folder, folderPolicy, projectId, sources, grants } = recipe;
  const [granted, ...parts] = await Promise.all([
    grants.length === 0 ? new Set<string>() : reader.projectPolicy(projectId).then(grantKeys),
    lookAtManagedFolder(bucket, folder, folderPolicy, reader),
    sources === undefined ? nothing : lookAtManagedFolder(sources.bucket, folder, sources.policy, reader),
    lookAtRegistry(recipe, projectId, reader),
    lookAtBuildAccount(recipe, projectId, reader),
  ]);
  const ids = new Set([...grantIds(grants, granted, projectId), ...parts.flatMap((part) => part.ids)]);
  return {
    existing: ({ importId = "" }) => ids.has(importId),
    importIds: new Map(),
    policies: parts.flatMap(({ policies }) => policies),
    foreignGrants: [],
    changes: [],
    obstacles: [],
  };
}

async function lookAtManagedFolder(
  bucket: string,
  folder: string,
  declared: readonly IamGrant[],
  reader: EstateReader,
): Promise<FoundPart> {
  if (!(await reader.managedFolder(bucket, folder))) return nothing;
  const observed = await reader.managedFolderPolicy(bucket, folder);
  return {
    ids: [`${bucket}/${folder}`, `b/${bucket}/managedFolders/${folder}`],
    policies: [policyDifference(`gs://${bucket}/${folder}`, declared, observed)],
    obstacles: [],
  };
}

async function lookAtBuildAccount(
  { buildAccount }: StagingRecipe,
  projectId: string,
  reader: EstateReader,
): Promise<FoundPart> {
  if (buildAccount === undefined) return nothing;
  const { address, policy } = buildAccount;
  if (!(await reader.serviceAccount(projectId, address))) return nothing;
  const observed = await reader.serviceAccountPolicy(projectId, address);
  return {
    ids: [`projects/${projectId}/serviceAccounts/${address}`],
    policies: [policyDifference(address, policy, observed)],
    obstacles: [],
  };
}

function grantKeys({ grants }: ObservedPolicy): ReadonlySet<string> {
  return new Set(grants.flatMap(({ role, members }) => members.map((member) => grantKey(role, member))));
}

/** Import ids of those declared grants that exist. */
function grantIds(grants: readonly ProjectGrant[], granted: ReadonlySet<string>, projectId: string): readonly string[] {
  return grants
    .filter(({ role, member }) => granted.has(grantKey(role, member)))
    .map(({ role, member }) => `${projectId} ${role} ${member}`);
}

interface FoundPart {
  readonly ids: readonly string[];
  readonly policies: readonly PolicyDifference[];
  readonly changes?: readonly string[];
  readonly obstacles: readonly string[];
}

const nothing: FoundPart = { ids: [], policies: [], obstacles: [] };

async function lookAtBucket(
  bucket: BucketRecipe,
  projectId: string,
  projectNumber: string,
  reader: EstateReader,
): Promise<FoundPart> {
  const found = await reader.bucket(bucket.name);
  if (found === undefined) return nothing;
  const obstacle = bucketInTheWay(bucket, found, projectNumber);
  if (obstacle !== undefined || found === "forbidden") return { ...nothing, obstacles: [obstacle ?? bucket.name] };
  const owner = await reader.bucketPolicy(bucket.name);
  return {
    ids: [`b/${bucket.name}`, `${projectId}/${bucket.name}`],
    policies: [policyDifference(`gs://${bucket.name}`, bucket.policy, owner)],
    changes: bucketChanges(bucket, found),
    obstacles: [],
  };
}

function bucketInTheWay(
  bucket: BucketRecipe,
  found: ObservedBucket | "forbidden",
  projectNumber: string,
): string | undefined {
  const name = `gs://${bucket.name}`;
  const key = bucket.key === "gcb" ? "gcb-bucket" : "bucket";
  if (found === "forbidden") {
    return `${name}: exists, and these credentials may not look at it. If it is the project's own, run this as somebody with roles/viewer there; else declare another with "${key}".`;
  }
  if (found.projectNumber !== projectNumber) {
    return `${name}: belongs to the project with the number ${found.projectNumber}, not to this one (${projectNumber}). Names of buckets are unique in the world: declare another with "${key}".`;
  }
  return bucketObstacle(bucket, found);
}

async function lookAtRegistry(
  { registry }: StagingRecipe,
  projectId: string,
  reader: EstateReader,
): Promise<FoundPart> {
  if (registry === undefined) return nothing;
  const { location, repository, policy } = registry;
  if (!(await reader.repository(projectId, location, repository))) return nothing;
  const observed: ObservedPolicy = await reader.repositoryPolicy(projectId, location, repository);
  const name = `projects/${projectId}/locations/${location}/repositories/${repository}`;
  return { ids: [name], policies: [policyDifference(name, policy, observed)], obstacles: [] };
}

async function idsOfTheService(
  { project }: OwnProjectRecipe,
  number: string,
  reader: EstateReader,
): Promise<ReadonlyMap<string, string>> {
  const { isGuarded, contacts } = project;
  const found = await namedByService(reader, number, { liens: isGuarded, contacts: contacts.length > 0 });
  const ids = new Map<string, string>();
  const lien = found.lien("artifacts");
  if (lien !== undefined) ids.set("google_resource_manager_lien.deletion", lien);
  for (const email of contacts) {
    const id = found.contact(email);
    if (id !== undefined) ids.set(`google_essential_contacts_contact.${principalKey(email)}`, id);
  }
  return ids;
}

function grantKey(role: string, member: string): string {
  return `${role} ${canonicalPrincipal(member)}`;
}

/** Google grants these to its own agents by itself. */
function isGooglesOwn(key: string): boolean {
  return /serviceAccount:(service-\d+@|\d+@cloudservices\.|\d+@cloudbuild\.|.*@gcp-sa-)/.test(key);
}
