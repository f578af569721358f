/** Bytes that a receiver may be behind, at most, before the read waits for it. */
export const LAG_BYTES = 512 * 1024;

/** One of several receivers of the same read, each at its own pace within a small window. */
export interface Outlet {
  /** For one receiver, once. */
  readonly bytes: AsyncIterable<Uint8Array>;

  /** Resolves when the receiver asks for its first byte, or has left. */
  readonly asked: Promise<void>;

  /** Hands a piece on. Wait for the promise, if there is one: the receiver is behind. What has left takes nothing. */
  push(piece: Uint8Array): Promise<void> | undefined;

  /** No more comes: all was right, or the receiver meets this error instead of the end. */
  end(error?: Error): void;

  /** The receiver will not ask any more. */
  leave(): void;
}

export function createOutlet(): Outlet {
  const asked = signal();
  let queue: Uint8Array[] = [];
  let queued = 0;
  let ending: { readonly error: Error | undefined } | undefined;
  let hasLeft = false;
  let arrival = signal();
  let room = signal();

  function leave(): void {
    hasLeft = true;
    queue = [];
    queued = 0;
    asked.fire();
    room.fire();
    arrival.fire();
  }

  async function* receive(): AsyncGenerator<Uint8Array> {
    asked.fire();
    try {
      while (!hasLeft) {
        const piece = queue.shift();
        if (piece !== undefined) {
          queued -= piece.length;
          room.fire();
          yield piece;
        } else if (ending !== undefined) {
          if (ending.error !== undefined) throw ending.error;
          return;
        } else {
          arrival = signal();
          await arrival.fired;
        }
      }
      throw new Error("asked for bytes after it had left");
    } finally {
      leave();
    }
  }

  return {
    bytes: receive(),
    asked: asked.fired,
    push(piece) {
      if (hasLeft) return undefined;
      queue.push(piece);
      queued += piece.length;
      arrival.fire();
      if (queued <= LAG_BYTES) return undefined;
      room = signal();
      return room.fired;
    },
    end(error) {
      ending = { error };
      arrival.fire();
    },
    leave,
  };
}

function signal(): { readonly fired: Promise<void>; fire(): void } {
  let fire: () => void = () => undefined;
  const fired = new Promise<void>((resolve) => {
    fire = resolve;
  });
  return { fired, fire: () => fire() };
}
