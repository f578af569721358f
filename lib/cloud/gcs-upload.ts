import type { StoreContext } from "./context";
import type { GcsClient } from "./gcs-client";
import { type ObjectResource, query, toResource, toThisObject } from "./gcs-objects";
import { type About, type HttpResponse, readText } from "./http";
import { noLimit } from "./limiter";
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

export interface Upload {
  readonly destination: ObjectName;
  readonly body: ByteSource;
  readonly expected: Promised;
  readonly properties: ObjectProperties;
}

/** Sent per request; a multiple of 256 KiB, as resumable uploads demand. One of them is in memory per upload. */
const CHUNK_BYTES = 8 * 1024 * 1024;

/** A chunk, and the pieces it is put together from. */
export const UPLOAD_MEMORY_BYTES = 2 * CHUNK_BYTES;

/**
 * Uploads from another service through a resumable session. The session is opened with the checksum of the whole, so the
 * service itself refuses anything else, and with the create-only precondition, which holds when the object is finished.
 */
export async function writeObject(
  client: GcsClient,
  context: StoreContext,
  upload: Upload,
  { signal, onProgress }: CallOptions,
): Promise<StoredObject> {
  const { destination, body, expected, properties } = upload;
  const subject = `upload ${objectUrl("gs", destination)}`;
  const path =
    `/upload/storage/v1/b/${encodeURIComponent(destination.bucket)}/o` +
    query({ uploadType: "resumable", name: destination.name, ifGenerationMatch: "0" });
  const session = await withRetries(context, subject, signal, async () => {
    const response = await client.open({
      method: "POST",
      path,
      headers: { "content-type": "application/json", "x-upload-content-length": String(expected.size) },
      body: JSON.stringify({
        ...toResource(properties),
        name: destination.name,
        ...(expected.crc32c && { crc32c: expected.crc32c }),
      }),
      subject,
      signal,
    });
    await response.body.dump();
    const { location } = response.headers;
    if (typeof location !== "string") throw new StoreError("unavailable", `${subject}: the answer has no session`);
    return location;
  });

  // The read that feeds the upload holds a slot.
  const unbounded = { ...context, limiter: noLimit };
  let sent = 0;
  for await (const chunk of chunks(body.open(0), CHUNK_BYTES)) {
    const end = sent + chunk.length;
    const created = await sendChunk(client, unbounded, session, chunk, {
      from: sent,
      total: expected.size,
      subject,
      signal,
    });
    if (created !== undefined) return toThisObject(destination, created, subject);
    sent = end;
    onProgress?.(sent);
  }
  throw new StoreError("unavailable", `${subject}: every byte was sent, and the service waits for more`);
}

interface ChunkPlace {
  readonly from: number;
  readonly total: number;
  readonly subject: string;
  readonly signal: AbortSignal | undefined;
}

/** Sends one chunk, asking after a failure how much of it has arrived. Returns the object once it is finished. */
function sendChunk(
  client: GcsClient,
  context: StoreContext,
  session: string,
  chunk: Uint8Array,
  { from, total, subject, signal }: ChunkPlace,
): Promise<ObjectResource | undefined> {
  return withRetries(context, subject, signal, async (attempt) => {
    const call = { method: "PUT", path: session, accept: [308], subject, signal } as const;
    let skip = 0;
    if (attempt > 1) {
      const status = await client.open({ ...call, headers: { "content-range": `bytes */${total}` }, body: "" });
      if (status.status !== 308) return finished(status, call);
      await status.body.dump();
      skip = Math.max(0, arrived(status.headers.range) - from);
      if (skip >= chunk.length && from + chunk.length < total) return undefined;
    }
    const rest = chunk.subarray(skip);
    const first = from + skip;
    const range = rest.length === 0 ? `bytes */${total}` : `bytes ${first}-${first + rest.length - 1}/${total}`;
    const response = await client.open({ ...call, headers: { "content-range": range }, body: rest });
    if (response.status !== 308) return finished(response, call);
    await response.body.dump();
    if (arrived(response.headers.range) < from + chunk.length) {
      throw new StoreError("unavailable", `${subject}: the service kept only a part of what was sent`);
    }
    return undefined;
  });
}

async function finished(response: HttpResponse, about: About): Promise<ObjectResource> {
  return JSON.parse(await readText(response, about)) as ObjectResource;
}

/** The number of bytes that `Range: bytes=0-41` says have arrived. */
function arrived(range: string | string[] | undefined): number {
  const last = /^bytes=0-(\d+)$/.exec(String(range ?? ""))?.[1];
  return last === undefined ? 0 : Number(last) + 1;
}

/**
 * Regroups pieces into chunks of one size. The last one is held back until the pieces have ended without an error, so
 * that an upload never ends with bytes that turn out to be wrong; an empty body is one empty chunk.
 */
export async function* chunks(pieces: AsyncIterable<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
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
