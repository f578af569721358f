import { lookup } from "mime-types";
import type { ObjectProperties, ObjectStore, Promised, StoredObject } from "../cloud/object-store";
import { publishedEncoding } from "./content-encoding";
import { type PublicationRecord, publicationRecord } from "./record";
import type { Run } from "./run";
import type { LineTarget } from "./types";

/** Release files that browsers should show and that the media type registry does not know. */
const textFiles =
  /\.(sha(1|224|256|384|512)(sum)?|md5(sum)?|sums|asc|sig|cert|pem|prom)$|(^|\/)(SHA\d+SUMS|README|LICENSE|CHANGELOG)$/i;

/** Endings of archives and the like that the registry leaves out. */
const otherTypes: ReadonlyMap<string | undefined, string> = new Map([
  ["jsonl", "application/jsonl"],
  ["tbz2", "application/x-bzip2"],
  ["tgz", "application/gzip"],
  ["txz", "application/x-xz"],
  ["tzst", "application/zstd"],
  ["whl", "application/zip"],
  ["zst", "application/zstd"],
]);

/** A directory of a version: what stands below it never changes, so caches may keep it for good. */
export const versionDirectory = /(^|\/)v?\d+\.\d+[^/]*\//;

/** What the object that a line makes carries besides its bytes. */
export async function propertiesOf(
  run: Run,
  target: LineTarget,
  from: ObjectStore,
  object: StoredObject,
  digests: Promised,
): Promise<ObjectProperties> {
  const { name } = target.line;
  const record = publicationRecord({ target, object, digests, commit: run.options.commit, promotion: run.id });
  return objectProperties(name, await publishedEncoding(run, from, object, name), record);
}

/** What a published object carries besides its bytes: its type by name, cache headers by rule, the record. */
function objectProperties(
  name: string,
  contentEncoding: string | undefined,
  record: PublicationRecord,
): ObjectProperties {
  return {
    contentType: contentType(name),
    cacheControl: versionDirectory.test(name) ? "public, max-age=31536000, immutable" : "public, max-age=3600",
    ...(contentEncoding && { contentEncoding }),
    metadata: { ...record },
  };
}

export function contentType(name: string): string {
  if (textFiles.test(name)) return "text/plain; charset=utf-8";
  const found = lookup(name);
  if (found === false) return otherTypes.get(/\.(\w+)$/.exec(name)?.[1]?.toLowerCase()) ?? "application/octet-stream";
  return found.startsWith("text/") ? `${found}; charset=utf-8` : found;
}
