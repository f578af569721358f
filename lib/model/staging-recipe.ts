import { principalKey, roleKey } from "./address-keys";
import type { Defaults } from "./defaults";
import type { Estate } from "./estate";
import { canonicalPrincipal } from "./iam-policy";
import type { StagingProject } from "./projects";
import type { ProjectGrant, ProjectRecipe, SharedProjectRecipe, StagingRecipe, StagingStep } from "./recipe";
import { folderPolicy, registryRecipe, sourcesPolicy, stagingBuckets } from "./staging-buckets";
import { buildAccountRecipe } from "./staging-builds";
import { type Publishers, publishersByBucket, type StagingPrincipals, stagingPrincipals } from "./staging-principals";

type StagingInputs = Pick<Estate, "defaults" | "staging" | "filestores">;

/** Everything that a staging project's settings, the defaults and the filestores make of it. */
export function stagingRecipe(project: StagingProject, estate: StagingInputs): StagingRecipe {
  return recipeOf(project, estate.defaults, bucketsByProject(estate), publishersByBucket(estate.filestores));
}

export interface ProjectWithRecipe {
  readonly project: StagingProject;
  readonly recipe: StagingRecipe;
}

/** One for each staging project of ours, in the order of infra.yaml. */
export function stagingRecipes(estate: StagingInputs): readonly ProjectWithRecipe[] {
  const { staging, defaults, filestores } = estate;
  const buckets = bucketsByProject(estate);
  const publishers = publishersByBucket(filestores);
  return staging.map((project) => ({ project, recipe: recipeOf(project, defaults, buckets, publishers) }));
}

type BucketsByProject = ReadonlyMap<string, string>;

function bucketsByProject({ staging }: StagingInputs): BucketsByProject {
  const own = staging.filter(({ mode }) => mode === "project");
  return new Map(own.map(({ projectId, bucket }) => [projectId, bucket]));
}

function recipeOf(
  project: StagingProject,
  defaults: Defaults,
  buckets: BucketsByProject,
  publishers: Publishers,
): StagingRecipe {
  const principals = stagingPrincipals(project, defaults, publishers);
  const registry = registryRecipe(project, principals);
  const buildAccount = buildAccountRecipe(project, principals);
  const common = {
    name: project.name,
    step: principals.step,
    ...(registry === undefined ? {} : { registry }),
    ...(buildAccount === undefined ? {} : { buildAccount }),
  };
  if (project.mode === "shared") return { mode: "shared", ...common, ...sharedPlace(project, buckets, principals) };
  return {
    mode: "project",
    ...common,
    project: projectRecipe(project, defaults, principals.step),
    grants: uniqueGrants(projectGrants(project, defaults, principals)),
    buckets: stagingBuckets(project, defaults, principals),
  };
}

function sharedPlace(
  project: StagingProject,
  buckets: BucketsByProject,
  principals: StagingPrincipals,
): Pick<SharedProjectRecipe, "projectId" | "bucket" | "folder" | "folderPolicy" | "grants" | "sources"> {
  const projectId = project.sharedProjectId ?? project.projectId;
  return {
    projectId,
    bucket: buckets.get(projectId) ?? projectId,
    folder: `${project.name}/`,
    folderPolicy: folderPolicy(principals),
    // Nothing else on the project, or a team's builds could reach what other teams have there.
    grants: principals.buildAccounts.map((member) => grant("roles/logging.logWriter", member)),
    ...(project.buildAccountId === undefined
      ? {}
      : { sources: { bucket: project.gcbBucket, policy: sourcesPolicy(principals) } }),
  };
}

function projectRecipe(project: StagingProject, defaults: Defaults, step: StagingStep): ProjectRecipe {
  return {
    projectId: project.projectId,
    ...(defaults.organization === undefined ? {} : { organization: defaults.organization }),
    ...(defaults.folder === undefined ? {} : { folder: defaults.folder }),
    billingAccount: defaults.billingAccount,
    labels: project.labels,
    services: [...new Set([...project.services, ...impliedServices(project)])].sort(),
    contacts: [...project.contacts].sort(),
    ...(project.budget === undefined ? {} : { budget: project.budget }),
    isGuarded: step === "active" || step === "closed",
  };
}

/** APIs without which a setting could not take effect. */
function impliedServices({ registry, contacts, budget, buildAccountId }: StagingProject): readonly string[] {
  return [
    ...(buildAccountId === undefined ? [] : ["iam.googleapis.com"]),
    ...(registry === undefined ? [] : ["artifactregistry.googleapis.com"]),
    ...(contacts.length === 0 ? [] : ["essentialcontacts.googleapis.com"]),
    ...(contacts.length === 0 || budget === undefined ? [] : ["monitoring.googleapis.com"]),
  ];
}

/** Starting a build needs serviceusage.services.use, which the editor of builds does not have. */
const TEAM_ROLES = ["roles/viewer", "roles/cloudbuild.builds.editor", "roles/serviceusage.serviceUsageConsumer"];

function projectGrants(
  project: StagingProject,
  defaults: Defaults,
  { step, admins, builders, buildAccounts }: StagingPrincipals,
): readonly ProjectGrant[] {
  const adminGrants = admins.map((member) => grant("roles/viewer", member));
  if (step !== "active") return adminGrants;
  return [
    ...TEAM_ROLES.map((role) => grant(role, `group:${project.group}`, "team")),
    ...builders.map((member) => grant("roles/cloudbuild.builds.builder", member, "builder")),
    // What Google's own build account had: writing logs, objects and images of this project. No right to others.
    ...buildAccounts.map((member) => grant("roles/cloudbuild.builds.builder", member, "build-account")),
    ...(project.isRelease ? [grant("roles/viewer", `group:${defaults.releaseViewersGroup}`, "release-viewers")] : []),
    ...adminGrants,
    ...project.viewers.map((member) => grant("roles/viewer", member)),
    ...project.iam.flatMap(({ role, members }) => members.map((member) => grant(role, member))),
  ];
}

function grant(role: string, principal: string, who?: string): ProjectGrant {
  const member = canonicalPrincipal(principal);
  return { key: `${roleKey(role)}__${who ?? principalKey(member)}`, role, member };
}

/** Two reasons for the same grant make one resource: with two, dropping one reason would take the grant away. */
function uniqueGrants(grants: readonly ProjectGrant[]): readonly ProjectGrant[] {
  const first = new Map<string, ProjectGrant>();
  for (const each of grants) {
    const identity = `${each.role} ${each.member}`;
    if (!first.has(identity)) first.set(identity, each);
  }
  return [...first.values()];
}
