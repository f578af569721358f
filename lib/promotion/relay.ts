import { createDigester } from "../cloud/digests";
import {
  type ByteSource,
  type Digests,
  type ObjectStore,
  objectUrl,
  type Promised,
  type StoredObject,
  StoreError,
  type UploadingStore,
} from "../cloud/object-store";
import { resumingRead } from "../cloud/resuming-read";
import { objectOf } from "./failures";
import { type OnBytes, readVerified, STREAM_WINDOW_BYTES } from "./hash";
import { createOutlet, LAG_BYTES, type Outlet } from "./outlet";
import { propertiesOf } from "./properties";
import type { Run } from "./run";
import type { LineTarget } from "./types";

/** One object on its way to a destination whose service can not copy it from where it is. */
export interface Upload {
  readonly target: LineTarget;
  readonly to: UploadingStore;
}

/** One read of an object that hashes it and feeds all of its uploads. */
export interface Relay {
  /** What the bytes are, once all of them have come and fit the object's own checksums. */
  readonly digests: Promise<Digests>;

  /** The new object, or why there is none. Of an upload whose line gives another hash: always a rejection. */
  readonly created: ReadonlyMap<LineTarget, Promise<StoredObject>>;

  /** All of it is over, what was given up included. Never rejects. */
  readonly over: Promise<void>;
}

interface Job {
  readonly run: Run;
  readonly from: ObjectStore;
  readonly object: StoredObject;
  readonly uploads: readonly Upload[];
  readonly results: ReadonlyMap<LineTarget, Deferred<StoredObject>>;
  readonly digests: Deferred<Digests>;
  readonly onBytes: OnBytes;
}

/**
 * Reads an object once, for all its uploads. A small one is kept in memory until it is known to be right; of a large one
 * the uploads take each piece as it comes, and are completed only when the last one has proved the hash (decision 0016).
 */
export function startRelay(
  run: Run,
  from: ObjectStore,
  object: StoredObject,
  uploads: readonly Upload[],
  onBytes: OnBytes,
): Relay {
  const results = new Map(uploads.map(({ target }) => [target, deferred<StoredObject>()]));
  const job: Job = { run, from, object, uploads, results, digests: deferred(), onBytes };
  const isKept = object.size <= run.bytesInFlight.capacity / 4;
  const units = isKept ? Math.max(1, object.size) : streamMemory(job);
  const work = run.bytesInFlight.run(units, run.signal, () => (isKept ? relayWhole(job) : relayPieces(job)));
  const over = work.then(
    () => undefined,
    (error: Error) => {
      for (const each of [job.digests, ...results.values()]) each.reject(error);
    },
  );
  const created = new Map([...results].map(([target, { promise }]) => [target, promise]));
  return { digests: job.digests.promise, created, over };
}

function streamMemory({ object: { size }, uploads }: Job): number {
  return uploads.reduce((sum, { to }) => sum + to.writeMemory(size) + LAG_BYTES, STREAM_WINDOW_BYTES);
}

async function relayWhole({ run, from, object, uploads, results, digests, onBytes }: Job): Promise<void> {
  const bytes = Buffer.allocUnsafe(object.size);
  const found = await readVerified(run, from, object, () => keepingIn(bytes), onBytes);
  digests.resolve(found);
  const body: ByteSource = {
    size: object.size,
    async *open(offset) {
      yield bytes.subarray(offset);
    },
  };
  const writes = uploads.map(async ({ target, to }) => {
    const result = results.get(target);
    if (found.sha256 !== target.line.sha256) return result?.reject(otherBytes(from, object));
    await write(run, { target, to }, from, object, found, body).then(result?.resolve, result?.reject);
  });
  await Promise.all(writes);
}

function keepingIn(bytes: Buffer) {
  let at = 0;
  return {
    take(piece: Uint8Array) {
      bytes.set(piece, at);
      at += piece.length;
      return undefined;
    },
    end: async () => undefined,
  };
}

async function relayPieces({ run, from, object, uploads, results, digests, onBytes }: Job): Promise<void> {
  let unsettled = uploads;
  await readVerified(
    run,
    from,
    object,
    async () => {
      const open = unsettled.map((upload) => openUpload(run, from, object, upload, results.get(upload.target)));
      // Whoever waits for its turn before it asks must not be waited for by a read that has had its turn.
      await Promise.all(open.map(({ outlet }) => outlet.asked));
      return {
        async take(piece) {
          // The piece is lent, and an upload may hold it for longer.
          const copy = Buffer.from(piece);
          await Promise.all(open.map(({ outlet }) => outlet.push(copy)));
        },
        async end(found) {
          if (!(found instanceof StoreError)) digests.resolve(found);
          for (const each of open) each.end(found);
          const isSettled = await Promise.all(open.map((each) => each.isSettled));
          unsettled = unsettled.filter((_, index) => !isSettled[index]);
        },
      };
    },
    onBytes,
  );
}

interface OpenUpload {
  readonly outlet: Outlet;

  /** Whether it came to a result of its own; otherwise the read it was fed by has failed. */
  readonly isSettled: Promise<boolean>;
  end(found: Digests | StoreError): void;
}

function openUpload(
  run: Run,
  from: ObjectStore,
  object: StoredObject,
  upload: Upload,
  result: Deferred<StoredObject> | undefined,
): OpenUpload {
  const { sha256 } = upload.target.line;
  const known = run.cache.find(from.endpoint, object);
  const expected: Promised = {
    size: object.size,
    sha256,
    ...(object.crc32c && { crc32c: object.crc32c }),
    ...(known?.sha256 === sha256 && { sha512: known.sha512 }),
  };
  const outlet = createOutlet();
  let isCut = false;
  let isFirst = true;
  const body: ByteSource = {
    size: object.size,
    open(offset) {
      if (!isFirst || offset > 0) return readAgain(run, from, object, offset, expected);
      isFirst = false;
      return outlet.bytes;
    },
  };
  const isSettled = write(run, upload, from, object, expected, body)
    .then(
      (made) => {
        result?.resolve(made);
        return true;
      },
      (error: Error) => {
        if (!isCut) result?.reject(error);
        return !isCut;
      },
    )
    .finally(() => outlet.leave());
  return {
    outlet,
    isSettled,
    end(found) {
      if (found instanceof StoreError) {
        isCut = true;
        // Trying again is the read's business: it feeds others as well.
        outlet.end(new StoreError(found.kind, found.message, { cause: found, retriable: false }));
      } else outlet.end(found.sha256 === sha256 ? undefined : otherBytes(from, object));
    },
  };
}

/** For an upload that has to begin anew while the read goes on: bytes of its own, checked again. */
async function* readAgain(
  run: Run,
  from: ObjectStore,
  object: StoredObject,
  offset: number,
  expected: Promised,
): AsyncGenerator<Uint8Array> {
  const digester = offset === 0 ? createDigester() : undefined;
  for await (const piece of resumingRead(from, run.context, object, offset, { signal: run.signal })) {
    digester?.update(piece);
    run.counters.bytesRead += piece.length;
    yield Buffer.from(piece);
  }
  if (digester !== undefined && digester.finish().sha256 !== expected.sha256) throw otherBytes(from, object);
}

async function write(
  run: Run,
  { target, to }: Upload,
  from: ObjectStore,
  object: StoredObject,
  expected: Promised,
  body: ByteSource,
): Promise<StoredObject> {
  const properties = await propertiesOf(run, target, from, object, expected);
  return to.write(objectOf(target.destination, target), body, expected, properties, { signal: run.signal });
}

function otherBytes({ scheme }: ObjectStore, object: StoredObject): StoreError {
  return new StoreError("corrupt", `read ${objectUrl(scheme, object)}: other bytes came than the manifest promises`);
}

interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** Nobody need listen: a rejection that nobody asks for is none. */
function deferred<T>(): Deferred<T> {
  let settle: Omit<Deferred<T>, "promise"> | undefined;
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject };
  });
  promise.catch(() => undefined);
  return { promise, resolve: (value) => settle?.resolve(value), reject: (error) => settle?.reject(error) };
}
