import type { IamGrant } from "../model/projects";

/** A policy as it is, conditions told but not compared. */
export interface ObservedPolicy {
  readonly grants: readonly IamGrant[];

  /** Roles that are granted under a condition. */
  readonly conditionalRoles: readonly string[];
}

export interface ObservedLien {
  readonly name: string;
  readonly origin: string;
}

export interface ObservedContact {
  /** E.g. `projects/123/contacts/1`. */
  readonly name: string;
  readonly email: string;
}

export interface ObservedProject {
  readonly number: string;
  readonly isActive: boolean;

  /** E.g. `organization 123`. */
  readonly parent?: string;
}

export interface ObservedBucket {
  /** Of the project that holds it. */
  readonly projectNumber: string;
  readonly location?: string;

  /** False: single objects may be granted to people by access control lists. */
  readonly isUniform?: boolean;
  readonly isVersioned?: boolean;
  readonly logsBucket?: string;

  /** Ages in days at which objects are deleted. */
  readonly deleteAfterDays?: readonly number[];
}

/** Looks at what exists and changes nothing. Undefined: it does not exist, or this identity may not see it. */
export interface EstateReader {
  project(projectId: string): Promise<ObservedProject | undefined>;

  /** Names of the enabled APIs. */
  services(projectId: string): Promise<ReadonlySet<string>>;
  projectPolicy(projectId: string): Promise<ObservedPolicy>;

  /** Undefined: there is none. `forbidden`: there is one, and this identity may not look at it. */
  bucket(name: string): Promise<ObservedBucket | "forbidden" | undefined>;
  bucketPolicy(name: string): Promise<ObservedPolicy>;
  managedFolder(bucket: string, folder: string): Promise<boolean>;
  managedFolderPolicy(bucket: string, folder: string): Promise<ObservedPolicy>;
  repository(projectId: string, location: string, repository: string): Promise<boolean>;
  repositoryPolicy(projectId: string, location: string, repository: string): Promise<ObservedPolicy>;
  serviceAccount(projectId: string, address: string): Promise<boolean>;
  serviceAccountPolicy(projectId: string, address: string): Promise<ObservedPolicy>;
  liens(projectNumber: string): Promise<readonly ObservedLien[]>;
  contacts(projectNumber: string): Promise<readonly ObservedContact[]>;
}
