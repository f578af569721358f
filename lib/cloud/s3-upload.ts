import { Readable } from "node:stream";
import type { StoreContext } from "./context";
import type { About } from "./http";
import {
  type ByteSource,
  type CallOptions,
  type ObjectName,
  type ObjectProperties,
  objectUrl,
  type Promised,
  type StoredObject,
  StoreError,
} from "./object-store";
import { withRetries } from "./retry";
import { type S3Caller, unlimited } from "./s3-client";
import { unquoted } from "./s3-list";
import { statObject } from "./s3-stat";

export interface Upload {
  readonly destination: ObjectName;
  readonly body: ByteSource;
  readonly expected: Promised;
  readonly properties: ObjectProperties;
}

/**
 * Uploads in one request, straight from the source: no byte rests here. The request is signed with the SHA-256 that the
 * manifest promises, so the service itself refuses anything else, and `If-None-Match: *` makes it create-only.
 */
export function putObject(
  s3: S3Caller,
  context: StoreContext,
  upload: Upload,
  { signal, onProgress }: CallOptions,
): Promise<StoredObject> {
  const { destination, body, expected } = upload;
  const about = { subject: `upload ${objectUrl("s3", destination)}`, signal };
  // The bytes that are read for it hold a slot already.
  return withRetries(unlimited(context), about.subject, signal, async (attempt) => {
    if (attempt > 1) await failIfExists(s3, context, upload, about);
    const broken = new AbortController();
    const abortSignal = signal === undefined ? broken.signal : AbortSignal.any([signal, broken.signal]);
    const bytes = body.open(0)[Symbol.asyncIterator]();
    // An upload that waits for its first byte would be given up by the service.
    const first = await bytes.next();
    let failure: unknown;
    const stream = Readable.from(passOn(first, bytes, onProgress), { objectMode: false });
    stream.on("error", (error) => {
      // The SDK does not look at its body's errors: without this the request would hang.
      failure ??= error;
      broken.abort(error);
    });
    try {
      const answer = await s3.call(destination.bucket, about, (client, { PutObjectCommand }) => {
        const command = new PutObjectCommand({
          ...commonInput(upload),
          Body: stream,
          ContentLength: expected.size,
          ChecksumSHA256: base64(expected.sha256),
          IfNoneMatch: "*",
        });
        // Otherwise the SDK signs a stream as "unsigned payload": it does not know that its hash is known.
        command.middlewareStack.add(
          (next) => (args) => {
            (args.request as { headers: Record<string, string> }).headers["x-amz-content-sha256"] = expected.sha256;
            return next(args);
          },
          { step: "build", name: "payloadHash" },
        );
        return client.send(command, { abortSignal });
      });
      return stored(upload, answer.ETag, about, answer.ChecksumSHA256);
    } catch (error) {
      throw failure ?? error;
    } finally {
      stream.destroy();
      // A stream that was never read from does not close its source; a source that is being waited for closes later.
      bytes.return?.().catch(() => undefined);
    }
  });
}

/**
 * A service that refuses early may cut the connection under the bytes that still come, and its 412 is lost; so is the
 * answer to a write that has worked. Both are seen before the bytes are sent once more.
 */
async function failIfExists(s3: S3Caller, context: StoreContext, { destination }: Upload, about: About): Promise<void> {
  const found = await statObject(s3, unlimited(context), destination, {
    ...(about.signal && { signal: about.signal }),
  }).catch((error: unknown) => {
    // Who may write may still not be allowed to look; the precondition holds all the same.
    if (error instanceof StoreError && error.kind === "forbidden") return undefined;
    throw error;
  });
  if (found !== undefined) throw new StoreError("exists", `${about.subject}: the name is taken`);
}

/** What a single and a multipart upload say about the object. */
export function commonInput({ destination, properties, expected }: Upload) {
  return {
    Bucket: destination.bucket,
    Key: destination.name,
    ContentType: properties.contentType,
    Metadata: fitting({
      // kpromo's names for the same, which other tools have learnt to read.
      "content-hash-sha256": expected.sha256,
      ...(expected.sha512 && { "content-hash-sha512": expected.sha512 }),
      ...properties.metadata,
    }),
    ...(properties.contentEncoding && { ContentEncoding: properties.contentEncoding }),
    ...(properties.cacheControl && { CacheControl: properties.cacheControl }),
  };
}

/** What S3 takes of metadata, names and values together. */
const MAX_METADATA_BYTES = 2048;

/** Long names can make it too much: then what says least goes first, and never what is compared later. */
function fitting(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const kept = { ...metadata };
  const size = () => Object.entries(kept).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
  for (const key of ["content-hash-sha512", "source", "manifest"]) {
    if (size() > MAX_METADATA_BYTES) delete kept[key];
  }
  return kept;
}

/** The new object as the service's answer describes it. */
export function stored(upload: Upload, etag: string | undefined, about: About, checksum?: string): StoredObject {
  const { destination, expected, properties } = upload;
  if (etag === undefined) throw new StoreError("unavailable", `${about.subject}: the answer has no ETag`);
  // S3 has compared already; a service that did not must not go unnoticed.
  if (checksum !== undefined && checksum !== base64(expected.sha256)) {
    throw new StoreError("corrupt", `${about.subject}: the service computed the SHA-256 ${checksum}`);
  }
  return {
    ...destination,
    ...properties,
    generation: unquoted(etag),
    size: expected.size,
    ...(checksum !== undefined && { sha256: expected.sha256 }),
  };
}

export function base64(hexadecimal: string): string {
  return Buffer.from(hexadecimal, "hex").toString("base64");
}

/** Holds each piece back until the next one is there, so that a body that turns out to be wrong is never complete. */
async function* passOn(
  first: IteratorResult<Uint8Array>,
  rest: AsyncIterator<Uint8Array>,
  onProgress: CallOptions["onProgress"],
): AsyncGenerator<Uint8Array> {
  let sent = 0;
  try {
    for (let current = first; !current.done; ) {
      const next = await rest.next();
      yield current.value;
      sent += current.value.length;
      onProgress?.(sent);
      current = next;
    }
  } finally {
    await rest.return?.();
  }
}
