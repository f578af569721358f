import type { Estate } from "../../../lib/model/estate";
import { sampleDefaults, sampleEstate, sampleGroup, sampleProject } from "../../stacks/sample-estate";

export interface Principal {
  /** As the table calls it. */
  readonly who: string;

  /** Undefined calls without credentials. */
  readonly token?: string;
}

/** Somebody who has got hold of the whole production project. */
export const PRODUCTION_OWNER = "user:production-owner@example.com";

/** Every kind of principal that an estate knows, and two that it doesn't. */
export const principals: readonly Principal[] = [
  { who: "anybody, without credentials" },
  { who: "a stranger", token: "user:stranger@example.com" },
  { who: "member of the project's group", token: "user:member@example.com" },
  { who: "member of a group in that group", token: "user:nested@example.com" },
  { who: "member of another project's group", token: "user:neighbour@example.com" },
  { who: "release viewer", token: "user:viewer@example.com" },
  { who: "administrator", token: "user:admin@example.com" },
  { who: "build account", token: "serviceAccount:builder@oss-build.iam.gserviceaccount.com" },
  { who: "account that builds run as", token: "serviceAccount:builder@oss-staging-lathe.iam.gserviceaccount.com" },
  { who: "owner of the production project", token: PRODUCTION_OWNER },
  { who: "promoter", token: "serviceAccount:promoter@oss-prod.iam.gserviceaccount.com" },
  { who: "planner", token: "serviceAccount:planner@oss-prod.iam.gserviceaccount.com" },
];

export interface BucketUnderTest {
  readonly title: string;
  readonly bucket: string;
}

export const buckets: readonly BucketUnderTest[] = [
  { title: "Staging bucket", bucket: "oss-staging-lathe" },
  { title: "Staging bucket of a private project (`public: false`)", bucket: "oss-staging-quiet" },
  { title: "Cloud Build's bucket", bucket: "oss-staging-lathe-gcb" },
  { title: "Staging bucket of a retired project", bucket: "oss-staging-gone" },
  { title: "Production bucket", bucket: "oss-artifacts" },
  { title: "Backup bucket", bucket: "oss-backup" },
  { title: "Bucket for access logs", bucket: "oss-access-logs" },
];

export const stacks = ["groups", "serving", "staging-lathe", "staging-quiet", "staging-gone", "staging-loom"] as const;

export function accessEstate(): Estate {
  const group = (name: string, ...members: readonly string[]) => sampleGroup(`${name}@example.org`, { members });
  return sampleEstate({
    defaults: {
      ...sampleDefaults,
      serving: { ...sampleDefaults.serving, backupBucket: "oss-backup", backupProjectId: "oss-prod-bak" },
    },
    staging: [
      sampleProject("lathe", { isRelease: true, buildAccountId: "builder" }),
      sampleProject("quiet", { isPublic: false, isRelease: true, group: "oss-infra-staging-lathe@example.org" }),
      sampleProject("gone", {
        group: "oss-infra-staging-lathe@example.org",
        isRelease: true,
        retired: { since: "2026-05-01", keepPublished: true },
      }),
      sampleProject("loom"),
    ],
    groups: [
      group("oss-infra-staging-lathe", "member@example.com", "lathe-builders@example.org"),
      group("lathe-builders", "nested@example.com"),
      group("oss-infra-staging-loom", "neighbour@example.com"),
      group("release-viewers", "viewer@example.com"),
      group("admins", "admin@example.com"),
    ],
    filestores: [],
    manifests: [],
  });
}
