import { openStreamDigester } from "../cloud/digest-pool";
import { type Digests, type ObjectStore, objectUrl, type StoredObject, StoreError } from "../cloud/object-store";
import { resumingRead } from "../cloud/resuming-read";
import { waitBeforeNext } from "../cloud/retry";
import type { Run } from "./run";

/** What one stream has received and not yet hashed, at most; counted against the run's bytes in flight. */
const STREAM_WINDOW_BYTES = 1024 * 1024;

/** Reads objects at most once per run, and not at all if the cache knows them. */
export interface Hasher {
  hash(store: ObjectStore, object: StoredObject, onBytes?: (bytes: number) => void): Promise<Digests>;
}

export function createHasher(run: Run): Hasher {
  const underWay = new Map<string, Promise<Digests>>();
  return {
    hash(store, object, onBytes) {
      const key = JSON.stringify([store.endpoint, object.bucket, object.name, object.generation]);
      const known = underWay.get(key) ?? hashOnce(run, store, object, onBytes);
      underWay.set(key, known);
      return known;
    },
  };
}

async function hashOnce(run: Run, store: ObjectStore, object: StoredObject, onBytes?: (bytes: number) => void) {
  const cached = run.cache.find(store.endpoint, object);
  if (cached !== undefined) return cached;
  const operation = `read ${objectUrl(store.scheme, object)}`;
  for (let attempt = 1; ; attempt += 1) {
    const digests = await readThrough(run, store, object, onBytes);
    const mistake = mismatch(object, digests);
    if (mistake === undefined) {
      run.cache.add(store.endpoint, object, digests);
      return digests;
    }
    // Corrupted on its way, perhaps: the whole of it is read again, as nobody knows which byte it was.
    const error = new StoreError("corrupt", `${operation}: ${mistake}`, { retriable: attempt < 3 });
    await waitBeforeNext(run.context, operation, run.signal, attempt, error);
  }
}

async function readThrough(run: Run, store: ObjectStore, object: StoredObject, onBytes?: (bytes: number) => void) {
  const window = Math.max(1, Math.min(object.size, STREAM_WINDOW_BYTES));
  return run.bytesInFlight.run(window, run.signal, async () => {
    const digester = openStreamDigester(object.size);
    try {
      for await (const piece of resumingRead(store, run.context, object, 0, { signal: run.signal })) {
        await digester.update(piece);
        run.counters.bytesRead += piece.length;
        onBytes?.(piece.length);
      }
    } catch (error) {
      digester.abandon();
      throw error;
    }
    return digester.finish();
  });
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
