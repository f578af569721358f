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

/** Looks at what exists and changes nothing. Undefined: it does not exist, or this identity may not see it. */
export interface EstateReader {
  project(projectId: string): Promise<{ readonly number: string; readonly isActive: boolean } | undefined>;

  /** Names of the enabled APIs. */
  services(projectId: string): Promise<ReadonlySet<string>>;
  projectPolicy(projectId: string): Promise<ObservedPolicy>;

  /** The id of the project that holds the bucket. */
  bucket(name: string): Promise<{ readonly projectNumber: string } | undefined>;
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
