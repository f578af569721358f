import type { Estate } from "../../../lib/model/estate";
import { notifiedContacts } from "../../../lib/model/planned-resources";
import type { IamGrant } from "../../../lib/model/projects";
import type { BucketRecipe, OwnProjectRecipe, ProjectRecipe, RegistryRecipe } from "../../../lib/model/recipe";
import { servingRecipe } from "../../../lib/model/serving-recipe";
import { stagingRecipes } from "../../../lib/model/staging-recipe";
import type { EstateRun } from "./estate-run";

// biome-ignore lint/suspicious/noExplicitAny: answers of many APIs, compared as they are
type Answer = any;

const OWNER = "user:owner@example.org";

/** What Google's APIs say of an estate, asked without Terraform or anything of ours. */
export class LiveEstate {
  constructor(private readonly run: EstateRun) {}

  /** Answers `undefined` for what is not there, or whose API was never enabled. */
  async ask(path: string, body?: unknown, method = body === undefined ? "GET" : "POST"): Promise<Answer> {
    const response = await this.run.call(method, path, OWNER, body);
    if (response.status === 404 || response.status === 403) return undefined;
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text || "{}");
  }

  /** What the inputs declare, in the words of `found`: what both say has to be equal. */
  declared(estate: Estate): Answer {
    const serving = servingRecipe(estate.defaults);
    const staging = stagingRecipes(estate).map(({ recipe }) => {
      if (recipe.mode === "shared") {
        const gone = recipe.step === "shut-down";
        return [recipe.name, gone ? {} : { folder: policy(recipe.folderPolicy), ...registry(recipe.registry) }];
      }
      return [recipe.name, recipe.step === "shut-down" ? { state: "DELETE_REQUESTED" } : declaredProject(recipe)];
    });
    return {
      serving: {
        ...(serving.project && declaredBasics(serving.project)),
        accounts: serving.accounts.map(({ accountId, policy: own }) => ({ accountId, actors: policy(own) })),
        buckets: serving.buckets.map(declaredBucket),
        cdnDomains: serving.cdnDomains,
        repositories: serving.federatedRepositories,
      },
      ...Object.fromEntries(staging),
    };
  }

  async found(estate: Estate): Promise<Answer> {
    const serving = servingRecipe(estate.defaults);
    const staging = stagingRecipes(estate).map(async ({ recipe }) => {
      if (recipe.step === "shut-down") {
        if (recipe.mode === "shared") return [recipe.name, {}];
        return [recipe.name, { state: (await this.project(recipe.project.projectId)).lifecycleState }];
      }
      if (recipe.mode === "project") return [recipe.name, await this.foundProject(recipe)];
      const folder = `/storage/v1/b/${recipe.bucket}/managedFolders/${encodeURIComponent(recipe.folder)}`;
      return [
        recipe.name,
        {
          folder: policy((await this.ask(`${folder}/iam`))?.bindings),
          ...(await this.registry(recipe.projectId, recipe.registry)),
        },
      ];
    });
    return { serving: await this.foundServing(serving), ...Object.fromEntries(await Promise.all(staging)) };
  }

  private async foundProject({ project, grants, buckets, registry: wanted }: OwnProjectRecipe): Promise<Answer> {
    const id = project.projectId;
    const [contacts, budgets, channels] = await Promise.all([
      this.ask(`/essential-contacts/v1/projects/${id}/contacts`),
      this.ask(`/budgets/v1/billingAccounts/${project.billingAccount}/budgets`),
      this.ask(`/monitoring/v3/projects/${id}/notificationChannels`),
    ]);
    const budget = budgets?.budgets?.filter((each: Answer) => each.displayName === id) ?? [];
    return {
      ...(await this.foundBasics(project)),
      grants: await this.grants(id, grants),
      buckets: await Promise.all(buckets.map((bucket) => this.bucket(bucket))),
      contacts: (contacts?.contacts ?? []).map((each: Answer) => each.email).sort(),
      budgets: budget.map((each: Answer) => ({
        amount: Number(each.amount.specifiedAmount.units),
        alertAt: each.thresholdRules.map((rule: Answer) => rule.thresholdPercent).sort(),
      })),
      channels: (channels?.notificationChannels ?? []).map((each: Answer) => each.labels.email_address).sort(),
      ...(await this.registry(id, wanted)),
    };
  }

  private async foundServing(recipe: ReturnType<typeof servingRecipe>): Promise<Answer> {
    const { projectId: id } = recipe;
    const accounts = `/iam/v1/projects/${id}/serviceAccounts`;
    const pool = `/iam/v1/projects/${id}/locations/global/workloadIdentityPools/github/providers/actions`;
    const [certificates, provider] = await Promise.all([
      this.ask(`/compute/compute/v1/projects/${id}/global/sslCertificates`),
      this.ask(pool),
    ]);
    const found = recipe.accounts.map(async ({ accountId }) => {
      const answer = await this.ask(`${accounts}/${accountId}@${id}.iam.gserviceaccount.com:getIamPolicy`, {});
      const bindings = (answer?.bindings ?? []).filter(
        ({ role }: IamGrant) => role !== "roles/iam.workloadIdentityUser",
      );
      return { accountId, actors: answer && policy(bindings) };
    });
    return {
      ...(recipe.project && (await this.foundBasics(recipe.project))),
      accounts: await Promise.all(found),
      buckets: await Promise.all(recipe.buckets.map((bucket) => this.bucket(bucket))),
      cdnDomains: (certificates?.items ?? []).flatMap((each: Answer) => each.managed.domains).sort(),
      repositories:
        provider === undefined || provider.state === "DELETED"
          ? []
          : JSON.parse(provider.attributeCondition.replace("assertion.repository in ", "")),
    };
  }

  private async foundBasics({ projectId: id, services }: ProjectRecipe): Promise<Answer> {
    const project = await this.project(id);
    const [billing, enabled, liens, rights] = await Promise.all([
      this.ask(`/billing/v1/projects/${id}/billingInfo`),
      this.ask(`/service-usage/v1/projects/${id}/services?filter=state:ENABLED&pageSize=200`),
      this.ask(`/resource-manager/v1/liens?parent=projects/${project?.projectNumber}`),
      this.policyOf(id),
    ]);
    const names = new Set(
      (enabled?.services ?? []).map((each: Answer) => each.config?.name ?? each.name.split("/").at(-1)),
    );
    const editors = rights.find(({ role }) => role === "roles/editor")?.members ?? [];
    return {
      state: project?.lifecycleState,
      labels: project?.labels ?? {},
      parent: project?.parent,
      billing: billing?.billingAccountName,
      missingServices: services.filter((name) => !names.has(name)),
      guards: (liens?.liens ?? []).filter((lien: Answer) => lien.origin === "artifacts").length,
      // Default service accounts come into being as editors of their project.
      defaultEditors: editors.filter((member: string) => /@developer\.|@appspot\./.test(member)),
    };
  }

  private project(id: string): Promise<Answer> {
    return this.ask(`/resource-manager/v1/projects/${id}`);
  }

  async policyOf(projectId: string): Promise<readonly IamGrant[]> {
    return (await this.ask(`/resource-manager/v1/projects/${projectId}:getIamPolicy`, {}))?.bindings ?? [];
  }

  /** Rights of those whom the inputs may name. Others have theirs as well: nothing here takes them away. */
  private async grants(projectId: string, wanted: OwnProjectRecipe["grants"]): Promise<Answer> {
    const roles = new Set([...wanted.map(({ role }) => role), ...ROLES]);
    const found = (await this.policyOf(projectId)).flatMap(({ role, members }) =>
      roles.has(role) ? members.filter((member) => OURS.test(member)).map((member) => `${role} ${member}`) : [],
    );
    return found.sort();
  }

  private async bucket({ name, isVersioned }: BucketRecipe): Promise<Answer> {
    const [found, rights] = await Promise.all([
      this.ask(`/storage/v1/b/${name}`),
      this.ask(`/storage/v1/b/${name}/iam`),
    ]);
    if (found === undefined) return { name, isMissing: true };
    const { retentionPolicy, softDeletePolicy, lifecycle, logging, website, versioning } = found;
    return {
      name,
      location: found.location,
      labels: found.labels ?? {},
      access: found.iamConfiguration.publicAccessPrevention,
      isUniform: found.iamConfiguration.uniformBucketLevelAccess.enabled,
      lifecycle: (lifecycle?.rule ?? []).map(({ action, condition }: Answer) => [action.type, condition.age]),
      retention: retentionPolicy && Number(retentionPolicy.retentionPeriod) / 86_400,
      softDelete: softDeletePolicy && Number(softDeletePolicy.retentionDurationSeconds) / 86_400,
      logsBucket: logging?.logBucket,
      indexPage: website?.mainPageSuffix,
      isVersioned: isVersioned === undefined ? undefined : (versioning?.enabled ?? false),
      policy: policy(rights.bindings),
    };
  }

  private async registry(projectId: string, wanted: RegistryRecipe | undefined): Promise<Answer> {
    if (wanted === undefined) return {};
    const { location, repository } = wanted;
    const path = `/artifact-registry/v1/projects/${projectId}/locations/${location}/repositories/${repository}`;
    const found = await this.ask(path);
    return {
      registry: found && {
        format: found.format,
        cleanup: Object.values(found.cleanupPolicies ?? {}).map((each: Answer) => each.condition.olderThan),
        policy: policy((await this.ask(`${path}:getIamPolicy`))?.bindings),
      },
    };
  }
}

/** Those whom the inputs may name, and the team of each project. */
const OURS = /@example\.(org|com)$|@oss-(robots|build)\./;
const ROLES = [
  "roles/viewer",
  "roles/pubsub.viewer",
  "roles/cloudbuild.builds.editor",
  "roles/cloudbuild.builds.builder",
];

function policy(bindings: readonly IamGrant[] = []): Answer {
  return Object.fromEntries(bindings.map(({ role, members }) => [role, [...members].sort()]));
}

function declaredBasics(project: ProjectRecipe): Answer {
  return {
    state: "ACTIVE",
    labels: project.labels,
    parent: { type: "organization", id: project.organization },
    billing: `billingAccounts/${project.billingAccount}`,
    missingServices: [],
    guards: project.isGuarded ? 1 : 0,
    defaultEditors: [],
  };
}

function declaredProject({ project, grants, buckets, registry: wanted }: OwnProjectRecipe): Answer {
  const { contacts, budget } = project;
  return {
    ...declaredBasics(project),
    grants: grants.map(({ role, member }) => `${role} ${member}`).sort(),
    buckets: buckets.map(declaredBucket),
    contacts,
    budgets: budget === undefined ? [] : [{ amount: budget.amount, alertAt: [...budget.alertAt].sort() }],
    channels: budget === undefined ? [] : notifiedContacts(contacts),
    ...registry(wanted),
  };
}

function declaredBucket(recipe: BucketRecipe): Answer {
  return {
    name: recipe.name,
    location: recipe.location,
    labels: recipe.labels,
    access: recipe.isPublic ? "inherited" : "enforced",
    isUniform: true,
    lifecycle: recipe.deleteAfterDays === undefined ? [] : [["Delete", recipe.deleteAfterDays]],
    retention: recipe.retentionDays,
    // What Google gives every bucket that says nothing.
    softDelete: recipe.softDeleteDays ?? 7,
    logsBucket: recipe.logsBucket,
    indexPage: recipe.indexPage,
    // Undefined leaves it as it is.
    isVersioned: recipe.isVersioned,
    policy: policy(recipe.policy),
  };
}

function registry(wanted: RegistryRecipe | undefined): Answer {
  if (wanted === undefined) return {};
  const { format, deleteAfterDays, policy: grants } = wanted;
  const cleanup = deleteAfterDays === undefined ? [] : [`${deleteAfterDays * 86_400}s`];
  return { registry: { format, cleanup, policy: policy(grants) } };
}
