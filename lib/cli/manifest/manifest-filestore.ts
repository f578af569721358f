import { existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { Inputs } from "../../config/inputs";
import { type Layout, placesOutside } from "../../config/layout";
import { type Filestores, readFilestores } from "../../config/load-filestores";
import { Tree } from "../../config/tree";
import { ConfigError, type Diagnostic } from "../../diagnostics";
import type { Base } from "../../model/filestore-base";
import type { FilestoreDirectory } from "../../model/filestores";
import { didYouMean, quote } from "../../model/suggest";
import { UsageError } from "../usage-error";

/** A place in a bucket, as written and taken apart. */
export interface BucketPlace extends Base {
  readonly url: string;
}

/** The filestore directory of a name. */
export function findFilestore(layout: Layout, name: string): FilestoreDirectory {
  const { filestores, names, problems } = readAll(layout);
  const found = filestores.find((directory) => directory.name === name);
  if (found !== undefined) return found;
  const isHidden = names.length === 0 || names.includes(name);
  if (isHidden && problems.length > 0) throw new ConfigError(problems);
  const hint = didYouMean(name, names);
  throw new UsageError(
    [`there is no filestore ${quote(name)} below ${layout.filestores}`, hint].filter(Boolean).join(". "),
  );
}

/**
 * The one filestore directory whose source holds this place; undefined when no filestore has anything to do with it. Names
 * that no promotion would find are never the answer: what might be a filestore of this place, and is not, is told.
 */
export function filestoreHolding(layout: Layout, place: BucketPlace): FilestoreDirectory | undefined {
  const all = readAll(layout);
  const holding = all.filestores.filter(({ source }) => isBelow(place, source));
  refuseDoubts(place, all, holding.length > 0);
  if (holding.length > 1) refuseSeveral(holding);
  const [found] = holding;
  if (found !== undefined) return found;
  const beside = all.filestores.filter(({ source }) => isSameBucket(place, source));
  if (beside.length > 0) refuseBeside(place, beside);
  return undefined;
}

export function refuseBeside({ url }: BucketPlace, filestores: readonly FilestoreDirectory[]): never {
  const sources = filestores.map(({ name, source }) => `${quote(source.base)}, the source of ${name}`).join(", or ");
  throw new UsageError(
    `${quote(url)} is not below ${sources}: its files could not be promoted. Name that place, or one below it`,
  );
}

/** The base that names in this place are relative to, be it a source or a destination; undefined when nothing is there. */
export function baseHolding(place: BucketPlace, filestores: readonly FilestoreDirectory[]): Base | undefined {
  const holding = filestores.flatMap((directory) =>
    [directory.source, ...directory.destinations]
      .filter((base) => isBelow(place, base))
      .map((base) => ({ name: directory.name, base })),
  );
  if (new Set(holding.map(({ base }) => base.prefix)).size > 1) refuseSeveral(holding);
  return holding[0]?.base;
}

export function isBelow(place: Base, base: Base): boolean {
  return isSameBucket(place, base) && place.prefix.startsWith(base.prefix);
}

function isSameBucket(one: Base, other: Base): boolean {
  return one.scheme === other.scheme && one.bucket === other.bucket;
}

/** Every directory whose bases can be made out. */
export function allFilestores(layout: Layout): readonly FilestoreDirectory[] {
  const { filestores, broken } = readAll(layout);
  return [...filestores, ...broken];
}

function refuseSeveral(holding: readonly { readonly name: string }[]): never {
  const names = holding.map(({ name }) => name).join(", ");
  throw new UsageError(`several filestores hold this place: ${names}. Choose one with --filestore`);
}

/**
 * Mistakes hold a manifest up when the place may belong to what they are in. They do not where it is known whose place it
 * is, nor in the file of a filestore whose bases are clear and lie in other buckets.
 */
function refuseDoubts(place: BucketPlace, { filestores, broken, problems }: AllFilestores, isHeld: boolean): void {
  const doubtful = problems.filter(({ at }) => {
    const isIn = ({ file }: FilestoreDirectory) => `${at?.file}/`.startsWith(`${dirname(file)}/`);
    if (filestores.some(isIn)) return false;
    const directory = broken.find(isIn);
    if (directory === undefined) return !isHeld;
    const { source, destinations, isSourceClear } = directory;
    if (isHeld) return isBelow(place, source);
    return !isSourceClear || [source, ...destinations].some((base) => isSameBucket(place, base));
  });
  if (doubtful.length === 0) return;
  const summary = `${quote(place.url)}: until this is repaired, nobody can tell which filestore has its source there`;
  const detail = "Nothing was written. If it is another one, name it with --filestore.";
  throw new ConfigError([...doubtful, { severity: "error", summary, detail }]);
}

interface AllFilestores extends Filestores {
  /** The errors in them. */
  readonly problems: readonly Diagnostic[];
}

function readAll(layout: Layout): AllFilestores {
  const problems: Diagnostic[] = [];
  if (!existsSync(resolve(layout.root, layout.filestores))) return { ...NONE, problems };
  const inputs = new Inputs(new Tree(layout.root, placesOutside(layout)), (diagnostic) => {
    if (diagnostic.severity === "error") problems.push(diagnostic);
  });
  return { ...readFilestores(inputs, layout.filestores), problems };
}

const NONE: Filestores = { filestores: [], broken: [], names: [] };
