import { type MessagePort, parentPort } from "node:worker_threads";
import { createDigester, type Digester } from "./digests";
import type { Digests } from "./object-store";

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

/** From the worker: the slab that may be filled again, and what the stream came to if it has ended. */
export interface DigestAnswer {
  readonly stream: number;
  readonly slab?: number;
  readonly digests?: Digests;
}

function serve(port: MessagePort): void {
  const slabs: Uint8Array[] = [];
  const digesters = new Map<number, Digester>();

  function digesterOf(stream: number): Digester {
    const digester = digesters.get(stream) ?? createDigester();
    digesters.set(stream, digester);
    return digester;
  }

  port.on("message", ({ stream, slab, length, memory, then }: DigestTask) => {
    if (slab !== undefined && memory !== undefined) slabs[slab] = new Uint8Array(memory);
    const bytes = slab === undefined ? undefined : slabs[slab];
    if (bytes !== undefined && then !== "abandon") digesterOf(stream).update(bytes.subarray(0, length));
    const digests = then === "end" ? digesterOf(stream).finish() : undefined;
    if (then !== "more") digesters.delete(stream);
    port.postMessage({
      stream,
      ...(slab !== undefined && { slab }),
      ...(digests && { digests }),
    } satisfies DigestAnswer);
  });
}

if (parentPort) serve(parentPort);
