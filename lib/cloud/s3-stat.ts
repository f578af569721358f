import type { StoreContext } from "./context";
import { type CallOptions, type ObjectName, objectUrl, type StoredObject, StoreError } from "./object-store";
import { withRetries } from "./retry";
import type { S3Caller } from "./s3-client";
import { unquoted } from "./s3-list";

/** The object with its metadata and, if S3 has one of the whole object, its SHA-256. */
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
    const sha256 = head.ChecksumType === "COMPOSITE" ? undefined : wholeSha256(head.ChecksumSHA256, head.ETag);
    return {
      bucket,
      name,
      generation: unquoted(head.ETag ?? ""),
      size: head.ContentLength ?? 0,
      metadata: lowerKeys(head.Metadata ?? {}),
      ...(sha256 !== undefined && { sha256 }),
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

/** The checksum of a whole object in hexadecimal; that of an object in parts is one of checksums and says nothing here. */
function wholeSha256(checksum: string | undefined, etag: string | undefined): string | undefined {
  if (checksum === undefined || checksum.includes("-") || etag?.includes("-")) return undefined;
  const hexadecimal = Buffer.from(checksum, "base64").toString("hex");
  return hexadecimal.length === 64 ? hexadecimal : undefined;
}

function lowerKeys(metadata: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(metadata).map(([key, value]) => [key.toLowerCase(), value]));
}
