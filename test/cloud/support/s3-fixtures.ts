import { ambient } from "../../../lib/cloud/auth";
import { defaultRetryPolicy, type Retry, type StoreContext } from "../../../lib/cloud/context";
import { createDigester } from "../../../lib/cloud/digests";
import { createLimiter } from "../../../lib/cloud/limiter";
import type { ByteSource, Digests, ObjectProperties, UploadingStore } from "../../../lib/cloud/object-store";
import { s3Store } from "../../../lib/cloud/s3-store";
import { s3Environment } from "./s3-server";

export const MiB = 1024 * 1024;

/** Parts of the least size S3 takes, and a single request for what fits into one. */
export const smallSizes = { singleBytes: 5 * MiB, partBytes: 5 * MiB };

export const properties: ObjectProperties = {
  contentType: "text/plain",
  cacheControl: "public, max-age=3600",
  metadata: { "content-hash-sha256": "recorded" },
};

export function contextAt(url: string, retries: Retry[] = []): StoreContext {
  return {
    env: { ...s3Environment, AWS_ENDPOINT_URL: url },
    limiter: createLimiter(8),
    retry: { ...defaultRetryPolicy, maxAttempts: 3, firstDelaySeconds: 0.01, maxDelaySeconds: 0.05 },
    onRetry: (retry) => retries.push(retry),
  };
}

export function storeAt(url: string, retries: Retry[] = []): UploadingStore {
  return s3Store(ambient, contextAt(url, retries), smallSizes);
}

export function digestsOf(bytes: Uint8Array): Digests {
  const digester = createDigester();
  digester.update(bytes);
  return digester.finish();
}

/** Bytes in pieces, as a connection brings them; `end` runs when they are all read. */
export function bodyOf(bytes: Uint8Array, end: () => void = () => undefined): ByteSource {
  return {
    size: bytes.length,
    async *open(offset) {
      for (let at = offset; at < bytes.length; at += 64 * 1024) yield bytes.subarray(at, at + 64 * 1024);
      end();
    },
  };
}

/** Bytes that look random and are the same each time. */
export function noise(size: number, seed = 1): Uint8Array {
  const bytes = Buffer.alloc(size);
  let state = seed;
  for (let index = 0; index + 4 <= size; index += 4) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes.writeUInt32LE(state, index);
  }
  return bytes;
}

export async function readAll(store: UploadingStore, bucket: string, name: string): Promise<Buffer | undefined> {
  const object = await store.stat({ bucket, name }, {});
  if (object === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of store.openRead(object, 0, {})) pieces.push(piece);
  return Buffer.concat(pieces);
}
