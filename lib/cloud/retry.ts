import type { RetryPolicy, StoreContext } from "./context";
import { aborted, StoreError } from "./object-store";

/** Runs `attempt` until it succeeds, fails for good, or the policy is used up. A slot is held during attempts, not during waits. */
export async function withRetries<T>(
  context: StoreContext,
  operation: string,
  signal: AbortSignal | undefined,
  attempt: (number: number) => Promise<T>,
): Promise<T> {
  for (let number = 1; ; number += 1) {
    try {
      return await context.limiter.run(1, signal, () => attempt(number));
    } catch (error) {
      await waitBeforeNext(context, operation, signal, number, error);
    }
  }
}

/** Throws the error if trying again is pointless or used up; otherwise reports the retry and waits. */
export async function waitBeforeNext(
  { retry, onRetry }: StoreContext,
  operation: string,
  signal: AbortSignal | undefined,
  attempts: number,
  error: unknown,
): Promise<void> {
  if (signal?.aborted) throw aborted(operation, signal);
  if (!(error instanceof StoreError) || !error.retriable) throw error;
  const delaySeconds = secondsBeforeNext(retry, attempts, error.retryAfterSeconds);
  const maxAttempts = Math.min(retry.maxAttempts, error.maxAttempts ?? retry.maxAttempts);
  if (attempts >= maxAttempts || delaySeconds === undefined) {
    throw new StoreError(error.kind, `${error.message} (${attempts} attempts)`, { cause: error, retriable: false });
  }
  onRetry?.({ operation, reason: error.message, delaySeconds });
  try {
    await sleep(delaySeconds, signal, operation);
  } catch (stopped) {
    // Whoever is stopped while waiting wants to know what for.
    const message = stopped instanceof Error ? stopped.message : String(stopped);
    throw new StoreError(error.kind, `${message}; before that: ${error.message}`, { cause: error, retriable: false });
  }
}

/**
 * What the service asks for, and a backoff behind it: zero, or a date that a fast clock takes for past, must not use up all
 * tries at once; nor must all who were sent away with one date come back with it. Undefined where it asks for too much.
 */
export function secondsBeforeNext(policy: RetryPolicy, attempts: number, askedSeconds = 0): number | undefined {
  return askedSeconds > policy.maxRetryAfterSeconds ? undefined : askedSeconds + backoffSeconds(policy, attempts);
}

/** Doubles with each attempt; the random half keeps callers that failed together from coming back together. */
export function backoffSeconds(policy: RetryPolicy, attempts: number, random: () => number = Math.random): number {
  const full = Math.min(policy.maxDelaySeconds, policy.firstDelaySeconds * 2 ** (attempts - 1));
  return full / 2 + (full / 2) * random();
}

/** Whether another try may get another answer. Proxies have statuses of their own above 500. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

/** Seconds that a `Retry-After` header asks for: a number or a date. */
export function retryAfterSeconds(header: string | undefined, now = Date.now()): number | undefined {
  if (header === undefined) return undefined;
  if (/^\s*\d+\s*$/.test(header)) return Number(header);
  const date = Date.parse(header);
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

function sleep(seconds: number, signal: AbortSignal | undefined, operation: string): Promise<void> {
  return new Promise((resolve, reject) => {
    function stop(): void {
      clearTimeout(timer);
      if (signal) reject(aborted(operation, signal));
    }
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
