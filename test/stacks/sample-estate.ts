import type { Defaults } from "../../lib/model/defaults";
import type { Estate } from "../../lib/model/estate";
import type { Filestore, FilestoreDirectory } from "../../lib/model/filestores";
import type { Group } from "../../lib/model/groups";
import type { Manifest } from "../../lib/model/manifests";
import type { StagingProject } from "../../lib/model/projects";
import type { Draft } from "../../lib/model/rules/draft";

const at = { file: "sample.yaml", line: 1, column: 1 };

export const sampleDefaults: Defaults = {
  managedBy: "stacks/staging.ts",
  organization: "100000000001",
  billingAccount: "01ABCD-23EF01-456789",
  location: "US",
  stateBucket: "oss-terraform-state",
  domain: "example.org",
  stagingPrefix: "oss-staging-",
  groupPrefix: "oss-infra-staging-",
  adminGroups: ["admins@example.org"],
  releaseViewersGroup: "release-viewers@example.org",
  logsBucket: "oss-access-logs",
  gcbBuilderServiceAccount: "builder@oss-build.iam.gserviceaccount.com",
  promoterServiceAccounts: ["promoter@oss-prod.iam.gserviceaccount.com"],
  serving: {
    projectId: "oss-prod",
    bucket: "oss-artifacts",
    location: "US",
    retentionDays: 3650,
    softDeleteDays: 30,
    publicUrls: ["https://storage.googleapis.com/oss-artifacts"],
    promoterAccountId: "promoter",
    plannerAccountId: "planner",
    federatedRepositories: [],
    cdnDomains: [],
  },
  staging: {
    services: [],
    viewers: [],
    writers: [],
    isPublic: true,
    labels: {},
    contacts: [],
    iam: [],
  },
};

export function sampleProject(name: string, more: Partial<StagingProject> = {}): StagingProject {
  const projectId = `oss-staging-${name}`;
  return {
    name,
    projectId,
    bucket: projectId,
    gcbBucket: `${projectId}-gcb`,
    group: `oss-infra-staging-${name}@example.org`,
    isRelease: false,
    viewers: [],
    writers: [],
    services: ["cloudbuild.googleapis.com", "storage-api.googleapis.com"],
    isPublic: true,
    deleteAfterDays: 60,
    labels: {},
    contacts: [],
    iam: [],
    mode: "project",
    at,
    ...more,
  };
}

export function sampleGroup(email: string, more: Partial<Group> = {}): Group {
  return {
    email,
    name: email.split("@")[0] ?? email,
    description: "",
    settings: {},
    reconcileMembers: true,
    owners: [],
    managers: [],
    members: ["member1@example.com"],
    file: "groups/groups.yaml",
    at,
    ...more,
  };
}

/** A base such as `gs://bucket/prefix/`. */
export function sampleFilestore(base: string, more: Partial<Filestore> = {}): Filestore {
  const [, scheme, bucket = "", prefix = ""] = /^(gs|s3):\/\/([^/]+)\/?(.*)$/.exec(base) ?? [];
  return { base, scheme: scheme === "s3" ? "s3" : "gs", bucket, prefix, source: false, at, ...more };
}

export function sampleDirectory(name: string, destinations: readonly Filestore[]): FilestoreDirectory {
  return {
    name: `oss-staging-${name}`,
    file: `filestores/oss-staging-${name}/filepromoter-manifest.yaml`,
    source: sampleFilestore(`gs://oss-staging-${name}/releases/`, { source: true }),
    destinations,
  };
}

export function sampleManifest(name: string, release: string, files: Readonly<Record<string, string>>): Manifest {
  const directory = `oss-staging-${name}`;
  return {
    directory,
    file: `manifests/${directory}/${release}.yaml`,
    lines: Object.entries(files).map(([file, sha256]) => ({ name: file, sha256, at })),
  };
}

export function sampleEstate(more: Partial<Estate> = {}): Estate {
  return {
    defaults: sampleDefaults,
    hasDefaultsFile: true,
    projects: [],
    staging: [sampleProject("lathe")],
    groupsConfig: { domains: ["example.org"] },
    groups: [sampleGroup("oss-infra-staging-lathe@example.org")],
    restrictions: [],
    filestores: [
      sampleDirectory("lathe", [
        sampleFilestore("gs://oss-artifacts/binaries/lathe/", {
          serviceAccount: "promoter@oss-prod.iam.gserviceaccount.com",
        }),
      ]),
    ],
    manifests: [sampleManifest("lathe", "1.0.0", { "v1.0.0/lathe": "aa".repeat(32) })],
    owners: new Map(),
    ...more,
  };
}

/** The same as it is read from inputs without mistakes, for the rules of changes. */
export function sampleDraft(more: Partial<Estate> = {}): Draft {
  return {
    ...sampleEstate(more),
    hasDefaults: true,
    hasGroups: true,
    groupsFolder: "groups",
    manifestDirectories: [],
    filestoreNames: [],
    broken: { filestores: [], manifests: [] },
    isComplete: { infra: true, groups: true, names: true },
  };
}
