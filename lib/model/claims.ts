import { fileUrl } from "./filestore-base";
import type { Filestore, FilestoreDirectory } from "./filestores";
import type { Manifest, ManifestLine } from "./manifests";
import type { StagingProject } from "./projects";
import { retiredPlace, retiredSources } from "./retired-sources";

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

/** With what can be made out of files with mistakes: what was published before they came in. */
export function withBroken<T extends Claiming & { readonly broken: Claiming }>(draft: T): T {
  return {
    ...draft,
    filestores: [...draft.filestores, ...draft.broken.filestores],
    manifests: [...draft.manifests, ...draft.broken.manifests],
  };
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
        const url = fileUrl(destination, line.name);
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

  /** Claims that the base has as well, whose bytes are to come from somewhere else, or from where nothing may come any more. */
  readonly resourced: readonly Claim[];

  /** Objects that nothing claims any more, whatever their bytes. A new hash for an object is an added claim. */
  readonly withdrawn: readonly Claim[];
}

/** Claims, and the projects that their bytes come from. */
interface Sourced extends Claiming {
  readonly staging: readonly StagingProject[];
}

/** The filestore directories with manifests for whose source a change declares a retirement or takes one back, by name. */
export function changedSources(before: Sourced, after: Sourced): readonly string[] {
  const placesOf = ({ staging }: Sourced) => {
    const retiredOf = retiredSources(staging);
    return ({ source }: FilestoreDirectory) =>
      JSON.stringify(retiredOf(source).map(({ base, since }) => [base, since]));
  };
  const [was, is] = [placesOf(before), placesOf(after)];
  const promoted = new Set(after.manifests.map(({ directory }) => directory));
  return after.filestores
    .filter((filestores) => promoted.has(filestores.name) && was(filestores) !== is(filestores))
    .map(({ name }) => name);
}

/** Files with mistakes take nothing back that they claim, and what they claim was never checked: it is new once mended. */
export function compareClaims(base: Sourced & { readonly broken: Claiming }, head: Sourced): ClaimChange {
  const [before, after] = [claimsOf(base), claimsOf(head)];
  const [sourceBefore, sourceAfter] = [sourcesOf(base), sourcesOf(head)];
  const added: Claim[] = [];
  const resourced: Claim[] = [];
  for (const [key, claim] of after) {
    const known = before.get(key);
    if (known === undefined) added.push(claim);
    else if (sourceBefore(known) !== sourceAfter(claim)) resourced.push(claim);
  }
  const claimed = new Set([...after.values()].map(({ url }) => url));
  const withdrawn = [...claimsOf(withBroken(base)).values()].filter(({ url }) => !claimed.has(url));
  return { added, resourced, withdrawn };
}

function sourcesOf({ staging }: Sourced): (claim: Claim) => string {
  const retiredOf = retiredSources(staging);
  return ({ directory: { source }, line: { name } }) => {
    const isRetired = retiredPlace(source, name, retiredOf(source)) !== undefined;
    return `${fileUrl(source, name)}${isRetired ? " retired" : ""}`;
  };
}
