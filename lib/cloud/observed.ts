import type { IamGrant } from "../model/projects";

/** A policy as it is, conditions told but not compared. */
export interface ObservedPolicy {
  readonly grants: readonly IamGrant[];

  /** What is granted under a condition. */
  readonly conditional: readonly ConditionalGrant[];

  /** What kinds of access are logged, by service. @default - nothing is said about it */
  readonly auditLogs?: ReadonlyMap<string, readonly string[]>;
}

export interface ConditionalGrant extends IamGrant {
  /** Title of the condition. */
  readonly condition: string;
}

export interface ObservedLien {
  readonly name: string;
  readonly origin: string;
}

export interface ObservedContact {
  /** E.g. `projects/123/contacts/1`. */
  readonly name: string;
  readonly email: string;
  readonly language?: string;

  /** What it is told about, e.g. `ALL` or `TECHNICAL`. */
  readonly categories?: readonly string[];
}

export interface ObservedBudget {
  /** E.g. `billingAccounts/0A1B2C-3D4E5F-678901/budgets/1`. */
  readonly name: string;
  readonly displayName: string;

  /** Whose costs it counts, e.g. `projects/123`. */
  readonly projects: readonly string[];
}

/** Where alerts go. */
export interface ObservedChannel {
  /** E.g. `projects/k8s-staging-kops/notificationChannels/1`. */
  readonly name: string;
  readonly displayName: string;

  /** Undefined for a channel that is no e-mail. */
  readonly email?: string;
}

export interface ObservedProject {
  readonly number: string;
  readonly isActive: boolean;

  /** What it is displayed as. */
  readonly name?: string;

  /** E.g. `organization 123`. */
  readonly parent?: string;
  readonly labels?: ReadonlyMap<string, string>;
}

/** A bucket as it is. What is not known is undefined. */
export interface ObservedBucket {
  /** Of the project that holds it. */
  readonly projectNumber: string;
  readonly location?: string;
  readonly storageClass?: string;
  readonly labels?: ReadonlyMap<string, string>;

  /** False: single objects may be granted to people by access control lists. */
  readonly isUniform?: boolean;
  readonly isVersioned?: boolean;

  /** True: nothing in it can be public, whatever a policy says. */
  readonly isKeptPrivate?: boolean;
  readonly logsBucket?: string;
  readonly logsPrefix?: string;
  readonly indexPage?: string;

  /** Shortest time an object is kept. */
  readonly retentionSeconds?: number;
  readonly isRetentionLocked?: boolean;
  readonly softDeleteSeconds?: number;

  /** Ages in days at which objects are deleted. */
  readonly deleteAfterDays?: readonly number[];

  /** Settings that no recipe has, in words: a plan takes them away. @default - none */
  readonly foreignSettings?: readonly string[];

  /** Settings that are chosen when a bucket is made and that no recipe has, in words. @default - none */
  readonly fixedSettings?: readonly string[];
}

export interface ObservedObject {
  /** MD5 of its bytes in Base64; composite objects have none. */
  readonly md5?: string;
}

export interface ObservedAccount {
  readonly displayName: string;
}

export interface ObservedRepository {
  readonly format: string;

  /** E.g. `STANDARD_REPOSITORY`. */
  readonly mode: string;

  /** Whether what is pushed is scanned, once the API for it is enabled. */
  readonly isScanned: boolean;

  /** Its rules for deleting or keeping. */
  readonly cleanupPolicies: readonly ObservedCleanup[];

  /** Whether they only tell what they would do. */
  readonly isCleanupDryRun: boolean;
}

export interface ObservedCleanup {
  readonly name: string;

  /** Undefined for a rule that does anything but delete all that is older. */
  readonly deleteAfterDays?: number;
}

/** Looks at what exists and changes nothing. Undefined: there is none. `forbidden`: this identity may not see whether there is. */
export interface EstateReader {
  /** Undefined: there is none, or this identity may not see it. */
  project(projectId: string): Promise<ObservedProject | undefined>;

  /** The billing account that a project is linked to, empty for none. Undefined: this identity may not see it. */
  billingAccount(projectId: string): Promise<string | undefined>;

  /** Names of the enabled APIs. */
  services(projectId: string): Promise<ReadonlySet<string>>;
  projectPolicy(projectId: string): Promise<ObservedPolicy>;

  /** Undefined: there is none. `forbidden`: there is one, and this identity may not look at it. */
  bucket(name: string): Promise<ObservedBucket | "forbidden" | undefined>;
  bucketPolicy(name: string): Promise<ObservedPolicy>;
  managedFolder(bucket: string, folder: string): Promise<boolean>;
  managedFolderPolicy(bucket: string, folder: string): Promise<ObservedPolicy>;
  repository(
    projectId: string,
    location: string,
    repository: string,
  ): Promise<ObservedRepository | "forbidden" | undefined>;
  repositoryPolicy(projectId: string, location: string, repository: string): Promise<ObservedPolicy>;
  serviceAccount(projectId: string, address: string): Promise<ObservedAccount | "forbidden" | undefined>;
  serviceAccountPolicy(projectId: string, address: string): Promise<ObservedPolicy>;
  liens(projectNumber: string): Promise<readonly ObservedLien[]>;

  /** Undefined: this identity may not see them; so for all lists below. */
  contacts(projectNumber: string): Promise<readonly ObservedContact[] | undefined>;
  budgets(billingAccount: string): Promise<readonly ObservedBudget[] | undefined>;
  channels(projectId: string): Promise<readonly ObservedChannel[] | undefined>;

  /** Names of all buckets of a project. */
  buckets(projectId: string): Promise<readonly string[] | undefined>;

  /** Addresses of all service accounts of a project that people made. */
  serviceAccounts(projectId: string): Promise<readonly string[] | undefined>;
  object(bucket: string, name: string): Promise<ObservedObject | undefined>;

  /** A workload identity pool, or a provider in one, by its full name. */
  identityPool(name: string): Promise<boolean | "forbidden">;

  /** A global resource of Compute Engine, e.g. of the collection `urlMaps`. */
  compute(projectId: string, collection: string, name: string): Promise<boolean | "forbidden">;
}
