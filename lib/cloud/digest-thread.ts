import { Worker } from "node:worker_threads";
import { type DigestAnswer, type DigestTask, type DigestWorkerData, SLAB_BYTES_START } from "./digest-worker";
import type { Digests } from "./object-store";

/** Handed to the thread at once. */
const SLAB_BYTES = 256 * 1024;

/** Of one thread: slabs that wait to be hashed, at most. Each stream may fill another one meanwhile, so that none waits for a slow one. */
const MAX_WAITING_SLABS = 16;

/** Memory of the thread that one stream fills. */
export interface Slab {
  readonly index: number;
  readonly memory: SharedArrayBuffer;

  /** 1 while the thread has it. */
  readonly state: Int32Array;
  readonly bytes: Uint8Array;
  filled: number;

  /** Whether a stream fills it. */
  isTaken: boolean;
}

/** A thread that hashes, with the streams it works on. */
export interface DigestThread {
  readonly streams: number;
  open(): number;

  /** An empty slab; undefined while all of them wait to be hashed. */
  take(): Slab | undefined;

  /** Resolves when a slab may have become free; rejects if the thread has died. */
  free(): Promise<void>;
  send(stream: number, slab: Slab): void;

  /** The digests of a stream, whose last bytes may still be in a slab. */
  finish(stream: number, last: Slab | undefined): Promise<Digests>;
  abandon(stream: number, last: Slab | undefined): void;
}

interface Waiter<T> {
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

export function startDigestThread(script: string, died: () => void): DigestThread {
  const control = new SharedArrayBuffer(4);
  const waits = new Int32Array(control);
  const worker = new Worker(script, { workerData: { control } satisfies DigestWorkerData });
  const made: Slab[] = [];
  const known = new Set<number>();
  const open = new Set<number>();
  const results = new Map<number, Waiter<Digests>>();
  let waiting: Waiter<void>[] = [];
  let lastStream = 0;
  let failure: Error | undefined;
  worker.unref();
  worker.on("message", ({ stream, digests }: DigestAnswer) => {
    if (stream !== undefined && digests !== undefined) results.get(stream)?.resolve(digests);
    wakeAll();
  });
  worker.on("error", (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
    for (const { reject } of [...results.values(), ...waiting]) reject(failure);
    died();
  });

  function wakeAll(): void {
    const woken = waiting;
    waiting = [];
    for (const { resolve } of woken) resolve();
  }

  function emptySlab(): Slab | undefined {
    return made.find(({ isTaken, state }) => !isTaken && Atomics.load(state, 0) === 0);
  }

  function newSlab(): Slab {
    const memory = new SharedArrayBuffer(SLAB_BYTES_START + SLAB_BYTES);
    return {
      index: made.length,
      memory,
      state: new Int32Array(memory, 0, 1),
      bytes: new Uint8Array(memory, SLAB_BYTES_START),
      filled: 0,
      isTaken: false,
    };
  }

  function post(stream: number, slab: Slab | undefined, then: DigestTask["then"]): void {
    const task: DigestTask = { stream, then, length: slab?.filled ?? 0 };
    if (slab === undefined) {
      worker.postMessage(task);
      return;
    }
    slab.isTaken = false;
    Atomics.store(slab.state, 0, 1);
    const { index, memory } = slab;
    worker.postMessage(known.has(index) ? { ...task, slab: index } : { ...task, slab: index, memory });
    known.add(index);
  }

  function close(stream: number): void {
    open.delete(stream);
    results.delete(stream);
    if (open.size === 0) worker.unref();
  }

  return {
    get streams() {
      return open.size;
    },
    open() {
      lastStream += 1;
      open.add(lastStream);
      // The process waits for the thread only while it works on something.
      worker.ref();
      return lastStream;
    },
    take() {
      let slab = emptySlab();
      if (slab === undefined && made.length < MAX_WAITING_SLABS + open.size) {
        slab = newSlab();
        made.push(slab);
      }
      if (slab === undefined) return undefined;
      slab.isTaken = true;
      slab.filled = 0;
      return slab;
    },
    free: () =>
      new Promise((resolve, reject) => {
        // First the flag, then a last look: what becomes free in between is seen by one of the two.
        Atomics.store(waits, 0, 1);
        if (failure) reject(failure);
        else if (emptySlab() !== undefined) resolve();
        else waiting.push({ resolve, reject });
      }),
    send: (stream, slab) => post(stream, slab, "more"),
    async finish(stream, last) {
      try {
        return await new Promise<Digests>((resolve, reject) => {
          if (failure) return reject(failure);
          results.set(stream, { resolve, reject });
          post(stream, last, "end");
        });
      } finally {
        close(stream);
      }
    },
    abandon(stream, last) {
      post(stream, last, "abandon");
      close(stream);
    },
  };
}
