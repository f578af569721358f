import { releaseOf } from "../address-keys";
import type { FilestoreDirectory } from "../filestores";
import type { Manifest, ManifestLine } from "../manifests";
import { MAX_OBJECT_NAME_BYTES, utf8Length } from "../object-names";
import { quote } from "../suggest";
import type { Draft } from "./draft";
import type { Findings } from "./place";

/** Manifests against one another and against their filestores. */
export function checkManifests(draft: Draft, found: Findings): void {
  for (const { name, path } of draft.manifestDirectories) {
    if (draft.filestoreNames.includes(name)) continue;
    const detail =
      found.guesses.didYouMean(name, draft.filestoreNames) ??
      "Add it, or move the manifests to the directory they belong to.";
    const at = { file: path, line: 1, column: 1 };
    found.error("manifest/no-filestores", at, `${name}: there is no filestore directory of this name`, detail);
  }
  const byDirectory = new Map<string, Manifest[]>();
  for (const manifest of draft.manifests) {
    const others = byDirectory.get(manifest.directory);
    if (others === undefined) byDirectory.set(manifest.directory, [manifest]);
    else others.push(manifest);
  }
  const filestores = new Map(draft.filestores.map((directory) => [directory.name, directory]));
  for (const [name, manifests] of byDirectory) {
    checkReleases(manifests, found);
    checkRepeated(manifests, found);
    const directory = filestores.get(name);
    if (directory !== undefined) checkLengths(manifests, directory, found);
  }
}

/** Promotions of a directory are named after their manifests. */
function checkReleases(manifests: readonly Manifest[], { error }: Findings): void {
  const first = new Map<string, string>();
  for (const { file } of manifests) {
    const release = releaseOf(file);
    const before = first.get(release);
    first.set(release, before ?? file);
    if (before === undefined) continue;
    const summary = `${file}: ${before} has the same name`;
    error(
      "manifest/same-name",
      { file, line: 1, column: 1 },
      summary,
      "Rename one of the two, or put its lines into the other.",
    );
  }
}

/** One name is one file: published files never change, so a second hash for it can not be right. */
function checkRepeated(manifests: readonly Manifest[], { error, warn }: Findings): void {
  const first = new Map<string, ManifestLine>();
  for (const { lines } of manifests) {
    for (const line of lines) {
      const before = first.get(line.name);
      if (before === undefined) {
        first.set(line.name, line);
        continue;
      }
      const place = `${before.at.file}:${before.at.line}`;
      if (before.sha256 === line.sha256) {
        const summary = `${quote(line.name)} is listed twice, with the same hash`;
        warn("manifest/listed-twice", line.at, summary, `The other stands in ${place}. Remove one of the two.`);
        continue;
      }
      const summary = `${quote(line.name)} is listed twice, with different hashes`;
      const detail = `${place} has sha256 ${before.sha256}, this line ${line.sha256}. One name is one file for ever: remove the wrong line, or give the other file another name, such as one below its version.`;
      error("manifest/conflict", line.at, summary, detail);
    }
  }
}

/** An object's name is the filestore's prefix and the line's name. */
function checkLengths(
  manifests: readonly Manifest[],
  { source, destinations }: FilestoreDirectory,
  found: Findings,
): void {
  const longest = Math.max(...[source, ...destinations].map(({ prefix }) => utf8Length(prefix)));
  for (const { lines } of manifests) {
    for (const { name, at } of lines) {
      // No name takes more than three bytes for a character, so almost none has to be measured.
      if (name.length * 3 + longest <= MAX_OBJECT_NAME_BYTES) continue;
      const bytes = utf8Length(name) + longest;
      if (bytes <= MAX_OBJECT_NAME_BYTES) continue;
      const summary = `${quote(name)} takes ${bytes} bytes with its filestore's prefix, an object's name has at most ${MAX_OBJECT_NAME_BYTES}`;
      found.error("manifest/name", at, summary, "Shorten it, in the bucket as well.");
    }
  }
}
