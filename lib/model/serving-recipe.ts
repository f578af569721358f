import type { Defaults, Serving, ServingPart } from "./defaults";
import { EVERYBODY, mergeGrants, projectGrantsOnBucket } from "./iam-policy";
import { grant, uniqueGrants } from "./project-grants";
import type { IamGrant } from "./projects";
import type { BucketRecipe, ProjectGrant, ProjectRecipe } from "./recipe";
import { plannerAddress, promoterAddresses } from "./serving-accounts";
import { type AccountRecipe, servingAccounts } from "./serving-actors";
import { publishing } from "./staging-buckets";
import { serviceAccount } from "./staging-principals";

/** What the production side becomes. */
export interface ServingRecipe {
  readonly projectId: string;

  /** Undefined when something else made the project. */
  readonly project?: ProjectRecipe;

  readonly grants: readonly ProjectGrant[];

  /** The one that receives access logs comes first, if it is ours: the others name it. */
  readonly buckets: readonly BucketRecipe[];
  readonly accounts: readonly AccountRecipe[];

  /** The backup bucket's own project, when it has one. */
  readonly backup?: BackupRecipe;

  /** GitHub repositories whose jobs may act as the accounts above. */
  readonly federatedRepositories: readonly string[];

  /** Whether the production bucket's index page is written here. */
  readonly hasIndexPage: boolean;

  /** Domain names of the load balancer; none means that there is no load balancer. */
  readonly cdnDomains: readonly string[];

  /** Whether a plan is refused that would destroy a backup which nobody declares any more. */
  readonly isGuarded: boolean;

  /** The same with the parts that `existing` gives to something else. Undefined when it gives none. */
  readonly whole?: ServingRecipe;
}

/** What stands apart from the production project, so that whoever rules that one can't weaken the rules of the backup. */
export interface BackupRecipe {
  readonly projectId: string;

  /** Undefined when something else made the project. */
  readonly project?: ProjectRecipe;
  readonly grants: readonly ProjectGrant[];

  /** None when something else made it. */
  readonly buckets: readonly BucketRecipe[];
}

export function servingRecipe(defaults: Defaults): ServingRecipe {
  const { existing = [] } = defaults.serving;
  const recipe = recipeWithout(existing, defaults);
  return existing.length === 0 ? recipe : { ...recipe, whole: recipeWithout([], defaults) };
}

function recipeWithout(existing: readonly ServingPart[], defaults: Defaults): ServingRecipe {
  const { serving } = defaults;
  const isOurs = (part: ServingPart) => !existing.includes(part);
  const backups =
    serving.backupBucket === undefined || !isOurs("backup-bucket")
      ? []
      : [backupBucket(defaults, serving.backupBucket)];
  const backupProjectId = backupProject(serving);
  const isBackupApart = backupProjectId !== undefined && (backups.length > 0 || isOurs("backup-project"));
  return {
    projectId: serving.projectId,
    ...(isOurs("project") ? { project: projectRecipe(defaults, serving.projectId, services(serving)) } : {}),
    grants: projectGrants(defaults),
    buckets: [
      ...(isOurs("logs-bucket") ? [logsBucket(defaults)] : []),
      productionBucket(defaults),
      ...(backupProjectId === undefined ? backups : []),
    ],
    ...(isBackupApart
      ? {
          backup: {
            projectId: backupProjectId,
            ...(isOurs("backup-project") ? { project: projectRecipe(defaults, backupProjectId, STORAGE) } : {}),
            grants: projectGrants(defaults),
            buckets: backups,
          },
        }
      : {}),
    accounts: servingAccounts(serving),
    federatedRepositories: [...serving.federatedRepositories].sort(),
    hasIndexPage: isOurs("index-page"),
    cdnDomains: [...serving.cdnDomains].sort(),
    isGuarded: true,
  };
}

/** Undefined where the backup lies beside what it is a backup of. */
export function backupProject({ projectId, backupProjectId }: Serving): string | undefined {
  return backupProjectId === projectId ? undefined : backupProjectId;
}

function projectRecipe(defaults: Defaults, projectId: string, services: readonly string[]): ProjectRecipe {
  return {
    projectId,
    ...(defaults.organization === undefined ? {} : { organization: defaults.organization }),
    ...(defaults.folder === undefined ? {} : { folder: defaults.folder }),
    billingAccount: defaults.billingAccount,
    labels: {},
    services,
    contacts: [],
    isGuarded: true,
  };
}

const INDEX_PAGE = "index.html";

const STORAGE = ["logging.googleapis.com", "storage-api.googleapis.com", "storage-component.googleapis.com"];

function services(serving: Serving): readonly string[] {
  return [
    ...STORAGE,
    "iam.googleapis.com",
    // Impersonating the promoter asks this API for its tokens.
    "iamcredentials.googleapis.com",
    ...(serving.federatedRepositories.length > 0 ? ["sts.googleapis.com"] : []),
    ...(serving.cdnDomains.length > 0 ? ["compute.googleapis.com"] : []),
  ].sort();
}

function projectGrants(defaults: Defaults): readonly ProjectGrant[] {
  const planner = serviceAccount(plannerAddress(defaults));
  return uniqueGrants([
    // Reading everything that a plan compares, IAM policies included, and no object of a private bucket.
    grant("roles/viewer", planner),
    grant("roles/iam.securityReviewer", planner),
    ...defaults.adminGroups.map((address) => grant("roles/viewer", `group:${address}`)),
  ]);
}

/**
 * Published files: everybody reads, promoters add, nobody replaces. Retention forbids replacing and deleting whoever
 * asks. With versioning, an object under retention could be replaced (the old one would live on as a version), so
 * versioning stays off. Editors of the project get nothing here, although Cloud Storage would grant it.
 */
function productionBucket(defaults: Defaults): BucketRecipe {
  const { serving } = defaults;
  return {
    key: "production",
    destroyable: "kept",
    name: serving.bucket,
    location: serving.location,
    labels: {},
    isPublic: true,
    retentionDays: serving.retentionDays,
    ...(serving.isRetentionLocked ? { isRetentionLocked: true } : {}),
    softDeleteDays: serving.softDeleteDays,
    isVersioned: false,
    logsBucket: defaults.logsBucket,
    indexPage: INDEX_PAGE,
    policy: mergeGrants([
      ...administering(defaults, serving.projectId),
      { role: "roles/storage.objectViewer", members: [EVERYBODY] },
      ...publishing(promoterAddresses(defaults).map(serviceAccount)),
    ]),
  };
}

/** A second destination that a filestore may name: the same rules, but for nobody else's eyes. */
function backupBucket(defaults: Defaults, name: string): BucketRecipe {
  const { serving } = defaults;
  return {
    key: "backup",
    destroyable: "kept",
    name,
    location: serving.location,
    labels: {},
    isPublic: false,
    retentionDays: serving.retentionDays,
    ...(serving.isRetentionLocked ? { isRetentionLocked: true } : {}),
    softDeleteDays: serving.softDeleteDays,
    isVersioned: false,
    logsBucket: defaults.logsBucket,
    policy: mergeGrants([
      ...administering(defaults, backupProject(serving) ?? serving.projectId),
      ...publishing(promoterAddresses(defaults).map(serviceAccount)),
      { role: "roles/storage.objectViewer", members: [serviceAccount(plannerAddress(defaults))] },
    ]),
  };
}

/** Access logs name the addresses of readers, so they are private and go after a year. */
function logsBucket(defaults: Defaults): BucketRecipe {
  return {
    key: "logs",
    destroyable: "empty",
    name: defaults.logsBucket,
    location: defaults.serving.location,
    labels: {},
    isPublic: false,
    deleteAfterDays: 365,
    policy: mergeGrants([
      ...administering(defaults, defaults.serving.projectId),
      // The group that Cloud Storage itself delivers access logs as.
      { role: "roles/storage.objectCreator", members: ["group:cloud-storage-analytics@google.com"] },
    ]),
  };
}

function administering({ adminGroups }: Defaults, projectId: string): readonly IamGrant[] {
  const admins = adminGroups.map((address) => `group:${address}`);
  return [
    ...projectGrantsOnBucket(projectId).map(({ role, members }) => ({
      role,
      members: members.filter((member) => !member.startsWith("projectEditor:")),
    })),
    { role: "roles/storage.legacyBucketOwner", members: admins },
    { role: "roles/storage.objectAdmin", members: admins },
  ];
}
