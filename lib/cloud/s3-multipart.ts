import { createHash } from "node:crypto";
import type { CompletedPart } from "@aws-sdk/client-s3";
import { crc32c } from "@node-rs/crc32";
import type { StoreContext } from "./context";
import { crc32cBase64 } from "./crc32c";
import type { About } from "./http";
import { type CallOptions, objectUrl, type StoredObject, StoreError } from "./object-store";
import { waitBeforeNext, withRetries } from "./retry";
import { type S3Caller, unlimited } from "./s3-client";
import { isConflict, isUploadGone } from "./s3-errors";
import { commonInput, stored, type Upload } from "./s3-upload";

/** S3 takes at most this many parts per object. */
const MAX_PARTS = 10_000;

/** Parts of one upload that are in memory at once: being read, waiting, being sent. */
export const PARTS_IN_MEMORY = 3;

/** The size of an object's parts: the smallest that keeps them below 10,000. */
export function partBytes(size: number, smallest: number): number {
  return Math.max(smallest, Math.ceil(size / MAX_PARTS));
}

/**
 * Uploads in parts. Nothing is visible before the last call, which is made only after the SHA-256 of everything that was
 * sent is the promised one; until then, and when anything fails, the upload is given up and leaves no object behind.
 */
export async function writeInParts(
  s3: S3Caller,
  context: StoreContext,
  upload: Upload,
  bytesPerPart: number,
  options: CallOptions,
): Promise<StoredObject> {
  const { subject, signal } = aboutUpload(upload, options);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await uploadOnce(s3, unlimited(context), upload, bytesPerPart, options);
    } catch (error) {
      // S3 wants an upload that collided with another writer to be begun anew.
      if (!isConflict(error)) throw error;
      await waitBeforeNext(context, subject, signal, attempt, new StoreError("unavailable", String(error)));
    }
  }
}

function aboutUpload({ destination }: Upload, { signal }: CallOptions): About {
  return { subject: `upload ${objectUrl("s3", destination)}`, signal };
}

async function uploadOnce(
  s3: S3Caller,
  context: StoreContext,
  upload: Upload,
  bytesPerPart: number,
  options: CallOptions,
): Promise<StoredObject> {
  const about = aboutUpload(upload, options);
  const { bucket } = upload.destination;
  // The one checksum of a whole object that S3 can put together from parts, and that a record can name beforehand.
  const asked = { ...commonInput(upload), ChecksumAlgorithm: "CRC32C", ChecksumType: "FULL_OBJECT" } as const;
  const begun = await withRetries(context, about.subject, about.signal, async () => {
    const answer = await s3.call(bucket, about, (client, { CreateMultipartUploadCommand }) =>
      client.send(new CreateMultipartUploadCommand(asked), abortable(about)),
    );
    if (!answer.UploadId) throw new StoreError("unavailable", `${about.subject}: the answer has no upload id`);
    return { id: answer.UploadId, hasWholeChecksum: answer.ChecksumType === "FULL_OBJECT" };
  });
  try {
    const parts = await sendParts(s3, context, upload, begun.id, bytesPerPart, options);
    return await complete(s3, context, upload, begun, parts, about);
  } catch (error) {
    throw await givenUp(s3, context, upload, begun.id, error);
  }
}

interface Begun {
  readonly id: string;

  /** Whether the service will have a checksum of the whole object; older ones of its kind have one of the parts'. */
  readonly hasWholeChecksum: boolean;
}

/** Reads the next part while one is being sent. */
async function sendParts(
  s3: S3Caller,
  context: StoreContext,
  upload: Upload,
  uploadId: string,
  bytesPerPart: number,
  options: CallOptions,
): Promise<readonly CompletedPart[]> {
  const { body, expected, destination } = upload;
  const about = aboutUpload(upload, options);
  const whole = createHash("sha256");
  const parts: CompletedPart[] = [];
  let sending: Promise<void> = Promise.resolve();
  let read = 0;
  let sent = 0;

  async function send(PartNumber: number, chunk: Uint8Array): Promise<void> {
    const ChecksumCRC32C = crc32cBase64(crc32c(chunk));
    const input = { Bucket: destination.bucket, Key: destination.name, UploadId: uploadId, PartNumber, ChecksumCRC32C };
    const { ETag } = await withRetries(context, `${about.subject}, part ${PartNumber}`, about.signal, () =>
      s3.call(destination.bucket, about, (client, { UploadPartCommand }) =>
        client.send(new UploadPartCommand({ ...input, Body: chunk, ContentLength: chunk.length }), abortable(about)),
      ),
    );
    parts.push({ PartNumber, ETag, ChecksumCRC32C });
    sent += chunk.length;
    options.onProgress?.(sent);
  }

  let number = 0;
  try {
    for await (const chunk of chunks(body.open(0), bytesPerPart)) {
      whole.update(chunk);
      read += chunk.length;
      number += 1;
      await sending;
      sending = send(number, chunk);
      // Looked at with the next part, or below; until then it must not count as unhandled.
      sending.catch(() => undefined);
    }
  } catch (error) {
    // What broke first is what the caller hears; the part under way only has to be over.
    await sending.catch(() => undefined);
    throw error;
  }
  await sending;
  const found = whole.digest("hex");
  if (found !== expected.sha256 || read !== expected.size) {
    throw new StoreError("corrupt", `${about.subject}: ${read} bytes with sha256 ${found} came, not the promised ones`);
  }
  return parts;
}

/** Makes the object visible, if there is none by this name. */
async function complete(
  s3: S3Caller,
  context: StoreContext,
  upload: Upload,
  { id, hasWholeChecksum }: Begun,
  parts: readonly CompletedPart[],
  about: About,
): Promise<StoredObject> {
  const { bucket, name } = upload.destination;
  const { crc32c: whole } = upload.expected;
  let isRepeated = false;
  const answer = await withRetries(context, about.subject, about.signal, async () => {
    try {
      return await s3.call(bucket, about, (client, { CompleteMultipartUploadCommand }) =>
        client.send(
          new CompleteMultipartUploadCommand({
            Bucket: bucket,
            Key: name,
            UploadId: id,
            IfNoneMatch: "*",
            ...(hasWholeChecksum && whole !== undefined && { ChecksumCRC32C: whole }),
            MultipartUpload: { Parts: [...parts] },
          }),
          abortable(about),
        ),
      );
    } catch (error) {
      // The answer of an earlier try got lost, not its effect. The caller looks whose object it is, as after any 412.
      if (isRepeated && isUploadGone(error)) {
        throw new StoreError("exists", `${about.subject}: finished by an earlier try`, { cause: error });
      }
      isRepeated = true;
      throw error;
    }
  });
  return stored(upload, answer.ETag, about);
}

/** Removes the parts, also after the caller's signal; says so when it could not. */
async function givenUp(
  s3: S3Caller,
  context: StoreContext,
  { destination }: Upload,
  uploadId: string,
  error: unknown,
): Promise<unknown> {
  const signal = AbortSignal.timeout(context.retry.answerTimeoutSeconds * 1000);
  const about = { subject: `give up the upload of ${objectUrl("s3", destination)}`, signal };
  try {
    await withRetries(context, about.subject, signal, () =>
      s3.call(destination.bucket, about, (client, { AbortMultipartUploadCommand }) =>
        client.send(
          new AbortMultipartUploadCommand({ Bucket: destination.bucket, Key: destination.name, UploadId: uploadId }),
          abortable(about),
        ),
      ),
    );
    return error;
  } catch (left) {
    if (!(error instanceof StoreError) || isUploadGone(left)) return error;
    const message = `${error.message}; its invisible parts stay until the bucket's lifecycle removes them: ${String(left)}`;
    return new StoreError(error.kind, message, { cause: error, retriable: error.retriable });
  }
}

function abortable({ signal }: About): { abortSignal?: AbortSignal } {
  return signal === undefined ? {} : { abortSignal: signal };
}

/**
 * Regroups pieces into chunks of one size. The last one is held back until the pieces have ended without an error, so
 * that an upload never ends with bytes that turn out to be wrong; an empty body is one empty chunk.
 */
async function* chunks(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  let held: Uint8Array[] = [];
  let bytes = 0;
  let yielded = false;
  for await (const piece of pieces) {
    let rest = piece;
    while (bytes + rest.length > size) {
      const part = rest.subarray(0, size - bytes);
      yield Buffer.concat([...held, part]);
      yielded = true;
      rest = rest.subarray(part.length);
      held = [];
      bytes = 0;
    }
    if (rest.length > 0) held.push(Buffer.from(rest));
    bytes += rest.length;
  }
  if (bytes > 0 || !yielded) yield Buffer.concat(held);
}
