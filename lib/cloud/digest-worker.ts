import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { createDigester, type Digester } from "./digests";
import type { Digests } from "./object-store";

/** What both sides of a thread share from its start: a 1 says that the main side waits for a slab. */
export interface DigestWorkerData {
  readonly control: SharedArrayBuffer;
}

/** To the worker. Bytes lie in memory that both sides see, so a message is a few numbers. */
export interface DigestTask {
  readonly stream: number;

  /** Which of the shared buffers holds the bytes, and how many there are. */
  readonly slab?: number;
  readonly length: number;

  /** With the first message about a slab: its memory. */
  readonly memory?: SharedArrayBuffer;

  /** `end`: tell the digests. `abandon`: forget the stream. */
  readonly then: "more" | "end" | "abandon";
}

/** From the worker: what a stream came to, or that a slab has become free for whoever waits. */
export interface DigestAnswer {
  readonly stream?: number;
  readonly digests?: Digests;
}

/** Where a slab's bytes begin. Before them, in the first four bytes: 1 while the worker has it. */
export const SLAB_BYTES_START = 64;

interface SlabView {
  readonly state: Int32Array;
  readonly bytes: Uint8Array;
}

function serve(port: MessagePort, { control }: DigestWorkerData): void {
  const waits = new Int32Array(control);
  const slabs: SlabView[] = [];
  const digesters = new Map<number, Digester>();

  function digesterOf(stream: number): Digester {
    const digester = digesters.get(stream) ?? createDigester();
    digesters.set(stream, digester);
    return digester;
  }

  function take({ stream, slab, length, memory, then }: DigestTask): void {
    if (slab === undefined) return;
    if (memory !== undefined) {
      slabs[slab] = { state: new Int32Array(memory, 0, 1), bytes: new Uint8Array(memory, SLAB_BYTES_START) };
    }
    const { state, bytes } = slabs[slab] as SlabView;
    if (then !== "abandon") digesterOf(stream).update(bytes.subarray(0, length));
    // Telling it by a message each time would wake the other thread for nothing: it looks when it needs one.
    Atomics.store(state, 0, 0);
    if (Atomics.exchange(waits, 0, 0) === 1) port.postMessage({} satisfies DigestAnswer);
  }

  port.on("message", (task: DigestTask) => {
    const { stream, then } = task;
    take(task);
    if (then === "end") port.postMessage({ stream, digests: digesterOf(stream).finish() } satisfies DigestAnswer);
    if (then !== "more") digesters.delete(stream);
  });
}

if (parentPort) serve(parentPort, workerData as DigestWorkerData);
