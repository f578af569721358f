import { decodeCrc32c } from "./bytes/crc32c";
import type { BucketRecord, ObjectRecord } from "./records";
import { retainedUntil } from "./retention";

/** A bucket as the JSON API shows it. */
export function bucketResource(bucket: BucketRecord, origin: string): object {
  const { name, settings, fixed, project: _project, metageneration, ...rest } = bucket;
  return {
    kind: "storage#bucket",
    selfLink: `${origin}/storage/v1/b/${name}`,
    id: name,
    name,
    ...rest,
    metageneration: String(metageneration),
    etag: etagOf(metageneration),
    ...settings,
    ...fixed,
  };
}

/** A version of an object as the JSON API shows it. */
export function objectResource(bucket: BucketRecord, record: ObjectRecord, origin: string): object {
  const {
    name,
    generation,
    metageneration,
    size,
    settings,
    content: _content,
    holdReleased: _released,
    ...rest
  } = record;
  const path = `b/${bucket.name}/o/${encodeURIComponent(name)}`;
  const until = retainedUntil(bucket, record);
  return {
    kind: "storage#object",
    id: `${bucket.name}/${name}/${generation}`,
    selfLink: `${origin}/storage/v1/${path}`,
    mediaLink: `${origin}/download/storage/v1/${path}?generation=${generation}&alt=media`,
    name,
    bucket: bucket.name,
    generation,
    metageneration: String(metageneration),
    ...settings,
    ...rest,
    size: String(size),
    etag: objectEtag(record),
    timeFinalized: record.timeCreated,
    ...(until === undefined ? {} : { retentionExpirationTime: new Date(until).toISOString() }),
  };
}

/** Google's opaque etag of a number: a protobuf message with one field, in base64. */
export function etagOf(metageneration: number): string {
  return Buffer.from([0x08, ...varint(BigInt(metageneration))]).toString("base64");
}

export function objectEtag({ generation, metageneration }: ObjectRecord): string {
  return Buffer.from([0x08, ...varint(BigInt(generation)), 0x10, ...varint(BigInt(metageneration))]).toString("base64");
}

/** The entity tag of the XML API: the MD5 in hexadecimal, or for composed objects something else in quotes. */
export function entityTag(record: ObjectRecord): string {
  if (record.md5Hash === undefined) return `"-${decodeCrc32c(record.crc32c).toString(16)}${objectEtag(record)}"`;
  return `"${Buffer.from(record.md5Hash, "base64").toString("hex")}"`;
}

function varint(value: bigint): readonly number[] {
  return value < 128n ? [Number(value)] : [Number(value & 127n) | 128, ...varint(value >> 7n)];
}
