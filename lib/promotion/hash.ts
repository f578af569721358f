import { openStreamDigester } from "../cloud/digest-pool";
import { type Digests, type ObjectStore, objectUrl, type StoredObject, StoreError } from "../cloud/object-store";
import { resumingRead } from "../cloud/resuming-read";
import { waitBeforeNext } from "../cloud/retry";
import type { Run } from "./run";

/** What one stream has received and not yet hashed, at most; counted against the run's bytes in flight. */
export const STREAM_WINDOW_BYTES = 1024 * 1024;

/** Reads objects at most once per run, and not at all if the cache knows them. */
export interface Hasher {
  hash(store: ObjectStore, object: StoredObject, onBytes?: OnBytes): Promise<Digests>;

  /** Somebody reads this object anyhow: whoever wants its digests waits for that. */
  offer(store: ObjectStore, object: StoredObject, digests: Promise<Digests>): void;
}

export type OnBytes = (bytes: number) => void;

interface Reading {
  readonly store: ObjectStore;
  readonly digests: Promise<Digests>;
}

export function createHasher(run: Run): Hasher {
  const underWay = new Map<string, Reading>();

  function begin(key: string, store: ObjectStore, object: StoredObject, onBytes?: OnBytes): Promise<Digests> {
    const digests = hashOnce(run, store, object, onBytes);
    underWay.set(key, { store, digests });
    return digests;
  }

  return {
    async hash(store, object, onBytes) {
      const key = keyOf(store, object);
      const known = underWay.get(key);
      if (known === undefined) return begin(key, store, object, onBytes);
      try {
        return await known.digests;
      } catch (error) {
        // What one identity may not read, another one may: one destination's account fails no other destination.
        if (known.store === store || !isRefusal(error)) throw error;
        const now = underWay.get(key);
        return now === undefined || now === known
          ? begin(key, store, object, onBytes)
          : this.hash(store, object, onBytes);
      }
    },
    offer: (store, object, digests) => void underWay.set(keyOf(store, object), { store, digests }),
  };
}

function keyOf({ endpoint }: ObjectStore, { bucket, name, generation }: StoredObject): string {
  return JSON.stringify([endpoint, bucket, name, generation]);
}

function isRefusal(error: unknown): boolean {
  return error instanceof StoreError && ["forbidden", "unauthenticated", "notFound", "refused"].includes(error.kind);
}

async function hashOnce(run: Run, store: ObjectStore, object: StoredObject, onBytes?: OnBytes): Promise<Digests> {
  const cached = run.cache.find(store.endpoint, object);
  if (cached !== undefined) return cached;
  const window = Math.max(1, Math.min(object.size, STREAM_WINDOW_BYTES));
  return run.bytesInFlight.run(window, run.signal, () => readVerified(run, store, object, () => hashingOnly, onBytes));
}

/** Who else takes the bytes of a read. */
export interface Pass {
  /** The piece is the reader's again when this returns, or its promise resolves. */
  take(piece: Uint8Array): Promise<void> | undefined;

  /** The bytes have all come and are the object's own; or this is what went wrong. */
  end(result: Digests | StoreError): Promise<void>;
}

const hashingOnly: Pass = { take: () => undefined, end: async () => undefined };

/**
 * Reads an object and tells what it is; takes no part of the bytes in flight: the caller does. Bytes that do not fit the
 * object's own checksum are read anew from the first one, as nobody knows which of them it was, in a pass of their own.
 */
export async function readVerified(
  run: Run,
  store: ObjectStore,
  object: StoredObject,
  begin: () => Pass | Promise<Pass>,
  onBytes?: OnBytes,
): Promise<Digests> {
  const operation = `read ${objectUrl(store.scheme, object)}`;
  for (let attempt = 1; ; attempt += 1) {
    const pass = await begin();
    let digests: Digests;
    try {
      digests = await readThrough(run, store, object, pass, onBytes);
    } catch (error) {
      await pass.end(error instanceof StoreError ? error : new StoreError("refused", String(error), { cause: error }));
      throw error;
    }
    const mistake = mismatch(object, digests);
    if (mistake === undefined) {
      run.cache.add(store.endpoint, object, digests);
      await pass.end(digests);
      return digests;
    }
    const error = new StoreError("corrupt", `${operation}: ${mistake}`, { retriable: attempt < 3 });
    await pass.end(error);
    await waitBeforeNext(run.context, operation, run.signal, attempt, error);
  }
}

async function readThrough(run: Run, store: ObjectStore, object: StoredObject, pass: Pass, onBytes?: OnBytes) {
  const digester = openStreamDigester(object.size);
  try {
    for await (const piece of resumingRead(store, run.context, object, 0, { signal: run.signal })) {
      await digester.update(piece);
      await pass.take(piece);
      run.counters.bytesRead += piece.length;
      onBytes?.(piece.length);
    }
  } catch (error) {
    digester.abandon();
    throw error;
  }
  return digester.finish();
}

/** How the bytes that came differ from what the service says of the object. */
function mismatch(object: StoredObject, digests: Digests): string | undefined {
  if (digests.size !== object.size) return `${digests.size} bytes came, the object has ${object.size}`;
  if (object.crc32c !== undefined && object.crc32c !== digests.crc32c) {
    return `crc32c ${digests.crc32c} came, the object has ${object.crc32c}`;
  }
  if (object.sha256 !== undefined && object.sha256 !== digests.sha256) {
    return `sha256 ${digests.sha256} came, the object has ${object.sha256}`;
  }
  return undefined;
}
