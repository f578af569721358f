import type { HeadObjectCommandOutput } from "@aws-sdk/client-s3";
import type { StoreContext } from "./context";
import { type CallOptions, type ObjectName, objectUrl, type StoredObject, StoreError } from "./object-store";
import { withRetries } from "./retry";
import type { S3Caller } from "./s3-client";
import { unquoted } from "./s3-list";

/** The object with its metadata and those checksums that S3 has of the whole of it. */
export async function statObject(
  s3: S3Caller,
  context: StoreContext,
  { bucket, name }: ObjectName,
  { signal }: CallOptions,
): Promise<StoredObject | undefined> {
  const about = { subject: `look up ${objectUrl("s3", { bucket, name })}`, signal };
  const asked = { Bucket: bucket, Key: name, ChecksumMode: "ENABLED" as const };
  try {
    const head = await withRetries(context, about.subject, signal, () =>
      s3.call(bucket, about, (client, { HeadObjectCommand }) =>
        client.send(new HeadObjectCommand(asked), signal === undefined ? {} : { abortSignal: signal }),
      ),
    );
    return {
      bucket,
      name,
      generation: unquoted(head.ETag ?? ""),
      size: head.ContentLength ?? 0,
      metadata: lowerKeys(head.Metadata ?? {}),
      ...wholeChecksums(head),
      ...(head.ContentType && { contentType: head.ContentType }),
      ...(head.ContentEncoding && { contentEncoding: head.ContentEncoding }),
      ...(head.CacheControl && { cacheControl: head.CacheControl }),
      ...(head.LastModified && { created: head.LastModified.toISOString() }),
    };
  } catch (error) {
    if (error instanceof StoreError && error.kind === "notFound") return undefined;
    throw error;
  }
}

/** Of an object in parts most checksums are of its parts' checksums, which says nothing here; a CRC32C need not be. */
function wholeChecksums(head: HeadObjectCommandOutput): Pick<StoredObject, "sha256" | "crc32c"> {
  const { ChecksumType: type, ChecksumSHA256, ChecksumCRC32C = "", ETag } = head;
  if (type === "COMPOSITE") return {};
  const isInParts = ETag?.includes("-");
  const sha256 = isInParts ? undefined : hexadecimal(ChecksumSHA256);
  const isWhole = /^[\w+/]{6}==$/.test(ChecksumCRC32C) && (type === "FULL_OBJECT" || !isInParts);
  return { ...(sha256 && { sha256 }), ...(isWhole && { crc32c: ChecksumCRC32C }) };
}

function hexadecimal(checksum: string | undefined): string | undefined {
  if (checksum === undefined || checksum.includes("-")) return undefined;
  const text = Buffer.from(checksum, "base64").toString("hex");
  return text.length === 64 ? text : undefined;
}

function lowerKeys(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]));
}
