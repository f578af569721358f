import type { StorageBucket } from "@cdktf/provider-google/lib/storage-bucket";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { Bucket } from "../lib/constructs/bucket";
import { Cdn } from "../lib/constructs/cdn";
import { forget } from "../lib/constructs/forget";
import { GithubFederation } from "../lib/constructs/github-federation";
import { GuardedProject } from "../lib/constructs/guarded-project";
import { IndexPage } from "../lib/constructs/index-page";
import { keep } from "../lib/constructs/keep";
import { ProjectGrants } from "../lib/constructs/project-grants";
import { ServiceAccount } from "../lib/constructs/service-account";
import { StorageAudit } from "../lib/constructs/storage-audit";
import { federatedActors } from "../lib/model/serving-actors";
import type { BackupRecipe, ServingRecipe } from "../lib/model/serving-recipe";
import { servingResourcesToForget, servingResourcesToKeep } from "../lib/model/serving-resources";
import { addGoogle, EstateStack } from "./estate-stack";
import type { Platform } from "./platform";

/** The production side: where published files live, and the accounts that put them there. */
export class ServingStack extends EstateStack {
  constructor(scope: Construct, recipe: ServingRecipe, platform: Platform) {
    super(scope, "serving", platform);
    addGoogle(this, platform);
    const project = recipe.project && new GuardedProject(this, "Project", recipe.project);
    const projectId = project?.projectId ?? recipe.projectId;
    const isReady = project?.isReady ?? [];
    const accounts = this.addAccounts(recipe, projectId, isReady);
    const dependsOn = [...isReady, ...accounts];
    new ProjectGrants(this, "Grants", { projectId, grants: recipe.grants, dependsOn });
    new StorageAudit(this, "Audit", { projectId, dependsOn });
    const made = this.addBuckets(recipe, projectId, dependsOn);
    if (recipe.backup !== undefined) this.addBackup(recipe.backup, accounts, made);
    forget(this, servingResourcesToForget(recipe));
    keep(this, servingResourcesToKeep(recipe));
  }

  /** Everything of the backup's own project has `backup` in its address; the bucket has the same one as without. */
  private addBackup(
    recipe: BackupRecipe,
    accounts: readonly ITerraformDependable[],
    buckets: readonly StorageBucket[],
  ): void {
    const backup = new Construct(this, "backup");
    const project = recipe.project && new GuardedProject(backup, "Project", recipe.project);
    const projectId = project?.projectId ?? recipe.projectId;
    const dependsOn = [...(project?.isReady ?? []), ...accounts];
    new ProjectGrants(backup, "Grants", { projectId, grants: recipe.grants, dependsOn });
    new StorageAudit(backup, "Audit", { projectId, dependsOn });
    for (const bucket of recipe.buckets) {
      const logs = buckets.filter(({ nameInput }) => nameInput === bucket.logsBucket);
      new Bucket(backup, "Bucket", { projectId, recipe: bucket, dependsOn: [...dependsOn, ...logs] });
    }
  }

  private addAccounts(
    { accounts, federatedRepositories: repositories }: ServingRecipe,
    projectId: string,
    dependsOn: readonly ITerraformDependable[],
  ): readonly ITerraformDependable[] {
    const federation =
      repositories.length === 0
        ? undefined
        : new GithubFederation(this, "Federation", { projectId, repositories, dependsOn });
    return accounts.map(({ key, accountId, displayName, policy }) => {
      const federated = federation === undefined ? [] : federatedActors(key, federation.poolName, repositories);
      const references = federation === undefined ? [] : [federation.poolName];
      const props = { projectId, accountId, displayName, policy: [...policy, ...federated], references, dependsOn };
      return new ServiceAccount(this, key, props).resource;
    });
  }

  private addBuckets(recipe: ServingRecipe, projectId: string, dependsOn: readonly ITerraformDependable[]) {
    const made: StorageBucket[] = [];
    for (const each of recipe.buckets) {
      const before = [...dependsOn, ...made.filter(({ nameInput }) => nameInput === each.logsBucket)];
      const bucket = new Bucket(this, each.key, { projectId, recipe: each, dependsOn: before }).resource;
      made.push(bucket);
      if (each.indexPage !== undefined && recipe.hasIndexPage) {
        const isKept = each.destroyable === "kept";
        new IndexPage(this, "Index", { bucket: bucket.name, name: each.indexPage, isKept });
      }
      if (each.key !== "production" || recipe.cdnDomains.length === 0) continue;
      new Cdn(this, "Cdn", { projectId, bucket: bucket.name, domains: recipe.cdnDomains, dependsOn });
    }
    return made;
  }
}
