import type { Clock } from "./clock";

/** Lets calls through at the rate a quota allows. */
export interface RateLimit {
  /** Resolves when the next call may be made; in the order of asking. */
  take(signal?: AbortSignal): Promise<void>;
}

/**
 * A token bucket that never lets more than `perMinute` calls through in any 60 seconds: one second's worth may go at
 * once, and the rest of the minute is slowed by as much.
 */
export function rateLimit(perMinute: number, clock: Clock): RateLimit {
  const burst = Math.max(1, Math.floor(perMinute / 60));
  const interval = 60_000 / Math.max(1, perMinute - burst);
  // When the bucket will be full again; the classic "theoretical arrival time" of a leaky bucket.
  let full = Number.NEGATIVE_INFINITY;
  return {
    async take(signal) {
      const now = clock.now();
      full = Math.max(full, now) + interval;
      const wait = full - burst * interval - now;
      if (wait > 0) await clock.sleep(wait, signal);
    },
  };
}
