import type { Defaults } from "./defaults";
import type { Estate } from "./estate";
import { grant, uniqueGrants } from "./project-grants";
import type { StagingProject } from "./projects";
import type { ProjectGrant, ProjectRecipe, SharedProjectRecipe, StagingRecipe, StagingStep } from "./recipe";
import { folderPolicy, registryRecipe, sourcesPolicy, stagingBuckets } from "./staging-buckets";
import { buildAccountRecipe } from "./staging-builds";
import { type Publishers, publishersByBucket, type StagingPrincipals, stagingPrincipals } from "./staging-principals";

type StagingInputs = Pick<Estate, "defaults" | "staging" | "filestores">;

/** Everything that a staging project's settings, the defaults and the filestores make of it. */
export function stagingRecipe(project: StagingProject, estate: StagingInputs): StagingRecipe {
  return recipeOf(project, estate.defaults, surroundings(estate));
}

export interface ProjectWithRecipe {
  readonly project: StagingProject;
  readonly recipe: StagingRecipe;
}

/** One for each staging project of ours, in the order of infra.yaml. */
export function stagingRecipes(estate: StagingInputs): readonly ProjectWithRecipe[] {
  const { staging, defaults } = estate;
  const around = surroundings(estate);
  return staging.map((project) => ({ project, recipe: recipeOf(project, defaults, around) }));
}

/** Those that have a folder in this project. */
export function guestsOf(projectId: string, recipes: readonly StagingRecipe[]): readonly SharedProjectRecipe[] {
  return recipes.flatMap((recipe) => (recipe.mode === "shared" && recipe.projectId === projectId ? [recipe] : []));
}

/** The staging projects of which a change of the inputs makes something else, by name: those to plan and deploy. */
export function changedStagingProjects(before: StagingInputs, after: StagingInputs): readonly string[] {
  const texts = new Map(
    stagingRecipes(before).map(({ project, recipe }) => [project.projectId, JSON.stringify(recipe)]),
  );
  return stagingRecipes(after)
    .filter(({ project, recipe }) => texts.get(project.projectId) !== JSON.stringify(recipe))
    .map(({ project }) => project.name);
}

/** What decides about a project and stands elsewhere. */
interface Surroundings {
  readonly publishers: Publishers;

  /** The bucket of each project of its own. */
  readonly buckets: ReadonlyMap<string, string>;

  /** Projects with a guest that is public. */
  readonly publicHosts: ReadonlySet<string | undefined>;
}

function surroundings({ staging, filestores }: StagingInputs): Surroundings {
  const own = staging.filter(({ mode }) => mode === "project");
  const publicGuests = staging.filter(({ mode, isPublic, retired }) => mode === "shared" && isPublic && !retired);
  return {
    publishers: publishersByBucket(filestores),
    buckets: new Map(own.map(({ projectId, bucket }) => [projectId, bucket])),
    publicHosts: new Set(publicGuests.map(({ sharedProjectId }) => sharedProjectId)),
  };
}

function recipeOf(project: StagingProject, defaults: Defaults, around: Surroundings): StagingRecipe {
  const { publishers, buckets, publicHosts } = around;
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
    buckets: stagingBuckets(project, defaults, principals, publicHosts.has(project.projectId)),
  };
}

function sharedPlace(
  project: StagingProject,
  buckets: Surroundings["buckets"],
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
    ...TEAM_ROLES.map((role) => grant(role, `group:${project.group}`)),
    ...builders.map((member) => grant("roles/cloudbuild.builds.builder", member)),
    // What Google's own build account had: writing logs, objects and images of this project. No right to others.
    ...buildAccounts.map((member) => grant("roles/cloudbuild.builds.builder", member)),
    ...(project.isRelease ? [grant("roles/viewer", `group:${defaults.releaseViewersGroup}`)] : []),
    ...adminGrants,
    ...project.viewers.map((member) => grant("roles/viewer", member)),
    ...project.iam.flatMap(({ role, members }) => members.map((member) => grant(role, member))),
  ];
}
