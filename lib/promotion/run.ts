import { randomUUID } from "node:crypto";
import { setMaxListeners } from "node:events";
import { ambient, anonymous, type Identity } from "../cloud/auth";
import type { StoreContext } from "../cloud/context";
import type { Limiter } from "../cloud/limiter";
import type { ObjectStore } from "../cloud/object-store";
import type { Filestore } from "../model/filestores";
import type { VerificationCache } from "./cache";
import { shareBetweenRuns } from "./shared";
import type { PromotionEvent, PromotionOptions } from "./types";

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

  /** On whose behalf a destination is listed and written. */
  identityFor(destination: Filestore): Identity;

  /** On whose behalf the source is read for a destination. */
  sourceReaderFor(destination: Filestore): Identity;
  emit(event: PromotionEvent): void;
}

/** Prepares a run, does the work and cleans up after it. */
export function withRun<T>(options: PromotionOptions, work: (run: Run) => Promise<T>): Promise<T> {
  return withDeadline(options, (signal) => prepareRun(options, signal, work));
}

/** One deadline for all runs of `work`. */
export function withOneDeadline<Options extends { readonly engine: PromotionOptions }, T>(
  options: Options,
  work: (options: Options) => Promise<T>,
): Promise<T> {
  return withDeadline(options.engine, (signal) =>
    work({ ...options, engine: { ...options.engine, deadlineSeconds: undefined, signal } }),
  );
}

async function withDeadline<T>(
  { deadlineSeconds, signal }: Pick<PromotionOptions, "deadlineSeconds" | "signal">,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const deadline = new AbortController();
  const timer = startDeadline(deadline, deadlineSeconds);
  const either = signal ? AbortSignal.any([deadline.signal, signal]) : deadline.signal;
  // One listener per request under way is no leak.
  setMaxListeners(0, either);
  try {
    return await work(either);
  } finally {
    clearTimeout(timer);
  }
}

async function prepareRun<T>(
  options: PromotionOptions,
  signal: AbortSignal,
  work: (run: Run) => Promise<T>,
): Promise<T> {
  const emit = (event: PromotionEvent): void => options.onEvent?.(event);
  const shared = options.shared ?? shareBetweenRuns(options);
  const context: StoreContext = { ...shared.context, onRetry: (retry) => emit({ type: "retried", ...retry }) };
  const identityFor = identityChooser(options, emit);
  return work({
    options,
    id: randomUUID(),
    signal,
    context,
    bytesInFlight: shared.bytesInFlight,
    cache: shared.cache,
    counters: { bytesRead: 0 },
    store: shared.store,
    identityFor,
    // AWS credentials of an anonymous run are for S3 alone.
    sourceReaderFor: (destination) => (options.identity === "anonymous" ? anonymous : identityFor(destination)),
    emit,
  });
}

function startDeadline(deadline: AbortController, seconds: number | undefined): NodeJS.Timeout | undefined {
  if (seconds === undefined) return undefined;
  const stop = () => deadline.abort(new Error(`the deadline of ${seconds} s has passed`));
  return setTimeout(stop, seconds * 1000);
}

function identityChooser(options: PromotionOptions, emit: Run["emit"]): Run["identityFor"] {
  const said = new Set<string>();
  return ({ base, scheme, serviceAccount }) => {
    if (options.identity === "anonymous") return scheme === "s3" && options.usesAwsCredentials ? ambient : anonymous;
    const email = options.identity === "accounts" ? (serviceAccount ?? options.fallbackServiceAccount) : undefined;
    if (email !== undefined) return { kind: "serviceAccount", email };
    if (options.identity === "accounts" && !said.has(base)) {
      said.add(base);
      emit({ type: "note", message: `${base} names no service account: the caller's own credentials are used` });
    }
    return ambient;
  };
}
