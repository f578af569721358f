import type { StoredObject } from "../cloud/object-store";
import { releaseOf } from "../model/address-keys";
import { nearest } from "../model/suggest";

/** What is known of an object that a missing line may mean; `name` is relative to the source base. */
export interface Candidate {
  readonly name: string;
  readonly created?: string | undefined;
}

/** Missing lines of one manifest: they are judged together, as one mistake usually explains all of them. */
export interface MissingLines {
  readonly manifest: string;
  readonly names: readonly string[];

  /** All names of the manifest: none of the missing ones means one that has its own line. @default - none */
  readonly listed?: Pick<ReadonlySet<string>, "has"> | undefined;

  /** Whether the line of a listed name wants the very bytes of a missing one: then that file is meant. @default - none does */
  isTwin?(name: string, listed: string): boolean;
}

/** How a line's name and an object's differ. The smaller the rank, the likelier the mistake. */
interface Relation {
  readonly rank: number;

  /** What all lines of a manifest with the same mistake have in common, e.g. the directory that is missing. */
  readonly mistake: string;
  readonly candidate: Candidate;
}

export interface CandidateIndex {
  /** By file name in lower case. */
  readonly byName: ReadonlyMap<string, readonly Candidate[]>;

  /** File names by directory, the directory with its slash. */
  readonly byDirectory: ReadonlyMap<string, readonly string[]>;

  /** Comparisons that are still allowed: suggestions are a kindness, and must not take longer than the work. */
  readonly budget: { comparisons: number };
}

export function indexCandidates(candidates: Iterable<Candidate>): CandidateIndex {
  const byName = new Map<string, Candidate[]>();
  const byDirectory = new Map<string, string[]>();
  for (const candidate of candidates) {
    append(byName, baseName(candidate.name).toLowerCase(), candidate);
    append(byDirectory, directoryName(candidate.name), baseName(candidate.name));
  }
  return { byName, byDirectory, budget: { comparisons: 1_000_000 } };
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}

export function toCandidate(prefix: string, { name, created }: StoredObject): Candidate {
  return { name: name.slice(prefix.length), created };
}

/** The object each missing line probably means, by line name. Lines without a likely one are left out. */
export function findNearMisses(
  { manifest, names, listed, isTwin = () => false }: MissingLines,
  index: CandidateIndex,
): ReadonlyMap<string, string> {
  const isListed = (name: string) => listed?.has(name) === true;
  const mayMean = (name: string, there: string) => !isListed(there) || isTwin(name, there);
  const relations = new Map(
    names.map((name) => [name, relationsOf(name, index).filter(({ candidate }) => mayMean(name, candidate.name))]),
  );
  const votes = new Map<string, number>();
  for (const { mistake } of [...relations.values()].flatMap(distinctMistakes)) {
    votes.set(mistake, (votes.get(mistake) ?? 0) + 1);
  }
  const stem = versionOf(releaseOf(manifest));
  const found = new Map<string, string>();
  for (const [name, related] of relations) {
    const best = [...related].sort(
      (a, b) =>
        a.rank - b.rank ||
        Number(isListed(b.candidate.name)) - Number(isListed(a.candidate.name)) ||
        Number(mentions(b, stem)) - Number(mentions(a, stem)) ||
        (votes.get(b.mistake) ?? 0) - (votes.get(a.mistake) ?? 0) ||
        (b.candidate.created ?? "").localeCompare(a.candidate.created ?? ""),
    )[0];
    const likely = best?.candidate.name ?? misspelt(name, index);
    if (likely !== undefined && mayMean(name, likely)) found.set(name, likely);
  }
  return found;
}

function relationsOf(name: string, { byName, budget }: CandidateIndex): readonly Relation[] {
  const namesakes = byName.get(baseName(name).toLowerCase()) ?? [];
  if (namesakes.length > budget.comparisons) return [];
  budget.comparisons -= namesakes.length;
  return namesakes.flatMap((candidate) => relation(name, candidate) ?? []);
}

function relation(name: string, candidate: Candidate): Relation | undefined {
  const [wanted, there] = [name.toLowerCase(), candidate.name.toLowerCase()];
  if (wanted === there) return { rank: 0, mistake: "case", candidate };
  if (wanted.endsWith(`/${there}`)) {
    return { rank: 1, mistake: `without ${wanted.slice(0, -there.length)}`, candidate };
  }
  if (there.endsWith(`/${wanted}`)) {
    return { rank: 2, mistake: `below ${there.slice(0, -wanted.length)}`, candidate };
  }
  return segmentRelation(wanted.split("/"), there.split("/"), candidate);
}

/** One directory too many, one too few, or one that is called otherwise. */
function segmentRelation(wanted: readonly string[], there: readonly string[], candidate: Candidate) {
  const same = commonStart(wanted, there);
  const [left, right] = [wanted.slice(same), there.slice(same)];
  if (left.length === right.length + 1 && isEqual(left.slice(1), right)) {
    return { rank: 1, mistake: `drop ${left[0]} at ${same}`, candidate };
  }
  if (right.length === left.length + 1 && isEqual(right.slice(1), left)) {
    return { rank: 2, mistake: `add ${right[0]} at ${same}`, candidate };
  }
  if (left.length === right.length && isEqual(left.slice(1), right.slice(1))) {
    const [written = "", found = ""] = [left[0], right[0]];
    // Another platform's file is another file, and not a slip of the pen.
    if (PLATFORMS.has(written) && PLATFORMS.has(found)) return undefined;
    const rank = isVersion(written) && isVersion(found) ? 3 : 4;
    return { rank, mistake: `${written} for ${found} at ${same}`, candidate };
  }
  return undefined;
}

/** Operating systems and architectures as releases spell them. */
const PLATFORMS: ReadonlySet<string> = new Set(
  (
    "aix android darwin dragonfly freebsd illumos js linux macos netbsd openbsd plan9 solaris wasip1 windows " +
    "386 aarch64 amd64 arm arm64 armv6 armv7 i386 loong64 mips mips64 mips64le mipsle ppc64 ppc64le riscv64 s390x wasm " +
    "x86_64"
  ).split(" "),
);

function isVersion(segment: string): boolean {
  return /^(v\d|\d+\.\d|\d{8})/.test(segment);
}

/** Another file of the same directory whose name is nearly the same. */
function misspelt(name: string, { byDirectory, budget }: CandidateIndex): string | undefined {
  const directory = directoryName(name);
  const neighbours = byDirectory.get(directory) ?? [];
  // An edit distance costs about as much as fifty of the other comparisons.
  if (neighbours.length * 50 > budget.comparisons) return undefined;
  budget.comparisons -= neighbours.length * 50;
  const found = nearest(baseName(name), neighbours);
  return found === undefined ? undefined : directory + found;
}

function distinctMistakes(relations: readonly Relation[]): readonly Relation[] {
  return [...new Map(relations.map((relation) => [relation.mistake, relation])).values()];
}

/** A manifest is usually called after its version: the object that lies in that version's directory is meant. */
function mentions({ candidate }: Relation, stem: string): boolean {
  return candidate.name.split("/").some((segment) => versionOf(segment) === stem);
}

function versionOf(text: string): string {
  return text.toLowerCase().replace(/^v(?=\d)/, "");
}

function directoryName(name: string): string {
  return name.slice(0, name.lastIndexOf("/") + 1);
}

function baseName(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}

function commonStart(a: readonly string[], b: readonly string[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((segment, index) => segment === b[index]);
}
