import { reservedBuckets } from "../bucket-owners";
import { accountIdProblem, bucketNameProblem, projectIdProblem, repositoryProblem } from "../gcp-names";
import { notifiedContacts } from "../planned-resources";
import type { KnownProject, StagingProject } from "../projects";
import { retirementStep } from "../retirement";
import { editDistance, quote, quoteList } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";
import { checkGuest, checkTaken } from "./shared-projects";

/** Google takes no more labels than this on one resource. */
const MAX_LABELS = 64;

/** Projects against one another and against the production side. */
export function checkProjects(draft: Draft, found: Findings): void {
  checkTypes(draft.projects, found);
  for (const project of draft.projects) checkKnown(project, draft, found);
  for (const project of draft.staging) checkStaging(project, draft, found);
  checkBuckets(draft, found);
  checkTaken(draft, found);
}

function checkTypes(projects: readonly KnownProject[], { warn }: Findings): void {
  const first = new Map<string, KnownProject>();
  for (const project of projects) {
    const before = first.get(project.projectId);
    if (before === undefined) first.set(project.projectId, project);
    else {
      const detail = `It is managed by ${before.managedBy ?? "nobody"} there and by ${project.managedBy ?? "nobody"} here. Keep one of the two.`;
      const summary = `${project.projectId}: stands under infra.${before.type} and under infra.${project.type}`;
      warn("project/two-types", project.at, summary, detail);
    }
  }
}

/** Projects that others manage are theirs to name; only what can not be a project at all is worth a word. */
function checkKnown(
  { projectId, managedBy, at }: KnownProject,
  { defaults, isComplete }: Draft,
  { warn }: Findings,
): void {
  const bareId = projectId.replace(/^[a-z0-9.-]+\.[a-z]+:/, "");
  const problem = managedBy === defaults.managedBy ? undefined : projectIdProblem(bareId);
  if (problem !== undefined) warn(problem.rule, at, `${quote(projectId)}: ${problem.what}`, problem.repair);
  if (
    isComplete.names &&
    managedBy !== undefined &&
    managedBy !== defaults.managedBy &&
    editDistance(managedBy, defaults.managedBy, 3) < 3
  ) {
    const detail = `Only projects of ${quote(defaults.managedBy)} are provisioned here. Did you mean that?`;
    warn(
      "project/managed-by",
      at,
      `${projectId}: is managed by ${quote(managedBy)}, which is almost our own name`,
      detail,
    );
  }
}

function checkStaging(project: StagingProject, draft: Draft, found: Findings): void {
  const { projectId, registry, labels } = project;
  const { error, place } = found;
  checkGuest(project, draft, found);
  checkIamOn(project, draft, found);
  checkCustomRoles(project, found);
  checkNotified(project, found);
  const account = project.buildAccountId === undefined ? undefined : accountIdProblem(project.buildAccountId);
  if (account !== undefined) {
    const detail = `In mode shared the staging name stands behind it; choose one of at most ${29 - project.name.length} characters, e.g. "builds".`;
    error(account.rule, place(project, "build-account"), `${projectId}: build-account: ${account.what}`, detail);
  }
  for (const [key, bucket] of [
    ["bucket", project.bucket],
    ["gcb-bucket", project.gcbBucket],
  ] as const) {
    const problem = bucketNameProblem(bucket);
    if (problem === undefined) continue;
    error(problem.rule, place(project, key), `${projectId}: ${key}: ${problem.what}`, `Set "${key}" to another name.`);
  }
  const problem = registry === undefined ? undefined : repositoryProblem(registry.repository);
  if (problem !== undefined) {
    error(problem.rule, place(project, "registry"), `${projectId}: registry: ${problem.what}`, 'Set "repository".');
  }
  if (Object.keys(labels).length > MAX_LABELS) {
    const summary = `${projectId}: labels: ${Object.keys(labels).length} with those of the defaults, at most ${MAX_LABELS} are allowed`;
    error("gcp/label", place(project, "labels"), summary);
  }
}

/** What defaults.yaml says for all holds where there is such a thing; what a project says of itself is meant. */
function checkIamOn(project: StagingProject, { defaults, hasDefaultsFile }: Draft, { error, place }: Findings): void {
  const { projectId, iamOn, registry, buildAccountId } = project;
  for (const [key, part, thing] of [
    ["registry", "registry", registry],
    ["build-account", "buildAccount", buildAccountId],
  ] as const) {
    const isItsOwn = iamOn?.[part] !== undefined && defaults.staging.iamOn?.[part] === undefined;
    if (thing !== undefined || !isItsOwn || !hasDefaultsFile) continue;
    const summary = `${projectId}: iam-on.${key}: this would have no effect: the project has no ${key}`;
    error("project/iam-on", place(project, "iam-on", key), summary, `Remove the key, or declare "${key}".`);
  }
}

/** Google takes a custom role of a project in that project's policy, and in those of what lies in it, only. */
function checkCustomRoles(project: StagingProject, { error, place }: Findings): void {
  const { projectId, mode, iam, iamOn = {} } = project;
  const [home, ownIam] = mode === "shared" ? [project.sharedProjectId, []] : [projectId, iam];
  for (const [key, grants] of [["iam", ownIam] as const, ["iam-on", Object.values(iamOn).flat()] as const]) {
    for (const { role } of grants) {
      const owner = /^projects\/([^/]+)/.exec(role)?.[1] ?? home;
      if (owner === home) continue;
      const summary = `${projectId}: ${key}: ${quote(role)} is a custom role of another project`;
      const detail = `Roles of ${owner} can be granted there only. Make it a role of the organization, or of ${home}.`;
      error("iam/role", place(project, key, role), summary, detail);
    }
  }
}

/** Google tells so many and no more, without a word about the others. */
function checkNotified(project: StagingProject, { warn, place }: Findings): void {
  const { projectId, mode, budget } = project;
  if (mode === "shared" || budget === undefined || retirementStep(project) === "shut-down") return;
  const contacts = [...project.contacts].sort();
  const notified = notifiedContacts(contacts);
  if (notified.length === contacts.length) return;
  const summary = `${projectId}: contacts: the budget tells the first ${notified.length} of ${contacts.length}, not ${quoteList(contacts.slice(notified.length))}`;
  const detail = "A budget has no more channels than that. Name a group, or fewer contacts.";
  warn("project/budget-contacts", place(project, "contacts"), summary, detail);
}

/** Two projects must not make, or let their people write to, one and the same bucket. */
function checkBuckets({ staging, defaults, projects }: Draft, { error, place }: Findings): void {
  const owners = new Map(reservedBuckets(defaults));
  const ours = new Set(staging.map(({ projectId }) => projectId));
  for (const project of projects) {
    if (project.bucket !== undefined && !ours.has(project.projectId)) owners.set(project.bucket, project.projectId);
  }
  for (const project of staging.filter(({ mode }) => mode === "project")) {
    for (const [key, bucket] of [
      ["bucket", project.bucket],
      ["gcb-bucket", project.gcbBucket],
    ] as const) {
      const owner = owners.get(bucket);
      if (owner === undefined) owners.set(bucket, project.projectId);
      else {
        const summary = `${project.projectId}: ${key}: the bucket ${quote(bucket)} belongs to ${owner} already`;
        error("project/bucket-taken", place(project, key), summary, `Give one of them another name with "${key}".`);
      }
    }
  }
}
