import { type MessagePort, parentPort } from "node:worker_threads";
import { createDigester, type Digester } from "./digests";
import type { Digests } from "./object-store";

/** To the worker: a piece of a stream, or its end (`buffer` left out: tell the digests; `length` -1: forget it). */
export interface DigestTask {
  readonly stream: number;
  readonly buffer?: ArrayBuffer;
  readonly length: number;
}

/** From the worker: the buffer that may be used again, or what the stream came to. */
export interface DigestAnswer {
  readonly stream: number;
  readonly buffer?: ArrayBuffer;
  readonly digests?: Digests;
}

function serve(port: MessagePort): void {
  const digesters = new Map<number, Digester>();
  port.on("message", ({ stream, buffer, length }: DigestTask) => {
    if (length < 0) {
      digesters.delete(stream);
      return;
    }
    const digester = digesters.get(stream) ?? createDigester();
    digesters.set(stream, digester);
    if (buffer !== undefined) {
      digester.update(new Uint8Array(buffer, 0, length));
      port.postMessage({ stream, buffer } satisfies DigestAnswer, [buffer]);
      return;
    }
    digesters.delete(stream);
    port.postMessage({ stream, digests: digester.finish() } satisfies DigestAnswer);
  });
}

if (parentPort) serve(parentPort);
