import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import type { RetirementStep } from "../../../lib/model/projects";

/** What infra.yaml says of one project, as YAML spells it. */
export type Block = Readonly<Record<string, unknown>>;

/** One state of the inputs: a reviewed, merged change. */
export interface Revision {
  /** Overrides of `BASE` in defaults.yaml. */
  readonly defaults: Readonly<Record<string, unknown>>;
  readonly serving: Readonly<Record<string, unknown>>;

  /** By staging name. */
  readonly projects: Readonly<Record<string, Block>>;
}

/** `pool` has guests, so it stays; the bucket of `birch` is not named like its project. */
export const NAMES = ["alder", "birch", "cedar", "pool", "guest"] as const;
type Name = (typeof NAMES)[number];

const FIXED: Readonly<Record<Name, Block>> = {
  alder: {},
  birch: { bucket: "birch-releases", "gcb-bucket": "birch-builds" },
  cedar: {},
  pool: {},
  guest: { mode: "shared", "shared-project": "oss-staging-pool" },
};

/** Everybody whom the inputs may name: nobody else of them may be found in the live estate. */
export const PEOPLE = ["user:Ann@example.com", "user:bea@example.com", "group:watchers@example.org"];
const ROBOT = "serviceAccount:robot@oss-robots.iam.gserviceaccount.com";
const some = <T>(...values: readonly T[]) => fc.subarray([...values]);
const perhaps = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

const registryNamed = (...names: readonly string[]) =>
  fc.record(
    {
      repository: fc.constantFrom(...names),
      location: fc.constantFrom("us", "europe-west1"),
      format: fc.constantFrom("DOCKER", "MAVEN"),
      "delete-after-days": fc.integer({ min: 1, max: 400 }),
    },
    { requiredKeys: [] },
  );

/** Settings that a project in a shared one has as well. */
const guestSettings = {
  writers: perhaps(some(...PEOPLE, ROBOT)),
  public: perhaps(fc.boolean()),
  registry: perhaps(registryNamed("images", "charts")),
};

const ownSettings = {
  ...guestSettings,
  services: perhaps(
    some("pubsub", "cloudkms", "secretmanager").map((names) => names.map((n) => `${n}.googleapis.com`)),
  ),
  viewers: perhaps(some(...PEOPLE)),
  "delete-after-days": perhaps(fc.oneof(fc.constant("never"), fc.integer({ min: 1, max: 400 }))),
  labels: perhaps(fc.dictionary(fc.constantFrom("sig", "cost", "goog"), fc.constantFrom("a", "b-1"))),
  budget: perhaps(
    fc.record({ amount: fc.integer({ min: 1, max: 9999 }), "alert-at": fc.subarray([0.5, 0.9, 1], { minLength: 1 }) }),
  ),
  contacts: perhaps(some(...["a", "b", "c", "d", "e", "f"].map((name) => `${name}@example.org`))),
  iam: perhaps(
    fc
      .record({ "roles/pubsub.viewer": perhaps(some(...PEOPLE)), "roles/viewer": perhaps(some(ROBOT, ...PEOPLE)) })
      .map((roles) => without(roles, (members) => members === undefined || members.length === 0)),
  ),
  release: perhaps(fc.boolean()),
};

type Move = "on" | "stay" | "back";

interface Change {
  readonly blocks: Readonly<Record<Name, Block>>;
  readonly moves: Readonly<Record<Name, Move>>;
  readonly isElsewhere: boolean;
  readonly bucket: string | undefined;
  readonly defaults: Revision["defaults"];
  readonly serving: Revision["serving"];
}

const blocks = fc.record({
  alder: fc.record(ownSettings),
  birch: fc.record(ownSettings),
  cedar: fc.record(ownSettings),
  pool: fc.record(ownSettings),
  guest: fc.record({ ...guestSettings, registry: perhaps(registryNamed("guest-images", "guest-charts")) }),
});

const move = fc.constantFrom<Move>("stay", "stay", "on", "back");
const stays = fc.constant<Move>("stay");

const change: fc.Arbitrary<Change> = fc.record({
  blocks,
  moves: fc.record({ alder: move, birch: move, cedar: fc.constantFrom<Move>("on", "stay"), pool: stays, guest: move }),
  isElsewhere: fc.boolean(),
  bucket: fc.constantFrom(undefined, "cedar-two"),
  defaults: fc
    .record({
      "admin-groups": fc.subarray(["admins@example.org", "more-admins@example.org"], { minLength: 1 }),
      "gcb-builder-service-account": perhaps(fc.constant("builder@oss-build.iam.gserviceaccount.com")),
    })
    .map((all) => without(all, (value) => value === undefined)),
  serving: fc.record({
    "retention-days": fc.integer({ min: 1, max: 3650 }),
    "soft-delete-days": fc.integer({ min: 7, max: 90 }),
    // Never none after some: a pool of identities that was deleted keeps its name for 30 days.
    "federated-repositories": fc.subarray(["example/artifacts", "example/tools"], { minLength: 1 }),
    "cdn-domains": some("artifacts.example.org", "get.example.org"),
    impersonators: fc.record({ promoter: some(ROBOT), planner: some(ROBOT, "user:bea@example.com") }),
  }),
});

/** Revisions that follow one another, each a legal change of the one before. */
export function revisions(length: number): fc.Arbitrary<readonly Revision[]> {
  return fc.array(change, { minLength: length, maxLength: length }).map((changes) => {
    const progress = new Map<string, number>();
    const settings = new Map<string, Block>();
    return changes.map((each, index) => revision(each, index === 0, progress, settings));
  });
}

const STEPS: readonly (RetirementStep | undefined)[] = [undefined, "closed", "released", "shut-down"];

/** A retirement goes on by one step at a time, and back to use at once while there is something to go back to. */
function revision(
  made: Change,
  isFirst: boolean,
  progress: Map<string, number>,
  settings: Map<string, Block>,
): Revision {
  const projects = NAMES.map((name) => {
    const before = progress.get(name) ?? 0;
    // What somebody else manages is not retired here: its guards are still those of before.
    const isOthers = name === "alder" && isElsewhere(made, isFirst);
    const wish = isFirst || isOthers ? "stay" : made.moves[name];
    const now = before === 3 || wish === "stay" ? before : wish === "on" ? before + 1 : 0;
    progress.set(name, now);
    const step = STEPS[now];
    // A shutdown changes nothing else, and a retired project keeps its repository.
    const last = settings.get(name) ?? {};
    const wished = now === 3 ? last : { ...made.blocks[name], ...(now === 0 ? {} : { registry: last.registry }) };
    const own = without<unknown>(wished, (value) => value === undefined);
    settings.set(name, own);
    const block = {
      ...FIXED[name],
      ...own,
      ...(name === "cedar" && made.bucket !== undefined && now === 0 && !isElsewhere(made, isFirst)
        ? { bucket: made.bucket }
        : {}),
      ...(isOthers ? { managed_by: "elsewhere/main.tf" } : {}),
      // In a public bucket no folder is private.
      ...(name === "guest" && made.blocks.pool.public !== false ? { public: true } : {}),
      ...(step === undefined ? {} : { retired: { since: "2024-01-01", "keep-published": true, step } }),
    };
    return [name, block] as const;
  });
  return { defaults: made.defaults, serving: made.serving, projects: Object.fromEntries(projects) };
}

/** What exists is handed over to somebody else, or back. */
function isElsewhere(made: Change, isFirst: boolean): boolean {
  return made.isElsewhere && !isFirst;
}

function without<T>(object: Readonly<Record<string, T>>, isLeftOut: (value: T) => boolean): Record<string, T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isLeftOut(value)));
}

const BASE = {
  organization: "100000000001",
  "billing-account": "01ABCD-23EF01-456789",
  "state-bucket": "oss-terraform-state",
  domain: "example.org",
  "staging-prefix": "oss-staging-",
  "group-prefix": "oss-infra-staging-",
  "release-viewers-group": "release-viewers@example.org",
  "logs-bucket": "oss-access-logs",
  "promoter-service-accounts": ["promoter@oss-prod.iam.gserviceaccount.com"],
};

const GROUPS = ["admins", "more-admins", "release-viewers", "watchers", ...NAMES.map((n) => `oss-infra-staging-${n}`)];

/** Writes a revision as the files that a person would have written. */
export function writeRevision(root: string, { defaults, serving, projects }: Revision): void {
  const byId = Object.fromEntries(Object.entries(projects).map(([name, block]) => [`oss-staging-${name}`, block]));
  const production = { project: "oss-artifacts-prod", bucket: "oss-artifacts-prod", "backup-bucket": "oss-backup" };
  const groups = GROUPS.map((name) => ({
    "email-id": `${name}@example.org`,
    name,
    description: "",
    settings: { ReconcileMembers: "true" },
  }));
  const files = {
    "infra/gcp/infra.yaml": { infra: { staging: { managed_by: "stacks/staging.ts", projects: byId } } },
    "infra/gcp/defaults.yaml": { ...BASE, ...defaults, serving: { ...production, ...serving } },
    "groups/config.yaml": { domains: ["example.org"], "groups-path": ".", "restrictions-path": "restrictions.yaml" },
    "groups/restrictions.yaml": { restrictions: [{ path: "*/groups.yaml", allowedGroups: ["^.*@example\\.org$"] }] },
    "groups/all/groups.yaml": { groups },
  };
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), stringify(content));
  }
}
