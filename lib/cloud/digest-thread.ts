import { Worker } from "node:worker_threads";
import type { DigestAnswer, DigestTask } from "./digest-worker";
import type { Digests } from "./object-store";

/** Handed to the thread at once. */
const SLAB_BYTES = 256 * 1024;

/** Of one thread: slabs that wait to be hashed, at most. Each stream may fill another one meanwhile, so that none waits for a slow one. */
const MAX_WAITING_SLABS = 16;

/** Memory of the thread that one stream fills. */
export interface Slab {
  readonly index: number;
  readonly bytes: Uint8Array;
  filled: number;
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
  const worker = new Worker(script);
  const made: Slab[] = [];
  const known = new Set<number>();
  const empty: Slab[] = [];
  const open = new Set<number>();
  const results = new Map<number, Waiter<Digests>>();
  let waiting: Waiter<void>[] = [];
  let lastStream = 0;
  let failure: Error | undefined;
  worker.unref();
  worker.on("message", ({ stream, slab, digests }: DigestAnswer) => {
    if (slab !== undefined) giveBack(made[slab]);
    if (digests !== undefined) results.get(stream)?.resolve(digests);
  });
  worker.on("error", (error) => {
    failure = error instanceof Error ? error : new Error(String(error));
    for (const { reject } of [...results.values(), ...waiting]) reject(failure);
    died();
  });

  function giveBack(slab: Slab | undefined): void {
    if (slab === undefined) return;
    slab.filled = 0;
    empty.push(slab);
    const woken = waiting;
    waiting = [];
    for (const { resolve } of woken) resolve();
  }

  function post(stream: number, slab: Slab | undefined, then: DigestTask["then"]): void {
    const task: DigestTask = { stream, then, length: slab?.filled ?? 0 };
    if (slab === undefined) worker.postMessage(task);
    else if (known.has(slab.index)) worker.postMessage({ ...task, slab: slab.index });
    else worker.postMessage({ ...task, slab: slab.index, memory: slab.bytes.buffer });
    if (slab !== undefined) known.add(slab.index);
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
      const slab = empty.pop();
      if (slab !== undefined || made.length >= MAX_WAITING_SLABS + open.size) return slab;
      const fresh = { index: made.length, bytes: new Uint8Array(new SharedArrayBuffer(SLAB_BYTES)), filled: 0 };
      made.push(fresh);
      return fresh;
    },
    free: () =>
      new Promise((resolve, reject) => {
        if (failure) reject(failure);
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
