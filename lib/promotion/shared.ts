import type { Identity } from "../cloud/auth";
import { defaultRetryPolicy, type StoreContext } from "../cloud/context";
import { createLimiter, type Limiter } from "../cloud/limiter";
import type { ObjectStore } from "../cloud/object-store";
import type { Filestore } from "../model/filestores";
import { noCache, openCache, type VerificationCache } from "./cache";
import { connectFilestore } from "./connect";
import { type JoinedListings, joinListings } from "./joined-listings";
import type { PromotionOptions } from "./types";

export const DEFAULT_MAX_REQUESTS = 32;
export const DEFAULT_MAX_BYTES_IN_FLIGHT = 64 * 1024 * 1024;

/** What several runs of one process may have in common: bounds, connections with their tokens, and what was learnt. */
export interface Shared {
  readonly context: StoreContext;
  readonly bytesInFlight: Limiter;
  readonly cache: VerificationCache;
  readonly listings: JoinedListings;
  store(scheme: Filestore["scheme"], identity: Identity): Promise<ObjectStore>;
}

export type SharedOptions = Pick<
  PromotionOptions,
  "connect" | "retry" | "maxRequests" | "maxBytesInFlight" | "cacheDir" | "onEvent"
>;

/** For a process whose work comes in many small runs, as Terraform hands it out: a resource at a time. */
export function shareBetweenRuns(options: SharedOptions): Shared {
  const { connect = connectFilestore, retry = defaultRetryPolicy, cacheDir } = options;
  const context: StoreContext = {
    env: process.env,
    limiter: createLimiter(options.maxRequests ?? DEFAULT_MAX_REQUESTS),
    retry,
    onRetry: (told) => options.onEvent?.({ type: "retried", ...told }),
  };
  const stores = new Map<string, Promise<ObjectStore>>();
  return {
    context,
    bytesInFlight: createLimiter(options.maxBytesInFlight ?? DEFAULT_MAX_BYTES_IN_FLIGHT),
    listings: joinListings(),
    cache: cacheDir ? openCache(cacheDir) : noCache,
    store(scheme, identity) {
      const key = `${scheme} ${identityKey(identity)}`;
      const known = stores.get(key) ?? Promise.resolve(connect(scheme, identity, context));
      stores.set(key, known);
      return known;
    },
  };
}

export function identityKey(identity: Identity): string {
  return identity.kind === "serviceAccount" ? identity.email : identity.kind;
}
