import type { Budget, IamGrant, RetirementStep } from "./projects";

/** A bucket and exactly who may do what with it. */
export interface BucketRecipe {
  /** Its name in resource addresses, e.g. `staging`. */
  readonly key: string;

  readonly name: string;
  readonly location: string;
  readonly labels: Readonly<Record<string, string>>;

  /** Whether it or a folder in it is public. False forbids public access for good, whatever a policy says. */
  readonly isPublic: boolean;

  /** The whole policy: what is not in it is taken away. */
  readonly policy: readonly IamGrant[];

  /** Longest time an object is kept. */
  readonly deleteAfterDays?: number;

  /** Shortest time an object is kept. */
  readonly retentionDays?: number;

  /** Whether the retention can't be shortened or taken away any more, by anybody. @default - it can */
  readonly isRetentionLocked?: boolean;

  readonly softDeleteDays?: number;

  /** Undefined leaves the bucket as it is. */
  readonly isVersioned?: boolean;

  /** Bucket that receives this bucket's access logs, under this bucket's name. */
  readonly logsBucket?: string;

  /** Object that is served for a folder. */
  readonly indexPage?: string;

  /** `kept`: no plan may destroy it. `empty`: it can be destroyed when nothing is in it. `any`: with what is in it. */
  readonly destroyable: "kept" | "empty" | "any";
}

/** One principal's role on a project, added to whatever else is granted there. */
export interface ProjectGrant {
  /** Its name in resource addresses, e.g. `viewer__group__kops__example_org`. */
  readonly key: string;
  readonly role: string;
  readonly member: string;
}

/** A service account without keys, and exactly who may act as it. */
export interface BuildAccountRecipe {
  readonly accountId: string;
  readonly address: string;
  readonly displayName: string;
  readonly policy: readonly IamGrant[];
}

/** Whose the lien is that keeps a project of ours from being deleted. */
export const LIEN_ORIGIN = "artifacts";

/** In which language, and about what, Google tells the contacts of a project. */
export const CONTACT_LANGUAGE = "en-US";
export const CONTACT_CATEGORIES: readonly string[] = ["ALL"];

/** What a repository's rule for deleting is called. */
export const CLEANUP_POLICY = "delete-old";

export interface RegistryRecipe {
  readonly repository: string;
  readonly location: string;
  readonly format: string;
  readonly deleteAfterDays?: number;
  readonly policy: readonly IamGrant[];
}

/** A project that we create and guard against deletion. */
export interface ProjectRecipe {
  readonly projectId: string;
  readonly organization?: string;
  readonly folder?: string;
  readonly billingAccount: string;
  readonly labels: Readonly<Record<string, string>>;

  /** API names. Sorted. */
  readonly services: readonly string[];

  /** E-mail addresses that Google tells about security, billing and suspension. Sorted. */
  readonly contacts: readonly string[];

  readonly budget?: Budget;

  /** Whether a lien, the provider and Terraform itself keep the project from being deleted. */
  readonly isGuarded: boolean;
}

/** What a staging project becomes: the decision that the stack, `artifacts show` and `artifacts adopt` share. */
export type StagingRecipe = OwnProjectRecipe | SharedProjectRecipe;

export interface OwnProjectRecipe {
  readonly mode: "project";
  readonly name: string;
  readonly step: StagingStep;
  readonly project: ProjectRecipe;
  readonly grants: readonly ProjectGrant[];
  readonly buckets: readonly BucketRecipe[];
  readonly registry?: RegistryRecipe;
  readonly buildAccount?: BuildAccountRecipe;
}

/** A folder of the shared project's bucket, and a repository beside the others'. */
export interface SharedProjectRecipe {
  readonly mode: "shared";
  readonly name: string;
  readonly step: StagingStep;
  readonly projectId: string;
  readonly bucket: string;

  /** Ends with `/`. */
  readonly folder: string;

  /** The whole policy of the folder; what the bucket's own policy grants holds as well. */
  readonly folderPolicy: readonly IamGrant[];
  readonly registry?: RegistryRecipe;
  readonly buildAccount?: BuildAccountRecipe;

  /** What the build account is given in the shared project. */
  readonly grants: readonly ProjectGrant[];

  /** The folder of Cloud Build's bucket that the build account reads its sources from. */
  readonly sources?: { readonly bucket: string; readonly policy: readonly IamGrant[] };
}

export type StagingStep = "active" | RetirementStep;
