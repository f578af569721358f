import { bucketOwners, destinationOwner } from "../model/bucket-owners";
import type { Estate } from "../model/estate";
import { type Base, parseBase } from "../model/filestore-base";
import type { FilestoreDirectory } from "../model/filestores";

export interface UsualDestination {
  /** `gs://bucket/prefix/`, where the files of a new subproject usually go. */
  readonly base: string;
  readonly serviceAccount?: string;
}

/** Beside where most others publish; without any, below the serving bucket; undefined when nobody says where that is. */
export function usualDestination(name: string, estate: Estate): UsualDestination | undefined {
  const { filestores, defaults } = estate;
  const owners = bucketOwners(estate);
  const others = filestores
    .flatMap(({ destinations }) => destinations)
    .filter((each) => destinationOwner(each, defaults, owners) === undefined);
  const parent = mostCommon(others.map(({ scheme, bucket, prefix }) => `${scheme}://${bucket}/${parentOf(prefix)}`));
  const below = parent ?? (defaults.serving.bucket === "" ? undefined : `gs://${defaults.serving.bucket}/binaries/`);
  if (below === undefined) return undefined;
  const serviceAccount =
    mostCommon(others.flatMap((each) => each.serviceAccount ?? [])) ?? defaults.promoterServiceAccounts[0];
  return { base: `${below}${name}/`, ...(serviceAccount === undefined ? {} : { serviceAccount }) };
}

/** The usual destination, or one beside it that no other directory has. */
export function freeDestination(name: string, estate: Estate): UsualDestination | undefined {
  const names = [name, ...[2, 3, 4, 5, 6, 7, 8, 9].map((n) => `${name}-${n}`)];
  return names
    .map((each) => usualDestination(each, estate))
    .find((usual) => {
      const base = usual && parseBase(usual.base);
      return base === undefined || overlappingDirectory(base, estate) === undefined;
    });
}

/** The directory that publishes to a base, above it or below it. */
export function overlappingDirectory(base: Base, { filestores }: Estate): FilestoreDirectory | undefined {
  const key = keyOf(base);
  return filestores.find(({ destinations }) =>
    destinations.map(keyOf).some((other) => other.startsWith(key) || key.startsWith(other)),
  );
}

function keyOf({ scheme, bucket, prefix }: Base): string {
  return `${scheme}://${bucket}/${prefix}`;
}

/** `binaries/kops/` stands in `binaries/`. */
function parentOf(prefix: string): string {
  return prefix.slice(0, prefix.lastIndexOf("/", prefix.length - 2) + 1);
}

function mostCommon(values: readonly string[]): string | undefined {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a)[0]?.[0];
}
