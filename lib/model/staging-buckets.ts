import type { Defaults } from "./defaults";
import { mergeGrants, projectGrantsOnBucket } from "./iam-policy";
import type { IamGrant, StagingProject } from "./projects";
import type { BucketRecipe, RegistryRecipe } from "./recipe";
import type { StagingPrincipals } from "./staging-principals";

/** The bucket for release candidates, and the one that Cloud Build keeps its sources and logs in. */
export function stagingBuckets(
  project: StagingProject,
  defaults: Defaults,
  principals: StagingPrincipals,
  hasPublicGuests: boolean,
): readonly BucketRecipe[] {
  const { iamOn } = principals;
  const isPublic = project.isPublic && principals.step === "active";
  const common = {
    labels: project.labels,
    destroyable: "empty" as const,
    ...(project.deleteAfterDays === undefined ? {} : { deleteAfterDays: project.deleteAfterDays }),
  };
  const location = project.location ?? defaults.location;
  const shared = [...projectGrantsOnBucket(project.projectId), ...writing(principals)];
  return [
    {
      key: "staging",
      name: project.bucket,
      location,
      ...common,
      isPublic: isPublic || hasPublicGuests,
      policy: mergeGrants([...shared, ...publishing(principals.publishers), ...(iamOn.bucket ?? [])]),
      logsBucket: defaults.logsBucket,
    },
    {
      key: "gcb",
      name: project.gcbBucket,
      location: project.gcbLocation ?? location,
      ...common,
      isPublic,
      policy: mergeGrants([
        ...shared,
        ...publishing([...principals.builders, ...principals.buildAccounts]),
        ...(iamOn.gcbBucket ?? []),
      ]),
    },
  ];
}

/** A folder's policy adds to the bucket's, so administrators are not repeated: it names who owns the folder. */
export function folderPolicy({ writers, readers, publishers, buildAccounts }: StagingPrincipals): readonly IamGrant[] {
  return mergeGrants([
    { role: "roles/storage.objectAdmin", members: writers },
    { role: "roles/storage.objectViewer", members: readers },
    ...publishing([...publishers, ...buildAccounts]),
  ]);
}

/** Sources of builds in a shared project: whoever starts a build has put them there by a right on the whole bucket. */
export function sourcesPolicy({ buildAccounts }: StagingPrincipals): readonly IamGrant[] {
  return mergeGrants([{ role: "roles/storage.objectViewer", members: buildAccounts }]);
}

export function registryRecipe(
  { registry }: StagingProject,
  { admins, writers, builders, buildAccounts, readers, iamOn }: StagingPrincipals,
): RegistryRecipe | undefined {
  if (registry === undefined) return undefined;
  return {
    ...registry,
    policy: mergeGrants([
      { role: "roles/artifactregistry.admin", members: admins },
      { role: "roles/artifactregistry.writer", members: [...writers, ...builders, ...buildAccounts] },
      { role: "roles/artifactregistry.reader", members: readers },
      ...(iamOn.registry ?? []),
    ]),
  };
}

function writing({ admins, writers, readers }: StagingPrincipals): readonly IamGrant[] {
  return [
    { role: "roles/storage.legacyBucketOwner", members: admins },
    // gsutil reads the bucket before it writes; objectAdmin does not include storage.buckets.get.
    { role: "roles/storage.legacyBucketWriter", members: writers },
    { role: "roles/storage.objectAdmin", members: [...admins, ...writers] },
    { role: "roles/storage.objectViewer", members: readers },
  ];
}

/** Making and reading objects. Overwriting needs the right to delete, which these roles leave out. */
export function publishing(members: readonly string[]): readonly IamGrant[] {
  return [
    { role: "roles/storage.objectCreator", members },
    { role: "roles/storage.objectViewer", members },
  ];
}
