import { aborted } from "./object-store";

/** Hands out a number of units, first come first served, and lets callers wait for theirs. */
export interface Limiter {
  readonly capacity: number;

  /** Runs `work` while it holds `units` (at most the capacity); gives them back however it ends. Rejects if the signal is aborted while waiting. */
  run<T>(units: number, signal: AbortSignal | undefined, work: () => Promise<T>): Promise<T>;

  /** The same for work that is not one function: the caller must call the returned release exactly once. */
  acquire(units: number, signal: AbortSignal | undefined): Promise<() => void>;
}

interface Waiting {
  readonly units: number;
  readonly start: () => void;
}

export function createLimiter(capacity: number): Limiter {
  let free = capacity;
  const queue = new Set<Waiting>();

  function release(units: number): void {
    free += units;
    for (const waiting of queue) {
      if (waiting.units > free) return;
      queue.delete(waiting);
      free -= waiting.units;
      waiting.start();
    }
  }

  async function acquire(asked: number, signal: AbortSignal | undefined): Promise<() => void> {
    const units = Math.min(asked, capacity);
    if (signal?.aborted) throw aborted("waiting for a turn", signal);
    if (queue.size === 0 && units <= free) free -= units;
    else await wait(units, signal);
    let held = true;
    return () => {
      if (held) release(units);
      held = false;
    };
  }

  function wait(units: number, signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const waiting = {
        units,
        start() {
          signal?.removeEventListener("abort", abort);
          resolve();
        },
      };
      function abort(): void {
        queue.delete(waiting);
        if (signal) reject(aborted("waiting for a turn", signal));
        // The one behind may need less than the one that left.
        release(0);
      }
      queue.add(waiting);
      signal?.addEventListener("abort", abort, { once: true });
    });
  }

  return {
    capacity,
    acquire,
    async run(units, signal, work) {
      const done = await acquire(units, signal);
      try {
        return await work();
      } finally {
        done();
      }
    },
  };
}

/** For requests that are fed by one which holds a slot already: waiting for a second one could be for ever. */
export const noLimit: Limiter = {
  capacity: Number.POSITIVE_INFINITY,
  acquire: async () => () => {},
  run: (_units, _signal, work) => work(),
};
