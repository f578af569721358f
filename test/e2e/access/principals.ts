import type { Estate } from "../../../lib/model/estate";
import { sampleDefaults, sampleEstate, sampleGroup, sampleProject } from "../../stacks/sample-estate";

export interface Principal {
  /** As the table calls it. */
  readonly who: string;

  /** Undefined calls without credentials. Some are others in each place. */
  readonly token?: string | ((place: PlaceUnderTest) => string);
}

export function tokenAt({ token }: Principal, place: PlaceUnderTest): string | undefined {
  return typeof token === "function" ? token(place) : token;
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
  {
    who: "account that builds run as",
    token: ({ builds = "builder@oss-staging-lathe" }) => `serviceAccount:${builds}.iam.gserviceaccount.com`,
  },
  {
    who: "account that another project's builds run as",
    token: "serviceAccount:builder@oss-staging-loom.iam.gserviceaccount.com",
  },
  { who: "owner of the production project", token: PRODUCTION_OWNER },
  { who: "promoter", token: "serviceAccount:promoter@oss-prod.iam.gserviceaccount.com" },
  { who: "planner", token: "serviceAccount:planner@oss-prod.iam.gserviceaccount.com" },
];

export interface PlaceUnderTest {
  readonly title: string;
  readonly bucket: string;

  /** Ends in a slash. @default - the bucket as a whole */
  readonly folder?: string;

  /** Account that builds of its project run as. @default - that of `oss-staging-lathe` */
  readonly builds?: string;
}

/** E.g. `oss-staging-lathe`, `oss-staging-pool/open/`. */
export function pathOf({ bucket, folder }: PlaceUnderTest): string {
  return folder === undefined ? bucket : `${bucket}/${folder}`;
}

export const places: readonly PlaceUnderTest[] = [
  { title: "Staging bucket", bucket: "oss-staging-lathe" },
  {
    title: "Staging bucket of a private project (`public: false`)",
    bucket: "oss-staging-quiet",
    builds: "builder@oss-staging-quiet",
  },
  { title: "Cloud Build's bucket", bucket: "oss-staging-lathe-gcb" },
  {
    title: "Staging bucket of a retired project",
    bucket: "oss-staging-gone",
    builds: "builder@oss-staging-gone",
  },
  {
    title: "Public folder in the private bucket of a shared project",
    bucket: "oss-staging-pool",
    folder: "open/",
    builds: "builder-open@oss-staging-pool",
  },
  {
    title: "Private folder in the private bucket of a shared project",
    bucket: "oss-staging-pool",
    folder: "closed/",
    builds: "builder-closed@oss-staging-pool",
  },
  { title: "Production bucket", bucket: "oss-artifacts" },
  { title: "Backup bucket", bucket: "oss-backup" },
  { title: "Bucket for access logs", bucket: "oss-access-logs" },
];

const STAGING = ["lathe", "quiet", "gone", "loom", "pool", "open", "closed"];

export const stacks = ["groups", "serving", ...STAGING.map((name) => `staging-${name}`)];

export function accessEstate(): Estate {
  const groupOf = (name: string, ...members: readonly string[]) => sampleGroup(`${name}@example.org`, { members });
  const group = "oss-infra-staging-lathe@example.org";
  const guest = {
    mode: "shared",
    sharedProjectId: "oss-staging-pool",
    bucket: "oss-staging-pool",
    gcbBucket: "oss-staging-pool-gcb",
    group,
  } as const;
  return sampleEstate({
    defaults: {
      ...sampleDefaults,
      serving: { ...sampleDefaults.serving, backupBucket: "oss-backup", backupProjectId: "oss-prod-bak" },
    },
    staging: [
      sampleProject("lathe", { isRelease: true, buildAccountId: "builder" }),
      sampleProject("quiet", { isPublic: false, isRelease: true, group, buildAccountId: "builder" }),
      sampleProject("gone", {
        group,
        isRelease: true,
        buildAccountId: "builder",
        retired: { since: "2026-05-01", keepPublished: true },
      }),
      sampleProject("loom", { buildAccountId: "builder" }),
      sampleProject("pool", { isPublic: false }),
      sampleProject("open", { ...guest, buildAccountId: "builder-open" }),
      sampleProject("closed", { ...guest, isPublic: false, buildAccountId: "builder-closed" }),
    ],
    groups: [
      groupOf("oss-infra-staging-lathe", "member@example.com", "lathe-builders@example.org"),
      groupOf("lathe-builders", "nested@example.com"),
      groupOf("oss-infra-staging-loom", "neighbour@example.com"),
      groupOf("oss-infra-staging-pool"),
      groupOf("release-viewers", "viewer@example.com"),
      groupOf("admins", "admin@example.com"),
    ],
    filestores: [],
    manifests: [],
  });
}
