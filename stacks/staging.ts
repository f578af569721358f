import type { ITerraformDependable } from "cdktf";
import type { Construct } from "constructs";
import { Bucket } from "../lib/constructs/bucket";
import { Contacts } from "../lib/constructs/contacts";
import { forget } from "../lib/constructs/forget";
import { GuardedProject } from "../lib/constructs/guarded-project";
import { MonthlyBudget } from "../lib/constructs/monthly-budget";
import { ProjectGrants } from "../lib/constructs/project-grants";
import { Registry } from "../lib/constructs/registry";
import { ServiceAccount } from "../lib/constructs/service-account";
import { TeamFolder } from "../lib/constructs/team-folder";
import { notifiedContacts } from "../lib/model/planned-resources";
import type { BuildAccountRecipe, OwnProjectRecipe, SharedProjectRecipe, StagingRecipe } from "../lib/model/recipe";
import { resourcesToForget } from "../lib/model/staging-resources";
import { addGoogle, EstateStack } from "./estate-stack";
import type { Platform } from "./platform";

/** Everything of one staging project. */
export class StagingStack extends EstateStack {
  constructor(scope: Construct, recipe: StagingRecipe, platform: Platform) {
    super(scope, stagingStackName(recipe.name), platform);
    addGoogle(this, platform);
    if (recipe.step === "shut-down") forget(this, resourcesToForget(recipe));
    else if (recipe.mode === "shared") this.addFolder(recipe);
    else this.addProject(recipe);
  }

  private addProject({ project, grants, buckets, registry, buildAccount }: OwnProjectRecipe): void {
    const { projectId, numberedName, isReady } = new GuardedProject(this, "Project", project);
    const dependsOn = [...isReady, ...this.addBuildAccount(projectId, buildAccount, isReady)];
    new ProjectGrants(this, "Grants", { projectId, grants, dependsOn });
    for (const recipe of buckets) new Bucket(this, recipe.key, { projectId, recipe, dependsOn });
    if (registry !== undefined) new Registry(this, "Registry", { projectId, recipe: registry, dependsOn });
    new Contacts(this, "Contacts", { parent: numberedName, addresses: project.contacts, dependsOn });
    if (project.budget === undefined) return;
    new MonthlyBudget(this, "Budget", {
      projectId,
      numberedName,
      billingAccount: project.billingAccount,
      budget: project.budget,
      contacts: notifiedContacts(project.contacts),
      dependsOn,
    });
  }

  private addFolder(recipe: SharedProjectRecipe): void {
    const { projectId, bucket, folder, folderPolicy, registry, buildAccount, grants, sources } = recipe;
    const dependsOn = this.addBuildAccount(projectId, buildAccount, []);
    new TeamFolder(this, "staging", { bucket, folder, policy: folderPolicy, dependsOn });
    if (sources !== undefined) new TeamFolder(this, "sources", { ...sources, folder, dependsOn });
    new ProjectGrants(this, "Grants", { projectId, grants, dependsOn });
    if (registry !== undefined) new Registry(this, "Registry", { projectId, recipe: registry, dependsOn });
  }

  /** Returns what has to be there before a policy names the account. */
  private addBuildAccount(
    projectId: string,
    account: BuildAccountRecipe | undefined,
    dependsOn: readonly ITerraformDependable[],
  ): readonly ITerraformDependable[] {
    if (account === undefined) return [];
    const { accountId, displayName, policy } = account;
    return [new ServiceAccount(this, "builds", { projectId, accountId, displayName, policy, dependsOn }).resource];
  }
}

export function stagingStackName(name: string): string {
  return `staging-${name}`;
}
