import { randomUUID } from "node:crypto";
import type { Identity } from "./auth";
import type { StoreContext } from "./context";
import { type CallOptions, objectUrl, type ReadableVersion, StoreError, type UploadingStore } from "./object-store";
import { withRetries } from "./retry";
import { type S3Caller, s3Caller } from "./s3-client";
import { isUploadGone } from "./s3-errors";
import { listObjects } from "./s3-list";
import { PARTS_IN_MEMORY, partBytes, writeInParts } from "./s3-multipart";
import { statObject } from "./s3-stat";
import { putObject, type Upload } from "./s3-upload";

export interface S3Sizes {
  /** Larger objects are uploaded in parts. Smaller ones get one request, whose SHA-256 S3 checks and keeps. */
  readonly singleBytes: number;

  /** S3 wants at least 5 MiB. */
  readonly partBytes: number;
}

const MiB = 1024 * 1024;
const usualSizes: S3Sizes = { singleBytes: 256 * MiB, partBytes: 8 * MiB };

/** What an upload in one request has under way: a piece held back, one sent, and the SDK's own. */
const STREAM_MEMORY_BYTES = 256 * 1024;

/**
 * S3 and what speaks its protocol. The generation of an object is its ETag, which a listing and a lookup both tell.
 * Nothing here deletes or replaces an object: each write is create-only, and what is given up was never visible.
 */
export function s3Store(identity: Identity, context: StoreContext, sizes: S3Sizes = usualSizes): UploadingStore {
  const s3 = s3Caller(identity, context);
  return {
    scheme: "s3",
    endpoint: s3.endpoint,
    get identity() {
      return s3.identity;
    },
    list: (bucket, prefix, range, options) => listObjects(s3, context, bucket, prefix, range, options),
    stat: (object, options) => statObject(s3, context, object, options),
    openRead: (object, offset, options) => openRead(s3, object, offset, options),
    write(destination, body, expected, properties, options) {
      const upload: Upload = { destination, body, expected, properties };
      if (expected.size <= sizes.singleBytes) return putObject(s3, context, upload, options);
      return writeInParts(s3, context, upload, partBytes(expected.size, sizes.partBytes), options);
    },
    writeMemory: (size) =>
      size <= sizes.singleBytes
        ? Math.min(size, STREAM_MEMORY_BYTES)
        : PARTS_IN_MEMORY * partBytes(size, sizes.partBytes),
    checkWritable: (bucket, prefix, options) => checkWritable(s3, context, bucket, prefix, options),
  };
}

async function* openRead(
  s3: S3Caller,
  object: ReadableVersion,
  offset: number,
  { signal }: CallOptions,
): AsyncGenerator<Uint8Array> {
  const about = { subject: `read ${objectUrl("s3", object)}`, signal };
  const asked = {
    Bucket: object.bucket,
    Key: object.name,
    IfMatch: `"${object.generation}"`,
    ...(offset > 0 && { Range: `bytes=${offset}-` }),
  };
  try {
    const body = await s3.call(object.bucket, about, async (client, { GetObjectCommand }) => {
      const answer = await client.send(
        new GetObjectCommand(asked),
        signal === undefined ? {} : { abortSignal: signal },
      );
      return answer.Body as AsyncIterable<Uint8Array> | undefined;
    });
    if (body !== undefined) yield* body;
  } catch (error) {
    const failure = s3.failure(error, about);
    if (failure.kind !== "exists") throw failure;
    throw new StoreError("changed", `${about.subject}: it is not ${object.generation} any more`, { cause: error });
  }
}

/**
 * Begins an upload in parts under a name nobody uses and gives it up again: that needs the permission a real upload
 * needs, and no object ever exists.
 */
async function checkWritable(
  s3: S3Caller,
  context: StoreContext,
  bucket: string,
  prefix: string,
  { signal }: CallOptions,
): Promise<void> {
  const about = { subject: `ask for permission to write below ${objectUrl("s3", { bucket, name: prefix })}`, signal };
  const probe = { Bucket: bucket, Key: `${prefix}.write-check-${randomUUID()}` };
  const abortable = signal === undefined ? {} : { abortSignal: signal };
  const { UploadId } = await withRetries(context, about.subject, signal, () =>
    s3.call(bucket, about, (client, sdk) => client.send(new sdk.CreateMultipartUploadCommand(probe), abortable)),
  );
  await withRetries(context, about.subject, signal, () =>
    s3.call(bucket, about, (client, sdk) =>
      client.send(new sdk.AbortMultipartUploadCommand({ ...probe, UploadId }), abortable),
    ),
  ).catch((error: unknown) => {
    // The answer of an earlier try got lost, not its effect.
    if (!isUploadGone(error)) throw error;
  });
}
