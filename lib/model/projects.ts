import type { Position } from "../diagnostics";

/** A project that infra.yaml names, whoever manages it. */
export interface KnownProject {
  readonly projectId: string;

  /** The key under `infra:`, e.g. `staging` or `release`. The same project may stand under two types. */
  readonly type: string;

  /** The project's own `managed_by`, else its type's, else undefined. */
  readonly managedBy?: string;

  /** What the project's block says about its buckets and its group, whoever manages it. */
  readonly bucket?: string;
  readonly gcbBucket?: string;
  readonly group?: string;

  readonly at: Position;
}

/** A reviewed, declared retirement: the only way in which something may leave the inputs. */
export interface Retirement {
  /** ISO date, e.g. `2026-05-01`. */
  readonly since: string;

  readonly keepPublished: boolean;

  /** How far the retirement has come; each step is a reviewed change of its own. @default "closed" */
  readonly step?: RetirementStep;

  /** Where the step is written, else the retirement itself. */
  readonly at?: Position;
}

/**
 * `closed`: nobody writes, nothing is public, everything is still there. `released`: the lien and the deletion guard are
 * lifted as well. `shut-down`: the project is shut down, which Google can undo for 30 days.
 */
export type RetirementStep = "closed" | "released" | "shut-down";

export interface Budget {
  /** Whole units of the billing account's currency, per month. */
  readonly amount: number;

  /** Shares of the amount at which contacts are told, e.g. 0.5, 0.9, 1. */
  readonly alertAt: readonly number[];
}

/** An Artifact Registry repository in the staging project. */
export interface Registry {
  readonly repository: string;
  readonly location: string;
  readonly format: string;
  readonly deleteAfterDays?: number;
}

export interface IamGrant {
  /** E.g. `roles/viewer`. */
  readonly role: string;

  /** E.g. `group:release-viewers@example.org`. Sorted. */
  readonly members: readonly string[];
}

/** Roles on single things of a staging project, beside what the recipe gives. */
export interface IamOn {
  readonly bucket?: readonly IamGrant[];
  readonly gcbBucket?: readonly IamGrant[];
  readonly buildAccount?: readonly IamGrant[];
  readonly registry?: readonly IamGrant[];
}

/** A GCP project `<staging prefix><name>` of a subproject, with everything that defaults and its own block decide. */
export interface StagingProject {
  /** The part after the staging prefix, e.g. `kops`. */
  readonly name: string;

  readonly projectId: string;

  /** The bucket for release candidates; the project id unless `bucket` says otherwise. */
  readonly bucket: string;

  /** The bucket of Cloud Build, `<bucket>-gcb` unless `gcb-bucket` says otherwise. */
  readonly gcbBucket: string;

  /** Address of the group that may push, e.g. `k8s-infra-staging-kops@kubernetes.io`. */
  readonly group: string;

  /** Whether release viewers may look into the project. */
  readonly isRelease: boolean;

  /** Additional principals with `roles/viewer` on the project. */
  readonly viewers: readonly string[];

  /** Additional principals that may push objects. */
  readonly writers: readonly string[];

  /** Enabled API names, e.g. `cloudbuild.googleapis.com`. Sorted. */
  readonly services: readonly string[];

  readonly isPublic: boolean;

  /** Auto-deletion in days; undefined keeps objects for ever. */
  readonly deleteAfterDays?: number;

  readonly labels: Readonly<Record<string, string>>;
  readonly budget?: Budget;

  /** E-mail addresses of the project's essential contacts. */
  readonly contacts: readonly string[];

  readonly registry?: Registry;
  readonly iam: readonly IamGrant[];

  /** @default - nothing beside the recipe */
  readonly iamOn?: IamOn;

  /** Where its buckets are kept. @default - the estate's location */
  readonly location?: string;

  /** Where the bucket of Cloud Build is kept. @default - with the other one */
  readonly gcbLocation?: string;

  /** `project`: a project of its own. `shared`: a prefix and a repository in a shared project. */
  readonly mode: "project" | "shared";

  /** Account id of the service account that builds run as. @default - the account that Google chooses */
  readonly buildAccountId?: string;

  /** In mode `shared`: the id of the project that is shared. */
  readonly sharedProjectId?: string;

  readonly retired?: Retirement;
  readonly at: Position;
}
