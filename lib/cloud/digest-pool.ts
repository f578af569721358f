import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import type { DigestAnswer, DigestTask } from "./digest-worker";
import { createDigester } from "./digests";
import type { Digests } from "./object-store";

/** A digester that may work elsewhere. Bytes passed to `update` are the caller's again when it returns. */
export interface StreamDigester {
  /** Wait for the promise, if there is one, before the next piece: more would pile up. */
  update(piece: Uint8Array): Promise<void> | undefined;
  finish(): Promise<Digests>;

  /** For a stream that ends without a result. */
  abandon(): void;
}

/** Below this a message to another thread costs more than the hashing. */
const INLINE_BYTES = 128 * 1024;

/** Sent to a worker at once. */
const BATCH_BYTES = 256 * 1024;

/** Of one stream, with a worker and not hashed yet, at most: what `STREAM_WINDOW_BYTES` of the engine counts. */
const MAX_BATCHES = 4;

/** SHA-512 runs at half a gigabyte per second and core: large objects are hashed beside the thread that receives them. */
export function openStreamDigester(size: number): StreamDigester {
  const worker = size > INLINE_BYTES ? leastBusy() : undefined;
  return worker === undefined ? inline() : onWorker(worker);
}

function inline(): StreamDigester {
  const digester = createDigester();
  return {
    update(piece) {
      digester.update(piece);
      return undefined;
    },
    finish: async () => digester.finish(),
    abandon() {},
  };
}

/** One thread, with the streams it works on. */
interface PoolWorker {
  readonly streams: Map<number, (answer: DigestAnswer | Error) => void>;
  post(task: DigestTask): void;
  open(take: (answer: DigestAnswer | Error) => void): number;
  close(stream: number): void;
}

let pool: readonly PoolWorker[] | undefined;

function leastBusy(): PoolWorker | undefined {
  pool ??= startPool();
  return [...pool].sort((a, b) => a.streams.size - b.streams.size)[0];
}

function startPool(): readonly PoolWorker[] {
  const script = join(__dirname, "digest-worker.js");
  // Tests run the TypeScript as it stands, and hash where they are.
  if (!existsSync(script)) return [];
  return Array.from({ length: Math.min(8, availableParallelism()) }, () => startWorker(script));
}

function startWorker(script: string): PoolWorker {
  const worker = new Worker(script);
  const streams: PoolWorker["streams"] = new Map();
  let lastStream = 0;
  worker.unref();
  worker.on("message", (answer: DigestAnswer) => streams.get(answer.stream)?.(answer));
  worker.on("error", (error) => {
    pool = undefined;
    for (const take of streams.values()) take(error);
  });
  return {
    streams,
    post: (task) => worker.postMessage(task, task.buffer ? [task.buffer] : []),
    open(take) {
      lastStream += 1;
      streams.set(lastStream, take);
      // A process waits for a worker only while it works on something.
      worker.ref();
      return lastStream;
    },
    close(stream) {
      streams.delete(stream);
      if (streams.size === 0) worker.unref();
    },
  };
}

function onWorker(worker: PoolWorker): StreamDigester {
  const free: ArrayBuffer[] = [];
  let buffers = 0;
  let current: Uint8Array | undefined;
  let filled = 0;
  let failure: Error | undefined;
  let wakeUp: (() => void) | undefined;
  let result: Digests | undefined;
  const stream = worker.open((answer) => {
    if (answer instanceof Error) failure = answer;
    else if (answer.buffer) free.push(answer.buffer);
    else result = answer.digests;
    wakeUp?.();
  });

  function nextBuffer(): Uint8Array | undefined {
    const known = free.pop();
    if (known !== undefined) return new Uint8Array(known);
    if (buffers === MAX_BATCHES) return undefined;
    buffers += 1;
    return new Uint8Array(BATCH_BYTES);
  }

  function send(): void {
    if (current !== undefined) worker.post({ stream, buffer: current.buffer as ArrayBuffer, length: filled });
    current = undefined;
    filled = 0;
  }

  /** Takes as much of the piece as there is room for. Returns what is left. */
  function fill(piece: Uint8Array): Uint8Array {
    let rest = piece;
    while (rest.length > 0) {
      current ??= nextBuffer();
      if (current === undefined) return rest;
      const part = rest.subarray(0, BATCH_BYTES - filled);
      current.set(part, filled);
      filled += part.length;
      rest = rest.subarray(part.length);
      if (filled === BATCH_BYTES) send();
    }
    return rest;
  }

  function wait(): Promise<void> {
    return new Promise((resolve) => {
      wakeUp = resolve;
    });
  }

  async function fillSlowly(piece: Uint8Array): Promise<void> {
    for (let rest = piece; rest.length > 0; rest = fill(rest)) {
      if (failure) throw failure;
      await wait();
    }
  }

  return {
    update(piece) {
      const rest = fill(piece);
      return rest.length === 0 ? undefined : fillSlowly(rest);
    },
    async finish() {
      send();
      worker.post({ stream, length: 0 });
      try {
        while (result === undefined) {
          if (failure) throw failure;
          await wait();
        }
        return result;
      } finally {
        worker.close(stream);
      }
    },
    abandon() {
      worker.post({ stream, length: -1 });
      worker.close(stream);
    },
  };
}
