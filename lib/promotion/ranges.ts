import { versionDirectory } from "./properties";

/** A part of a bucket to be listed: names that start with `prefix`, from `from` on, before `before`. */
export interface NameRange {
  readonly prefix: string;
  readonly from: string;
  readonly before: string;
}

/** Directories listed separately, at most: beyond it their parents are listed. */
const MAX_DIRECTORIES = 32;

/** Wanted names per range: about a page of a listing. */
const NAMES_PER_RANGE = 1000;

/** Names of a parent directory that are asked for one by one, at most. */
const MAX_SINGLE_NAMES = 8;

/** Covers sorted names with as few and as narrow listings as serve them side by side. */
export function splitRanges(prefix: string, sorted: readonly string[]): readonly NameRange[] {
  const groups = groupByDirectory(prefix, sorted);
  return groups.flatMap(({ directory, names }) => {
    // Listings go through subdirectories: of a directory above others only the names themselves are asked for.
    const isParent = groups.some((other) => other.directory !== directory && other.directory.startsWith(directory));
    const size = isParent && names.length <= MAX_SINGLE_NAMES ? 1 : NAMES_PER_RANGE;
    return pieces(names, size).map((piece) => ({
      prefix: directory,
      from: piece[0] as string,
      // A name after the last one, and before any other that people would use.
      before: `${piece.at(-1)} `,
    }));
  });
}

interface DirectoryGroup {
  readonly directory: string;
  readonly names: readonly string[];
}

/** Groups names by directory; where that makes too many, by the parents of the directories, up to the prefix itself. */
function groupByDirectory(prefix: string, sorted: readonly string[]): readonly DirectoryGroup[] {
  for (let depth = deepest(prefix, sorted); depth > 0; depth -= 1) {
    const groups = groupAtDepth(prefix, sorted, depth);
    if (groups.length <= MAX_DIRECTORIES) return groups;
  }
  return sorted.length === 0 ? [] : [{ directory: prefix, names: sorted }];
}

/** Names are sorted, so those of one directory at a given depth need not be neighbours: `a/b`, `a/b/c` at depth 2 are not. */
function groupAtDepth(prefix: string, sorted: readonly string[], depth: number): readonly DirectoryGroup[] {
  const groups = new Map<string, string[]>();
  for (const name of sorted) {
    const directory = directoryAtDepth(prefix, name, depth);
    const group = groups.get(directory);
    if (group) group.push(name);
    else if (groups.size > MAX_DIRECTORIES) break;
    else groups.set(directory, [name]);
  }
  return [...groups].map(([directory, names]) => ({ directory, names }));
}

/**
 * The first `depth` directories of a name below the prefix, with the prefix; fewer if it has fewer, or if one of them is a
 * version's: all that stands there is a page or a few of one listing, which is less than a listing per platform.
 */
function directoryAtDepth(prefix: string, name: string, depth: number): string {
  let end = prefix.length;
  for (let level = 0; level < depth; level += 1) {
    const slash = name.indexOf("/", end);
    if (slash < 0) break;
    const isVersion = versionDirectory.test(name.slice(end, slash + 1));
    end = slash + 1;
    if (isVersion) break;
  }
  return name.slice(0, end);
}

function deepest(prefix: string, names: readonly string[]): number {
  let depth = 0;
  for (const name of names) {
    let count = 0;
    for (let at = name.indexOf("/", prefix.length); at >= 0; at = name.indexOf("/", at + 1)) count += 1;
    depth = Math.max(depth, count);
  }
  // Deeper trees are listed from their tenth level on: the loop over depths stays short for hostile names.
  return Math.min(depth, 10);
}

function pieces<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
