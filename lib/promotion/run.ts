import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { anonymous, type Identity } from "../cloud/auth";
import { defaultRetryPolicy, type StoreContext } from "../cloud/context";
import { createLimiter, type Limiter } from "../cloud/limiter";
import type { ObjectStore } from "../cloud/object-store";
import type { Filestore } from "../model/filestores";
import { noCache, openCache, type VerificationCache } from "./cache";
import { connectFilestore } from "./connect";
import type { PromotionEvent, PromotionOptions } from "./types";

export const DEFAULT_MAX_REQUESTS = 32;
export const DEFAULT_MAX_BYTES_IN_FLIGHT = 64 * 1024 * 1024;

/** What all steps of one run share. */
export interface Run {
  readonly options: PromotionOptions;

  /** Random; kept with every object this run writes. */
  readonly id: string;

  /** Aborted by the caller's signal or the deadline. */
  readonly signal: AbortSignal;
  readonly context: StoreContext;
  readonly bytesInFlight: Limiter;
  readonly cache: VerificationCache;
  readonly counters: { bytesRead: number };

  /** The store of a filestore's service, as seen by an identity. */
  store(scheme: Filestore["scheme"], identity: Identity): Promise<ObjectStore>;

  /** On whose behalf a destination is written, and its source read. */
  identityFor(destination: Filestore): Identity;
  emit(event: PromotionEvent): void;
}

/** Prepares a run, does the work and cleans up after it. */
export async function withRun<T>(options: PromotionOptions, work: (run: Run) => Promise<T>): Promise<T> {
  const deadline = new AbortController();
  const timer = startDeadline(deadline, options.deadlineSeconds);
  const signal = options.signal ? AbortSignal.any([deadline.signal, options.signal]) : deadline.signal;
  // One listener per request under way is no leak.
  setMaxListeners(0, signal);
  const emit = (event: PromotionEvent): void => options.onEvent?.(event);
  const context: StoreContext = {
    env: process.env,
    limiter: createLimiter(options.maxRequests ?? DEFAULT_MAX_REQUESTS),
    retry: options.retry ?? defaultRetryPolicy,
    onRetry: (retry) => emit({ type: "retried", ...retry }),
  };
  try {
    return await work({
      options,
      id: randomUUID(),
      signal,
      context,
      bytesInFlight: createLimiter(options.maxBytesInFlight ?? DEFAULT_MAX_BYTES_IN_FLIGHT),
      cache: options.cacheDir ? openCache(options.cacheDir) : noCache,
      counters: { bytesRead: 0 },
      store: storeFactory(options, context),
      identityFor: identityChooser(options, emit),
      emit,
    });
  } finally {
    clearTimeout(timer);
  }
}

function startDeadline(deadline: AbortController, seconds: number | undefined): NodeJS.Timeout | undefined {
  if (seconds === undefined) return undefined;
  const stop = () => deadline.abort(new Error(`the deadline of ${seconds} s has passed`));
  return setTimeout(stop, seconds * 1000);
}

function storeFactory({ connect = connectFilestore }: PromotionOptions, context: StoreContext): Run["store"] {
  const stores = new Map<string, Promise<ObjectStore>>();
  return (scheme, identity) => {
    const key = `${scheme} ${identityKey(identity)}`;
    const known = stores.get(key) ?? Promise.resolve(connect(scheme, identity, context));
    stores.set(key, known);
    return known;
  };
}

export function identityKey(identity: Identity): string {
  return identity.kind === "serviceAccount" ? identity.email : identity.kind;
}

function identityChooser(options: PromotionOptions, emit: Run["emit"]): Run["identityFor"] {
  const said = new Set<string>();
  return ({ base, serviceAccount }) => {
    if (options.identity === "anonymous") return anonymous;
    const email = options.identity === "accounts" ? (serviceAccount ?? options.fallbackServiceAccount) : undefined;
    if (email !== undefined) return { kind: "serviceAccount", email };
    if (options.identity === "accounts" && !said.has(base)) {
      said.add(base);
      emit({ type: "note", message: `${base} names no service account: the caller's own credentials are used` });
    }
    return { kind: "ambient" };
  };
}
