import type { Command } from "commander";
import { stringify } from "yaml";
import { type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import type { Estate } from "../../model/estate";
import { resourceAddress } from "../../model/planned-resources";
import type { IamGrant } from "../../model/projects";
import type { BucketRecipe, ProjectGrant, SharedProjectRecipe, StagingRecipe } from "../../model/recipe";
import { guestsOf, stagingRecipe, stagingRecipes } from "../../model/staging-recipe";
import { stagingResources } from "../../model/staging-resources";
import { effectiveSettings } from "../effective-settings";
import { ExitCode } from "../exit-codes";
import { findStagingProject } from "../find-staging-project";
import { addLayoutOptions } from "../layout-options";

interface Options extends LayoutOverrides {
  readonly json?: boolean;
}

/** A principal's role on one thing. */
interface HeldRole {
  readonly member: string;
  readonly role: string;
  readonly on: string;
}

interface PolicyOn {
  readonly on: string;
  readonly policy: readonly IamGrant[];
}

export function define(command: Command): void {
  addLayoutOptions(command);
  command
    .argument("<project>", "staging project id or staging name, e.g. k8s-staging-kops or kops")
    .option("--json", "print one JSON document instead of text")
    .addHelpText("after", EXAMPLES)
    .action((project: string, options: Options) => {
      process.exitCode = show(project, options);
    });
}

const EXAMPLES = `
Prints the effective settings of a staging project (defaults.yaml, then its own block in infra.yaml), the Terraform
resources it becomes, and every principal with every role. In a shared project: also those with a role on all of it,
its folder included; of a project that others share: also those that its guests bring.

Examples:
  artifacts show kops
  artifacts show k8s-staging-kops --json

Exit codes: 0 shown, 2 no such project or inputs not valid.
`;

function show(asked: string, options: Options): ExitCode {
  const found = findStagingProject(loadEstate(readLayout(options)), asked);
  if (found === undefined) return ExitCode.usage;
  const { project, estate } = found;
  const recipe = stagingRecipe(project, estate);
  const resources = stagingResources(recipe).map(resourceAddress);
  const roles = heldRoles(recipe);
  const host = recipe.mode === "shared" ? { projectId: recipe.projectId, roles: hostRoles(recipe, estate) } : undefined;
  const guests = guestsOf(
    project.projectId,
    stagingRecipes(estate).map((each) => each.recipe),
  ).map((guest) => ({ name: guest.name, roles: heldRoles(guest) }));
  if (options.json) {
    const settings = effectiveSettings(project);
    const document = { settings, resources, roles, ...(host && { host }), ...(guests.length > 0 && { guests }) };
    process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
    return ExitCode.ok;
  }
  const { file, line } = project.at;
  process.stdout.write(`# Effective settings of ${project.projectId}: defaults.yaml, then ${file}:${line}\n`);
  process.stdout.write(stringify(effectiveSettings(project)));
  process.stdout.write(
    `\n# Stack staging-${project.name}: ${resources.length} resources\n${resources.map((each) => `${each}\n`).join("")}`,
  );
  process.stdout.write(`\n# Who may do what\n${table(roles)}`);
  for (const guest of guests) {
    process.stdout.write(`\n# Who else, through its guest ${guest.name}\n${table(guest.roles)}`);
  }
  if (host === undefined) return ExitCode.ok;
  const told = host.roles === undefined ? "others manage it, what it gives is not known here\n" : table(host.roles);
  process.stdout.write(`\n# Who else, through the shared project ${host.projectId} and its buckets\n${told}`);
  return ExitCode.ok;
}

/** Roles on the whole of the shared project and on the buckets that the guest has folders in, unless others manage it. */
function hostRoles(guest: SharedProjectRecipe, estate: Estate): readonly HeldRole[] | undefined {
  const project = estate.staging.find(({ projectId }) => projectId === guest.projectId);
  const host = project && stagingRecipe(project, estate);
  if (host?.mode !== "project") return undefined;
  const shared = host.buckets.filter(({ name }) => name === guest.bucket || name === guest.sources?.bucket);
  return heldOn(guest.projectId, host.grants, shared.map(onBucket));
}

function heldRoles(recipe: StagingRecipe): readonly HeldRole[] {
  const { registry, buildAccount } = recipe;
  const projectId = recipe.mode === "project" ? recipe.project.projectId : recipe.projectId;
  return heldOn(projectId, recipe.grants, [
    ...(recipe.mode === "project"
      ? recipe.buckets.map(onBucket)
      : [{ on: `gs://${recipe.bucket}/${recipe.folder}`, policy: recipe.folderPolicy }, ...sourcesOf(recipe)]),
    ...(registry === undefined ? [] : [{ on: `${registry.location}/${registry.repository}`, policy: registry.policy }]),
    ...(buildAccount === undefined ? [] : [{ on: buildAccount.address, policy: buildAccount.policy }]),
  ]);
}

function heldOn(
  projectId: string,
  grants: readonly ProjectGrant[],
  policies: readonly PolicyOn[],
): readonly HeldRole[] {
  const onProject = grants.map(({ role, member }) => ({ role, member, on: projectId }));
  const inPolicies = policies.flatMap(({ on, policy }) =>
    policy.flatMap(({ role, members }) => members.map((member) => ({ member, role, on }))),
  );
  return [...onProject, ...inPolicies].sort(
    (a, b) => order(a.member, b.member) || order(a.on, b.on) || order(a.role, b.role),
  );
}

function onBucket({ name, policy }: BucketRecipe): PolicyOn {
  return { on: `gs://${name}`, policy };
}

function sourcesOf({ sources, folder }: SharedProjectRecipe) {
  return sources === undefined ? [] : [{ on: `gs://${sources.bucket}/${folder}`, policy: sources.policy }];
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function table(roles: readonly HeldRole[]): string {
  const width = Math.max(0, ...roles.map(({ member }) => member.length));
  const onWidth = Math.max(0, ...roles.map(({ on }) => on.length));
  return roles.map(({ member, role, on }) => `${member.padEnd(width)}  ${on.padEnd(onWidth)}  ${role}\n`).join("");
}
