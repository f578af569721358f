import type { Digests, Promised, StoredObject } from "../cloud/object-store";
import type { LineTarget, Published } from "./types";

/** What a promotion keeps beside the bytes, in the metadata of the object it creates. Keys are the names in the bucket. */
export interface PublicationRecord {
  readonly sha256: string;

  /** Not of an object that was larger than what is held in memory, on its way to a service without a copy (S3). */
  readonly sha512?: string;

  /** Binds the record to the bytes: metadata that was carried over to other bytes is recognised. */
  readonly crc32c?: string;
  readonly size: string;

  /** `gs://bucket/name` and the generation the bytes came from. */
  readonly source: string;
  readonly "source-generation": string;

  readonly manifest: string;
  readonly commit?: string;

  /** Names the run, so that a run recognises its own write when the answer to it was lost. */
  readonly promotion: string;
}

export interface RecordInput {
  readonly target: LineTarget;
  readonly object: StoredObject;
  readonly digests: Promised;
  readonly commit: string | undefined;
  readonly promotion: string;
}

export function publicationRecord({ target, object, digests, commit, promotion }: RecordInput): PublicationRecord {
  return {
    sha256: digests.sha256,
    ...(digests.sha512 && { sha512: digests.sha512 }),
    ...(digests.crc32c && { crc32c: digests.crc32c }),
    size: String(digests.size),
    source: ascii(`${target.source.scheme}://${object.bucket}/${object.name}`),
    "source-generation": ascii(object.generation),
    manifest: ascii(target.manifest),
    ...(commit && { commit: ascii(commit) }),
    promotion,
  };
}

export type Sha256Evidence = { readonly sha256: string; readonly evidence: Published["evidence"] };

/** The SHA-256 of an object's bytes as far as it is known without reading them, and how it is known. */
export function knownSha256(
  { ignoresRecords }: Pick<LineTarget, "ignoresRecords">,
  object: StoredObject,
  hashed: Digests | undefined,
): Sha256Evidence | undefined {
  if (object.sha256 !== undefined) return { sha256: object.sha256, evidence: "service" };
  if (hashed !== undefined) return { sha256: hashed.sha256, evidence: "hashed" };
  const sha256 = ignoresRecords ? undefined : recordedSha256(object);
  return sha256 === undefined ? undefined : { sha256, evidence: "record" };
}

/** The SHA-256 that a promotion recorded; undefined if there is no record or it belongs to other bytes. */
function recordedSha256({ metadata, crc32c, size }: StoredObject): string | undefined {
  const sha256 = metadata?.sha256;
  if (sha256 === undefined || !/^[0-9a-f]{64}$/.test(sha256)) return undefined;
  const isOfTheseBytes = crc32c !== undefined && metadata?.crc32c === crc32c && metadata.size === String(size);
  return isOfTheseBytes ? sha256 : undefined;
}

/** Whether an object says of itself what it is not: no old file does, but one that was overwritten. */
export function contradictsRecord({ metadata, crc32c, size }: StoredObject): boolean {
  if (metadata?.sha256 === undefined) return false;
  const isOtherSum = crc32c !== undefined && metadata.crc32c !== undefined && metadata.crc32c !== crc32c;
  return isOtherSum || (metadata.size !== undefined && metadata.size !== String(size));
}

/** Header values are ASCII in S3: anything else is percent-encoded. */
function ascii(text: string): string {
  return text.replace(/[^\x20-\x7e]/gu, (character) => encodeURIComponent(character));
}
