import { bucketOwners, destinationOwner } from "../bucket-owners";
import type { Filestore, FilestoreDirectory } from "../filestores";
import type { KnownProject } from "../projects";
import { stagingOwners } from "../staging-owner";
import { quote, quoteList } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** Filestores against one another, against the projects and against the accounts that may publish. */
export function checkFilestores(draft: Draft, found: Findings): void {
  checkOverlaps(draft.filestores, found);
  const owners = {
    byBucket: stagingBuckets(draft),
    ofPlace: stagingOwners(draft.staging),
    ofBucket: bucketOwners(draft),
  };
  for (const directory of draft.filestores) {
    checkSource(directory, draft, owners, found);
    checkDestinations(directory, draft, owners, found);
    checkAccounts(directory, draft, found);
  }
}

interface Claim {
  readonly directory: FilestoreDirectory;
  readonly filestore: Filestore;
  readonly key: string;
}

/** A destination prefix belongs to one directory: equal ones, and one within another, are refused. */
function checkOverlaps(directories: readonly FilestoreDirectory[], { error }: Findings): void {
  const claims = directories.flatMap((directory) =>
    directory.destinations.map((filestore): Claim => ({ directory, filestore, key: keyOf(filestore) })),
  );
  claims.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  // Sorted, everything that lies within a prefix follows it directly: one stack of open prefixes is enough.
  const open: Claim[] = [];
  for (const claim of claims) {
    while (open.length > 0 && !claim.key.startsWith(open.at(-1)?.key ?? "")) open.pop();
    const outer = open.at(-1);
    if (outer !== undefined) {
      const how = outer.key === claim.key ? "is also the destination" : "lies within the destination";
      const summary = `${claim.directory.name}: the destination ${quote(claim.filestore.base)} ${how} of ${outer.directory.name}, ${quote(outer.filestore.base)}`;
      const { file, line } = outer.filestore.at;
      const detail = `Each directory publishes below a prefix of its own. The other stands in ${file}:${line}.`;
      error("filestore/overlap", claim.filestore.at, summary, detail);
    }
    open.push(claim);
  }
}

/** What is published stands apart from what is pushed, and from what only Terraform, logs and the backup write. */
function checkDestinations(
  { name, source, destinations }: FilestoreDirectory,
  { defaults }: Draft,
  owners: Owners,
  { error }: Findings,
): void {
  const isReverse = owners.ofPlace(source) === undefined && !owners.byBucket.has(source.bucket);
  for (const destination of destinations) {
    const { bucket, base, at } = destination;
    const [a, b] = [keyOf(source), keyOf(destination)];
    if (a.startsWith(b) || b.startsWith(a)) {
      const summary = `${name}: the destination ${quote(base)} and the source ${quote(source.base)} lie within one another`;
      error("filestore/own-source", at, summary, "What is published must not be what is pushed.");
      continue;
    }
    const whose = destinationOwner(destination, defaults, owners.ofBucket);
    if (whose === undefined || (isReverse && owners.byBucket.has(bucket))) continue;
    const summary = `${name}: the bucket of the destination ${quote(base)} belongs to ${whose}`;
    error("filestore/destination-bucket", at, summary, "Publish into a bucket that only promoters write to.");
  }
}

function keyOf({ scheme, bucket, prefix }: Filestore): string {
  return `${scheme}://${bucket}/${prefix}`;
}

/** A source is a bucket of a staging project; the other way round (production to staging) smells, but is used. */
function checkSource(directory: FilestoreDirectory, draft: Draft, owners: Owners, found: Findings): void {
  const { source, destinations, name } = directory;
  const { error, warn, guesses } = found;
  if (source.scheme !== "gs") {
    const detail = "Only Cloud Storage keeps the generations that tie a copy to what was hashed.";
    error(
      "filestore/source-scheme",
      source.at,
      `${name}: the source ${quote(source.base)} is not on Cloud Storage`,
      detail,
    );
    return;
  }
  if (!draft.isComplete.infra) return;
  const owner = owners.ofPlace(source) ?? owners.byBucket.get(source.bucket);
  if (owner !== undefined) {
    const own = draft.projects.find(({ projectId, type }) => projectId === name && type === "staging");
    if (own !== undefined && own.projectId !== owner.projectId) {
      const summary = `${name}: the source ${quote(source.base)} belongs to ${owner.projectId}`;
      warn("filestore/other-project", source.at, summary, "Check that the people of that project want this.");
    }
    checkRetired(owner, directory, draft, warn);
    return;
  }
  const staged = destinations.find(({ bucket }) => owners.byBucket.has(bucket));
  if (staged !== undefined) {
    const summary = `${name}: the source bucket ${quote(source.bucket)} is no staging bucket, and the destination ${quote(staged.base)} is one`;
    warn(
      "filestore/reverse",
      source.at,
      summary,
      "Files go from production to staging here. That is unusual: check that it is meant.",
    );
    return;
  }
  const detail =
    guesses.didYouMean(source.bucket, owners.byBucket.keys()) ??
    "Add the project to infra.yaml, or name one of its buckets.";
  const summary = `${name}: the source bucket ${quote(source.bucket)} belongs to no staging project of infra.yaml`;
  error("filestore/source-bucket", source.at, summary, detail);
}

interface Owners {
  readonly byBucket: ReadonlyMap<string, KnownProject>;

  /** Of ours: in a shared bucket, the one whose folder it is. */
  readonly ofPlace: ReturnType<typeof stagingOwners>;

  /** Of every bucket that has a purpose, in words. */
  readonly ofBucket: ReturnType<typeof bucketOwners>;
}

/** Which project a staging bucket belongs to. Projects of others keep theirs under their id unless their block has `bucket`. */
function stagingBuckets({ projects, staging }: Draft): Owners["byBucket"] {
  const ours = new Map(staging.map((project) => [project.projectId, project.bucket]));
  const guests = new Set(staging.filter(({ mode }) => mode === "shared").map(({ projectId }) => projectId));
  const owned = projects.filter(({ type, projectId }) => type === "staging" && !guests.has(projectId));
  return new Map(owned.map((project) => [ours.get(project.projectId) ?? project.bucket ?? project.projectId, project]));
}

function checkRetired(
  owner: Pick<KnownProject, "projectId">,
  { name, source }: FilestoreDirectory,
  { staging }: Draft,
  warn: Findings["warn"],
): void {
  const retired = staging.find(({ projectId }) => projectId === owner.projectId)?.retired;
  // Once it is shut down there is nobody left to tell; its filestore stays for what it published.
  if (retired === undefined || retired.step === "shut-down") return;
  const summary = `${name}: the source ${quote(source.base)} belongs to ${owner.projectId}, retired since ${retired.since}`;
  warn("filestore/retired", source.at, summary, "What is published stays; nothing new can be promoted from it.");
}

/** A promotion may act only as accounts that defaults.yaml lists. Where there is no defaults.yaml, nobody can say. */
function checkAccounts(
  { name, source, destinations }: FilestoreDirectory,
  draft: Draft,
  { error, guesses }: Findings,
): void {
  if (!draft.hasDefaultsFile) return;
  const { promoterServiceAccounts: allowed } = draft.defaults;
  for (const { serviceAccount, at } of [source, ...destinations]) {
    if (serviceAccount === undefined || allowed.includes(serviceAccount)) continue;
    const near = guesses.nearest(serviceAccount, allowed);
    const detail =
      near === undefined ? `promoter-service-accounts lists ${quoteList(allowed)}.` : `Did you mean ${quote(near)}?`;
    error(
      "filestore/account",
      at,
      `${name}: the service account ${quote(serviceAccount)} is not listed in defaults.yaml`,
      detail,
    );
  }
}
