import type { TerraformStack } from "cdktf";
import type { Construct } from "constructs";
import { formatDiagnostic } from "../lib/diagnostics";
import type { Adoption } from "../lib/model/adoption";
import { disposableServing, disposableStaging } from "../lib/model/disposable";
import type { Estate } from "../lib/model/estate";
import type { Manifest } from "../lib/model/manifests";
import { pushableBuckets } from "../lib/model/pushable-buckets";
import { retiredSources } from "../lib/model/retired-sources";
import { servingRecipe } from "../lib/model/serving-recipe";
import { stagingOwners } from "../lib/model/staging-owner";
import { stagingRecipes } from "../lib/model/staging-recipe";
import type { EstateStack } from "./estate-stack";
import { GroupsStack } from "./groups";
import type { Platform } from "./platform";
import { PromoteStack, promoteStackName } from "./promote";
import { ServingStack } from "./serving";
import { StagingStack, stagingStackName } from "./staging";

/** Decides by a stack's name, e.g. whether it is built. */
export type Wanted = (stack: string) => boolean;

/**
 * Builds the wanted stacks of an estate. They refer to nothing of each other, so any of them can be left out; the order
 * in which they have to be applied is declared to the CLI all the same: among those that one run is about.
 */
export function buildStacks(
  app: Construct,
  estate: Estate,
  platform: Platform,
  isWanted: Wanted = () => true,
  isRun: Wanted = () => true,
): void {
  const { groups, defaults, staging, filestores, manifests, adoptions = [] } = estate;
  const build = <T extends TerraformStack>(name: string, make: () => T) => (isWanted(name) ? [make()] : []);

  const applyAfter = orderAmong(isRun);

  const [servingOf, stagingOf] = platform.isDisposable ? [disposableServing, disposableStaging] : [asItIs, asItIs];

  const serving = build("serving", () => new ServingStack(app, servingOf(servingRecipe(defaults)), platform));
  const stagingStacks = new Map<string, readonly StagingStack[]>();
  for (const { recipe, project } of stagingRecipes(estate)) {
    const stack = build(stagingStackName(recipe.name), () => new StagingStack(app, stagingOf(recipe), platform));
    stagingStacks.set(project.projectId, stack);
    applyAfter(stack, serving);
  }
  for (const { projectId, sharedProjectId, mode } of staging) {
    if (mode === "shared") applyAfter(stagingStacks.get(projectId), stagingStacks.get(sharedProjectId ?? projectId));
  }

  const ownerOf = stagingOwners(staging);
  const manifestsOf = byDirectory(manifests);
  const pushable = pushableBuckets(estate.projects, staging);
  const retiredOf = retiredSources(staging);
  for (const directory of filestores) {
    const name = promoteStackName(directory.name);
    const mistakes = estate.heldUp?.get(directory.name);
    const props = {
      directory,
      manifests: manifestsOf.get(directory.name) ?? [],
      pushable,
      retired: retiredOf(directory.source),
      ...(mistakes === undefined ? {} : { mistakes: mistakes.map(formatDiagnostic) }),
    };
    const stack = build(name, () => new PromoteStack(app, props, platform));
    const owners = [directory.source, ...directory.destinations].map((place) => ownerOf(place)?.projectId ?? "");
    applyAfter(stack, [...serving, ...owners.flatMap((projectId) => stagingStacks.get(projectId) ?? [])]);
  }

  // Last, as synth takes them in this order: objects with some thousand different keys, the addresses of groups, make V8 give
  // every later object a shape of its own (docs/decisions/0014).
  const groupsStack = build("groups", () => new GroupsStack(app, { groups, domain: defaults.domain }, platform));
  for (const stack of [serving, ...stagingStacks.values()]) applyAfter(stack, groupsStack);
  takeOver([...groupsStack, ...serving, ...[...stagingStacks.values()].flat()], adoptions);
}

function asItIs<T>(recipe: T): T {
  return recipe;
}

/** What `artifacts adopt` found is taken over by the stack that declares it. */
function takeOver(stacks: readonly EstateStack[], adoptions: readonly Adoption[]): void {
  for (const { stack, imports } of adoptions) {
    stacks.find(({ node }) => node.id === stack)?.takeOver(imports);
  }
}

function byDirectory(manifests: readonly Manifest[]): ReadonlyMap<string, readonly Manifest[]> {
  const found = new Map<string, Manifest[]>();
  for (const manifest of manifests) {
    const those = found.get(manifest.directory) ?? [];
    those.push(manifest);
    found.set(manifest.directory, those);
  }
  return found;
}

/** Groups exist before IAM names them, buckets before anything is published into them. */
function orderAmong(isRun: Wanted) {
  return (stacks: readonly TerraformStack[] = [], others: readonly TerraformStack[] = []): void => {
    for (const stack of stacks) {
      for (const other of others) {
        // The CLI refuses to deploy a stack without what it depends on, and to destroy one without what depends on it. What is
        // not deployed now has been before; who destroys some stacks alone says so with a flag, which makes them the run.
        const isCut = isRun(stack.node.id) !== isRun(other.node.id);
        if (other !== stack && !isCut) stack.addDependency(other);
      }
    }
  };
}
