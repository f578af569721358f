import type { Filestore, FilestoreDirectory } from "./filestores";
import type { Manifest, ManifestLine } from "./manifests";

/** That an object of a destination has these bytes, as one line of a manifest says for one destination. */
export interface Claim {
  readonly url: string;
  readonly directory: FilestoreDirectory;
  readonly destination: Filestore;
  readonly manifest: Manifest;
  readonly line: ManifestLine;
}

/** What `claimsOf` reads: an estate, or as much of one as could be read. */
export interface Claiming {
  readonly filestores: readonly FilestoreDirectory[];
  readonly manifests: readonly Manifest[];
}

/** Every claim, by destination object and hash; the first of equal ones. */
export function claimsOf({ filestores, manifests }: Claiming): ReadonlyMap<string, Claim> {
  const directories = new Map(filestores.map((directory) => [directory.name, directory]));
  const claims = new Map<string, Claim>();
  for (const manifest of manifests) {
    const directory = directories.get(manifest.directory);
    if (directory === undefined) continue;
    for (const line of manifest.lines) {
      for (const destination of directory.destinations) {
        const url = `${destination.scheme}://${destination.bucket}/${destination.prefix}${line.name}`;
        const key = `${url} ${line.sha256}`;
        if (!claims.has(key)) claims.set(key, { url, directory, destination, manifest, line });
      }
    }
  }
  return claims;
}

/** What a change adds to the claims of its base, and what it takes back. Moving lines about does neither. */
export interface ClaimChange {
  readonly added: readonly Claim[];

  /** Objects that nothing claims any more, whatever their bytes. A new hash for an object is an added claim. */
  readonly withdrawn: readonly Claim[];
}

export function compareClaims(base: ReadonlyMap<string, Claim>, head: ReadonlyMap<string, Claim>): ClaimChange {
  const claimed = new Set([...head.values()].map(({ url }) => url));
  return {
    added: [...head].filter(([key]) => !base.has(key)).map(([, claim]) => claim),
    withdrawn: [...base.values()].filter(({ url }) => !claimed.has(url)),
  };
}
