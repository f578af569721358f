import { bucketOwners, destinationOwner } from "../bucket-owners";
import type { Filestore, FilestoreDirectory } from "../filestores";
import type { KnownProject } from "../projects";
import { stagingOwners } from "../staging-owner";
import { quote, quoteList } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** Filestores against one another, against the projects and against the accounts that may publish. */
export function checkFilestores(draft: Draft, found: Findings): void {
  checkBases(draft.filestores, found);
  const owners = {
    byBucket: stagingBuckets(draft),
    ofPlace: stagingOwners(draft.staging),
    ofBucket: bucketOwners(draft),
  };
  for (const directory of draft.filestores) {
    if (directory.source.scheme === "gs") checkSource(directory, draft, owners, found);
    checkDestinations(directory, draft, owners, found);
    checkAccounts(directory, draft, found);
  }
}

/** What holds of filestores wherever they stand, whatever infra.yaml says or whether there is any. */
export function checkBases(directories: readonly FilestoreDirectory[], found: Findings): void {
  checkOverlaps(directories, found);
  for (const { name, source, destinations } of directories) {
    if (source.scheme !== "gs") {
      const summary = `${name}: the source ${quote(source.base)} is not on Cloud Storage`;
      const detail = "Only Cloud Storage keeps the generations that tie a copy to what was hashed.";
      found.error("filestore/source-scheme", source.at, summary, detail);
    }
    for (const { base, at } of destinations.filter((destination) => isWithinOther(source, destination))) {
      const summary = `${name}: the destination ${quote(base)} and the source ${quote(source.base)} lie within one another`;
      found.error("filestore/own-source", at, summary, "What is published must not be what is pushed.");
    }
  }
}

/** Whether another directory has a destination of this one, or one within it or around it. */
export function isRivalOf({ name, destinations }: FilestoreDirectory): (other: FilestoreDirectory) => boolean {
  return (other) =>
    other.name !== name && destinations.some((own) => other.destinations.some((each) => isWithinOther(own, each)));
}

function isWithinOther(one: Filestore, other: Filestore): boolean {
  const [a, b] = [keyOf(one), keyOf(other)];
  return a.startsWith(b) || b.startsWith(a);
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
  for (const destination of destinations.filter((each) => !isWithinOther(source, each))) {
    const { bucket, base, at } = destination;
    const whose = destinationOwner(destination, defaults, owners.ofBucket);
    if (whose === undefined || (isReverse && owners.byBucket.has(bucket))) continue;
    const summary = `${name}: the bucket of the destination ${quote(base)} belongs to ${whose}`;
    error("filestore/destination-bucket", at, summary, "Publish into a bucket that only promoters write to.");
  }
}

function keyOf({ scheme, bucket, prefix }: Filestore): string {
  return `${scheme}://${bucket}/${prefix}`;
}

/** A source is a bucket of a staging project. What leads out of production (back to staging, or to a mirror) smells, but is used. */
function checkSource(directory: FilestoreDirectory, draft: Draft, owners: Owners, found: Findings): void {
  const { source, destinations, name } = directory;
  const { error, warn, guesses } = found;
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
  const meant = guesses.didYouMean(source.bucket, owners.byBucket.keys());
  if (meant === undefined && isMirror(directory, draft)) {
    const summary = `${name}: the source ${quote(source.base)} is no staging bucket: these filestores mirror what is published`;
    warn("filestore/mirror", source.at, summary, "Check that it is meant: usually a mirror is a further destination.");
    return;
  }
  const detail = meant ?? "Add the project to infra.yaml, or name one of its buckets.";
  const summary = `${name}: the source bucket ${quote(source.bucket)} belongs to no staging project of infra.yaml`;
  error("filestore/source-bucket", source.at, summary, detail);
}

/** Whether files lead from production to elsewhere. Where nobody says what production is, only to another cloud. */
function isMirror({ source, destinations }: FilestoreDirectory, { defaults }: Draft): boolean {
  const { bucket } = defaults.serving;
  if (bucket === "") return destinations.every(({ scheme }) => scheme === "s3");
  return source.bucket === bucket && destinations.every((each) => each.scheme === "s3" || each.bucket !== bucket);
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
