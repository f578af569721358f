/**
 * Runs work that can be stopped by Ctrl-C or by the end of a job: it is told once and ends in order. A second signal ends
 * the process at once.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const stop = new AbortController();
  const names = ["SIGINT", "SIGTERM"] as const;
  const handlers = names.map((name) => {
    const handler = () => stop.abort(new Error(`stopped by ${name}`));
    process.once(name, handler);
    return [name, handler] as const;
  });
  try {
    return await work(stop.signal);
  } finally {
    for (const [name, handler] of handlers) process.off(name, handler);
  }
}
