import { setTimeout as wait } from "node:timers/promises";

/** Waits until `condition` holds; fails after `timeoutMs`, naming what it waited for. */
export async function until(what: string, condition: () => boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`${what}: still not so after ${timeoutMs} ms`);
    await wait(10);
  }
}
