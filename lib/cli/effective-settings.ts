import type { IamGrant, StagingProject } from "../model/projects";

/** A staging project's effective settings as its block in infra.yaml could say them. */
export function effectiveSettings(project: StagingProject): Readonly<Record<string, unknown>> {
  const { budget, registry, retired, buildAccountId, mode } = project;
  const isShared = mode === "shared";
  return present({
    mode,
    "shared-project": isShared ? project.sharedProjectId : undefined,
    group: project.group,
    bucket: isShared ? undefined : project.bucket,
    "gcb-bucket": isShared ? undefined : project.gcbBucket,
    location: project.location,
    "gcb-location": project.gcbLocation,
    // What is retired is read by its team alone, whatever its block says.
    public: project.isPublic && retired === undefined,
    "delete-after-days": isShared ? undefined : (project.deleteAfterDays ?? "never"),
    release: isShared ? undefined : project.isRelease,
    services: isShared ? undefined : project.services,
    viewers: isShared ? undefined : project.viewers,
    writers: project.writers,
    labels: isShared ? undefined : project.labels,
    contacts: isShared ? undefined : project.contacts,
    budget: isShared
      ? undefined
      : budget === undefined
        ? "none"
        : { amount: budget.amount, "alert-at": budget.alertAt },
    registry:
      registry === undefined
        ? "none"
        : present({
            repository: registry.repository,
            location: registry.location,
            format: registry.format,
            "delete-after-days": registry.deleteAfterDays,
          }),
    iam: isShared ? undefined : byRole(project.iam),
    "iam-on": grantsOn(project),
    // In mode shared the staging name was appended.
    "build-account": isShared ? buildAccountId?.slice(0, -project.name.length - 1) : (buildAccountId ?? "none"),
    retired: retired && {
      since: retired.since,
      "keep-published": retired.keepPublished,
      step: retired.step ?? "closed",
    },
  });
}

function grantsOn({ mode, iamOn = {} }: StagingProject): Readonly<Record<string, unknown>> | undefined {
  const { bucket, gcbBucket, buildAccount, registry } = iamOn;
  const ownBuckets =
    mode === "shared" ? {} : { bucket: bucket && byRole(bucket), "gcb-bucket": gcbBucket && byRole(gcbBucket) };
  const grants = present({
    ...ownBuckets,
    "build-account": buildAccount && byRole(buildAccount),
    registry: registry && byRole(registry),
  });
  return Object.keys(grants).length === 0 ? undefined : grants;
}

function byRole(grants: readonly IamGrant[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(grants.map(({ role, members }) => [role, members]));
}

function present(settings: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined));
}
