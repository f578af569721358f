import type { StoreContext } from "./context";
import { type CallOptions, type ObjectStore, objectUrl, type ReadableVersion, StoreError } from "./object-store";
import { waitBeforeNext } from "./retry";

/** A connection that brought this much has proved itself: the next failure is counted as the first again. */
const PROGRESS_BYTES = 256 * 1024;

/**
 * The bytes of one version from `offset` to its end, over as many connections as it takes: a broken one is taken up at
 * the byte it had reached. Ends only when exactly `size` bytes have come; more or fewer are never passed on as a success.
 */
export async function* resumingRead(
  store: ObjectStore,
  context: StoreContext,
  object: ReadableVersion,
  offset: number,
  options: CallOptions,
): AsyncGenerator<Uint8Array> {
  const operation = `read ${objectUrl(store.scheme, object)}`;
  let reached = offset;
  let attempts = 0;
  while (reached < object.size) {
    const before = reached;
    const release = await context.limiter.acquire(1, options.signal);
    let broken: unknown;
    try {
      for await (const piece of store.openRead(object, reached, options)) {
        reached += piece.length;
        if (reached > object.size) throw tooLong(operation, object);
        yield piece;
      }
      if (reached < object.size) broken = tooShort(operation, object, reached);
    } catch (error) {
      broken = error;
    } finally {
      release();
    }
    if (broken === undefined) return;
    attempts = reached - before >= PROGRESS_BYTES ? 1 : attempts + 1;
    await waitBeforeNext(context, operation, options.signal, attempts, broken);
  }
}

function tooShort(operation: string, { size }: ReadableVersion, reached: number): StoreError {
  return new StoreError("unavailable", `${operation}: ended after ${reached} of ${size} bytes`);
}

function tooLong(operation: string, { size }: ReadableVersion): StoreError {
  return new StoreError("corrupt", `${operation}: more than its ${size} bytes came`);
}
