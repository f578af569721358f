import { existsSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { type DigestThread, type Slab, startDigestThread } from "./digest-thread";
import { createDigester } from "./digests";
import type { Digests } from "./object-store";

/** A digester that may work elsewhere. Bytes passed to `update` are the caller's again when it returns, or its promise resolves. */
export interface StreamDigester {
  /** Wait for the promise, if there is one, before the next piece: more would pile up. */
  update(piece: Uint8Array): Promise<void> | undefined;
  finish(): Promise<Digests>;

  /** For a stream that ends without a result. */
  abandon(): void;
}

/** Below this a message to another thread costs more than the hashing. */
const INLINE_BYTES = 128 * 1024;

/** SHA-512 runs at half a gigabyte per second and core: large objects are hashed beside the thread that receives them. */
export function openStreamDigester(size: number): StreamDigester {
  const thread = size > INLINE_BYTES ? leastBusy() : undefined;
  return thread === undefined ? inline() : onThread(thread);
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

let pool: readonly DigestThread[] | undefined;

function leastBusy(): DigestThread | undefined {
  pool ??= startPool();
  return [...pool].sort((a, b) => a.streams - b.streams)[0];
}

function startPool(): readonly DigestThread[] {
  const script = join(__dirname, "digest-worker.js");
  // Tests run the TypeScript as it stands, and hash where they are.
  if (!existsSync(script)) return [];
  const forget = () => {
    pool = undefined;
  };
  // One core is left to the thread that receives; more threads than cores only take turns.
  const count = Math.min(8, Math.max(1, availableParallelism() - 1));
  return Array.from({ length: count }, () => startDigestThread(script, forget));
}

function onThread(thread: DigestThread): StreamDigester {
  const stream = thread.open();
  let current: Slab | undefined;

  /** Takes as much of the piece as there is room for. Returns what is left. */
  function fill(piece: Uint8Array): Uint8Array {
    let rest = piece;
    while (rest.length > 0) {
      // A full slab goes only when more comes: the last one carries the end of the stream with it.
      if (current !== undefined && current.filled === current.bytes.length) {
        thread.send(stream, current);
        current = undefined;
      }
      current ??= thread.take();
      if (current === undefined) return rest;
      const part = rest.subarray(0, current.bytes.length - current.filled);
      current.bytes.set(part, current.filled);
      current.filled += part.length;
      rest = rest.subarray(part.length);
    }
    return rest;
  }

  async function fillSlowly(piece: Uint8Array): Promise<void> {
    for (let rest = piece; rest.length > 0; rest = fill(rest)) await thread.free();
  }

  return {
    update(piece) {
      const rest = fill(piece);
      return rest.length === 0 ? undefined : fillSlowly(rest);
    },
    finish: () => thread.finish(stream, current),
    abandon: () => thread.abandon(stream, current),
  };
}
