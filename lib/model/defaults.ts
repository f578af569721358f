import type { Budget, IamGrant, IamOn, Registry } from "./projects";

/** `infra/gcp/defaults.yaml`: what holds for the whole estate, and what each staging project gets unless its block says otherwise. */
export interface Defaults {
  /** The value of `managed_by` that makes a project ours. */
  readonly managedBy: string;

  /** Numeric organization id; exactly one of organization and folder is set. */
  readonly organization?: string;
  readonly folder?: string;

  /** E.g. `018801-93540E-22A20E`. */
  readonly billingAccount: string;

  readonly location: string;

  /** GCS bucket that holds Terraform state. */
  readonly stateBucket: string;

  /** Domain of Google Groups, e.g. `kubernetes.io`. */
  readonly domain: string;

  /** E.g. `k8s-staging-`. */
  readonly stagingPrefix: string;

  /** E.g. `k8s-infra-staging-`; the group is `<groupPrefix><name>@<domain>`. */
  readonly groupPrefix: string;

  /** Addresses of the groups that administer buckets. */
  readonly adminGroups: readonly string[];

  readonly releaseViewersGroup: string;

  /** Bucket that receives access logs. */
  readonly logsBucket: string;

  /** Address of the build infrastructure's service account, which starts Cloud Build in every staging project and fills its bucket. */
  readonly gcbBuilderServiceAccount?: string;

  /** Service accounts that a filestore may name: what a promotion may impersonate. */
  readonly promoterServiceAccounts: readonly string[];

  readonly serving: Serving;
  readonly staging: StagingDefaults;
}

/** The production side: where published files live. */
export interface Serving {
  readonly projectId: string;
  readonly bucket: string;
  readonly backupBucket?: string;

  /** The project of the backup bucket. @default - the production project */
  readonly backupProjectId?: string;
  readonly location: string;

  /** Shortest time a published object is kept, in days. A year of gsutil's is 365.25. */
  readonly retentionDays: number;

  /** Whether the retention of production and backup is locked, which can't be undone. @default - it is not */
  readonly isRetentionLocked?: boolean;

  readonly softDeleteDays: number;

  /** Public URL prefixes under which objects of the bucket are served, without a trailing slash. The first is printed. */
  readonly publicUrls: readonly string[];

  /** Account id (the part before `@`) of the promoter and of the read-only planner. */
  readonly promoterAccountId: string;
  readonly plannerAccountId: string;

  /** GitHub repositories (`owner/name`) whose jobs may act as promoter and planner through Workload Identity Federation. */
  readonly federatedRepositories: readonly string[];

  /** Principals of CI that may ask for tokens of these accounts, e.g. `serviceAccount:deployer@build.iam.gserviceaccount.com`. */
  readonly impersonators?: { readonly promoter: readonly string[]; readonly planner: readonly string[] };

  /** Domain names of an optional HTTPS load balancer with CDN in front of the bucket. */
  readonly cdnDomains: readonly string[];

  /** Parts that something else made or looks after from now on: they are used, never created, changed or destroyed here. */
  readonly existing?: readonly ServingPart[];
}

export type ServingPart = "project" | "logs-bucket" | "backup-bucket" | "backup-project" | "index-page";

export interface StagingDefaults {
  readonly services: readonly string[];
  readonly viewers: readonly string[];
  readonly writers: readonly string[];
  readonly deleteAfterDays?: number;
  readonly isPublic: boolean;
  readonly labels: Readonly<Record<string, string>>;
  readonly budget?: Budget;
  readonly contacts: readonly string[];
  readonly registry?: Registry;
  readonly iam: readonly IamGrant[];
  readonly iamOn?: IamOn;

  /** Account id that builds run as. `none` says on purpose that there is none; undefined, that nobody has decided. */
  readonly buildAccountId?: string;
  readonly sharedProjectId?: string;
}
