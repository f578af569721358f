import type { Environment } from "./endpoints";
import type { Limiter } from "./limiter";

/** How patient calls are. Times in seconds. */
export interface RetryPolicy {
  /** Attempts of one call, the first included. A read that makes progress starts counting anew. */
  readonly maxAttempts: number;

  /** Wait before the second attempt; doubles with each further one. The real wait is between half of it and all of it. */
  readonly firstDelaySeconds: number;
  readonly maxDelaySeconds: number;

  /** The longest wait that a service may ask for with `Retry-After`; what asks for more is given up. */
  readonly maxRetryAfterSeconds: number;

  /** A response that sends nothing for so long is broken off and tried again. */
  readonly idleTimeoutSeconds: number;

  /** A call that has no answer after so long is broken off and tried again. */
  readonly answerTimeoutSeconds: number;
}

export const defaultRetryPolicy: RetryPolicy = {
  maxAttempts: 8,
  firstDelaySeconds: 0.5,
  maxDelaySeconds: 30,
  maxRetryAfterSeconds: 300,
  idleTimeoutSeconds: 30,
  // A server-side copy may take half a minute per call before it hands out a token to go on with.
  answerTimeoutSeconds: 90,
};

export interface Retry {
  /** E.g. `copy gs://bucket/name`. */
  readonly operation: string;
  readonly reason: string;
  readonly delaySeconds: number;
}

/** What all stores of one run share. */
export interface StoreContext {
  readonly env: Environment;

  /** One slot per request under way, whatever the service. */
  readonly limiter: Limiter;
  readonly retry: RetryPolicy;
  readonly onRetry?: (retry: Retry) => void;
}
