import type { EstateReader, ObservedPolicy, ObservedProject } from "../cloud/observed";
import { canonicalPrincipal } from "../model/iam-policy";
import type { ProjectGrant, ProjectRecipe } from "../model/recipe";
import { type Found, nothing } from "./found";
import { labelChanges } from "./label-changes";
import { lookAtNamed } from "./look-at-named";

export interface OwnProject {
  readonly recipe: ProjectRecipe;
  readonly grants: readonly ProjectGrant[];

  /** Names of the buckets and addresses of the service accounts that are declared in it. */
  readonly declared: readonly string[];

  /** Roles on it that other stacks give. @default - none */
  readonly givenElsewhere?: readonly ProjectGrant[];

  /** What stands before the names of its resources. @default - nothing */
  readonly prefix?: string;
}

/** The project itself, its services, roles, and what of it the service names. */
export async function lookAtProject(
  { recipe, grants, declared, givenElsewhere = [], prefix = "" }: OwnProject,
  project: ObservedProject,
  reader: EstateReader,
): Promise<Found> {
  const { projectId } = recipe;
  const [services, billingAccount, roles, named, undeclared] = await Promise.all([
    reader.services(projectId),
    reader.billingAccount(projectId),
    lookAtGrants(projectId, grants, reader, { number: project.number, givenElsewhere }),
    lookAtNamed(recipe, project.number, prefix, reader),
    lookForOthers(projectId, declared, reader),
  ]);
  const others = [...services].filter((service) => !recipe.services.includes(service) && !isUsual(service)).sort();
  return {
    ...roles,
    ids: [projectId, ...[...services].map((service) => `${projectId}/${service}`), ...(roles.ids ?? [])],
    importIds: named.importIds,
    changes: [
      ...parentChange(recipe, project),
      ...nameChange(recipe, project),
      ...labelChanges(projectId, recipe.labels, project.labels),
      ...billingChange(recipe, billingAccount),
      ...named.changes,
      ...(roles.changes ?? []),
    ],
    unseen: [
      ...(billingAccount === undefined ? [`${projectId}: its billing account`] : []),
      ...named.unseen,
      ...undeclared.unseen,
    ],
    obstacles: named.obstacles,
    undeclared: [
      ...undeclared.names,
      ...named.undeclared,
      ...(others.length === 0 ? [] : [`APIs that are enabled in ${projectId}: ${others.join(", ")}`]),
    ],
  };
}

/**
 * Roles on a project. Those of Google's default accounts go with a deploy, if we make the project: each of them, not only
 * that of an editor. What is declared for such an account is therefore granted anew, not taken over.
 */
export async function lookAtGrants(
  projectId: string,
  grants: readonly ProjectGrant[],
  reader: Pick<EstateReader, "projectPolicy">,
  own?: { readonly number: string; readonly givenElsewhere: readonly ProjectGrant[] },
): Promise<Found> {
  if (grants.length === 0 && own === undefined) return nothing;
  const policy = await reader.projectPolicy(projectId);
  const granted = new Set(grantKeys(policy));
  const goes = (member: string) => own !== undefined && isDefaultAccount(member);
  const declared = grants.filter(({ role, member }) => granted.has(grantKey(role, member)));
  const ids = declared
    .filter(({ member }) => !goes(member))
    .map(({ role, member }) => `${projectId} ${role} ${member}`);
  if (own === undefined) return { ids };
  const known = new Set([...grants, ...own.givenElsewhere].map(({ role, member }) => grantKey(role, member)));
  const foreign = [...granted].filter((key) => !known.has(key) && !isGooglesOwn(key, own.number)).sort();
  const conditional = policy.conditional.flatMap(({ role, members, condition }) =>
    members.map((member) => `${grantKey(role, member)} (under the condition ${JSON.stringify(condition)})`),
  );
  return {
    ids,
    foreignGrants: [...foreign.filter((key) => !goes(key)), ...conditional],
    changes: foreign.filter(goes).map(lossOfDefaultAccount),
  };
}

function lossOfDefaultAccount(key: string): string {
  const [role, member] = key.split(" ");
  return `${member}: loses ${role} on the project, as every default account of Google's loses all its roles. Builds that run as it stop working: declare the role (iam) or an account for builds (build-account).`;
}

function parentChange(recipe: ProjectRecipe, { parent }: ObservedProject): readonly string[] {
  const declared = recipe.folder === undefined ? `organization ${recipe.organization}` : `folder ${recipe.folder}`;
  if (parent === undefined || parent === declared) return [];
  return [`${recipe.projectId}: is moved to ${declared}, now it lies in ${parent}`];
}

function nameChange({ projectId }: ProjectRecipe, { name }: ObservedProject): readonly string[] {
  if (name === undefined || name === projectId) return [];
  return [`${projectId}: is displayed as ${JSON.stringify(projectId)}, now as ${JSON.stringify(name)}`];
}

function billingChange({ projectId, billingAccount }: ProjectRecipe, found: string | undefined): readonly string[] {
  if (found === undefined || found === billingAccount) return [];
  return [`${projectId}: is paid from the billing account ${billingAccount}, now from ${found || "none"}`];
}

/** Google enables these in every project, or with others, by itself. */
function isUsual(service: string): boolean {
  return /^(bigquery\w*|analyticshub|cloudapis|cloudtrace|dataform|dataplex|datastore|monitoring|servicemanagement|serviceusage|sql-component|storage|logging)\.googleapis\.com$/.test(
    service,
  );
}

/** Buckets and accounts that no recipe has. */
async function lookForOthers(
  projectId: string,
  declared: readonly string[],
  reader: EstateReader,
): Promise<{ readonly names: readonly string[]; readonly unseen: readonly string[] }> {
  const [buckets, accounts] = await Promise.all([reader.buckets(projectId), reader.serviceAccounts(projectId)]);
  const isOther = (name: string) => !declared.includes(name);
  return {
    names: [
      ...(buckets ?? []).filter(isOther).map((name) => `gs://${name}`),
      ...(accounts ?? []).filter(isOther),
    ].sort(),
    unseen: [
      ...(buckets === undefined ? [`${projectId}: its list of buckets`] : []),
      ...(accounts === undefined ? [`${projectId}: its list of service accounts`] : []),
    ],
  };
}

function grantKeys({ grants }: ObservedPolicy): readonly string[] {
  return grants.flatMap(({ role, members }) => members.map((member) => grantKey(role, member)));
}

function grantKey(role: string, member: string): string {
  return `${role} ${canonicalPrincipal(member)}`;
}

/** What Google grants to its agents in a project by itself. Other roles of theirs, and all roles of other projects' agents, people gave. */
function isGooglesOwn(key: string, projectNumber: string): boolean {
  const [role = "", member = ""] = key.split(" ");
  const [, agent, host] = /^serviceAccount:(.*)@(.*)\.gserviceaccount\.com$/.exec(member) ?? [];
  switch (agent) {
    case projectNumber:
      return role === GIVEN_TO_ITS_NUMBER[host ?? ""];
    case `service-${projectNumber}`:
      return /\.serviceAgent$/i.test(role);
    default:
      return false;
  }
}

/** By what stands after the `@`. */
const GIVEN_TO_ITS_NUMBER: Readonly<Record<string, string>> = {
  cloudservices: "roles/editor",
  cloudbuild: "roles/cloudbuild.builds.builder",
};

/** Compute Engine's and App Engine's. */
function isDefaultAccount(key: string): boolean {
  return /serviceAccount:(\d+-compute@developer|[^@]+@appspot)\.gserviceaccount\.com$/.test(key);
}
