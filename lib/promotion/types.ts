import type { Identity } from "../cloud/auth";
import type { RetryPolicy, StoreContext } from "../cloud/context";
import type { Digests, ObjectStore, StoredObject } from "../cloud/object-store";
import type { Filestore, FilestoreDirectory } from "../model/filestores";
import type { Manifest, ManifestLine } from "../model/manifests";
import type { RetiredSource } from "../model/retired-sources";
import type { Shared } from "./shared";

/** What to promote: one entry per filestore directory, with the manifests (or the lines of them) that are asked for. */
export interface PromotionRequest {
  readonly directories: readonly PromotionDirectory[];
}

export interface PromotionDirectory {
  readonly filestores: FilestoreDirectory;
  readonly manifests: readonly Manifest[];

  /** Auto-deletion of the source bucket, where it is known: lets a missing file be explained. */
  readonly deleteAfterDays?: number;

  /** Destination buckets that others than promoters write to. What an object there says of itself is not believed. */
  readonly pushedTo?: ReadonlySet<string>;

  /** What of the source belongs to retired projects: nothing new is promoted from there. @default - nothing */
  readonly retired?: readonly RetiredSource[];
}

/** One line of a manifest on its way to one destination. */
export interface LineTarget {
  /** The filestore directory, e.g. `k8s-staging-kops`. */
  readonly directory: string;

  /** Path of the manifest relative to the root of the inputs. */
  readonly manifest: string;
  readonly line: ManifestLine;
  readonly source: Filestore;
  readonly destination: Filestore;

  /** The record of a published object says nothing there: whoever may push could have written it. */
  readonly ignoresRecords?: true;

  /** Set where the file lies in a retired project. */
  readonly retired?: RetiredSource;
}

/**
 * Why a line failed. Stable names: they appear in `--json` and in docs/promotion.md.
 * - `missing-in-source`: no such object in the source, nor in the destination
 * - `source-retired`: not published, and the source's staging project is retired; the source is not looked at
 * - `hash-differs`: the source object has other bytes than the manifest says
 * - `conflicting-lines`: two lines want different bytes under one name
 * - `destination-differs`: the destination holds other bytes under this name; they stay
 * - `source-unreadable`, `destination-unreadable`: the service does not let us list or read
 * - `destination-refused`: the service does not let us write
 * - `source-changed`: the source object was replaced or removed while it was promoted
 * - `corrupt`: bytes arrived that do not fit the object's own checksum, again and again
 * - `account-not-allowed`: the filestore names a service account that defaults.yaml does not list
 * - `unavailable`: network or service failed until the retries or the deadline were used up
 * - `stopped`: the run ended (signal or deadline) before this line's turn
 * - `internal`: a bug of ours; the message has the details
 */
export type FailureReason =
  | "missing-in-source"
  | "source-retired"
  | "hash-differs"
  | "conflicting-lines"
  | "destination-differs"
  | "source-unreadable"
  | "destination-unreadable"
  | "destination-refused"
  | "source-changed"
  | "corrupt"
  | "account-not-allowed"
  | "unavailable"
  | "stopped"
  | "internal";

export interface Failure {
  readonly reason: FailureReason;

  /** `subject: what is wrong, with the value found`. One line. */
  readonly message: string;

  /** Full sentences: what to do next, and what state the world is in. */
  readonly repair: string;

  /** The name the line probably means, relative to the source base. */
  readonly suggestion?: string;
}

/** The source's bytes are right and the destination is free: a promotion would copy them. */
export interface Verified {
  readonly status: "verified";
  readonly source: StoredObject;
  readonly digests: Digests;
}

/** This run wrote the object. */
export interface Copied {
  readonly status: "copied";
  readonly source: StoredObject;
  readonly digests: Digests;
  readonly published: StoredObject;
}

/** The destination holds the manifest's bytes already. */
export interface Published {
  readonly status: "published";
  readonly published: StoredObject;

  /** How we know: what a promotion recorded beside the bytes, the service's own SHA-256, or a read of every byte (maybe from the cache). */
  readonly evidence: "record" | "service" | "hashed";

  /** Whether the source still has the file: false after auto-deletion, which is fine. Undefined: nobody looked. */
  readonly inSource?: boolean;
}

export interface Failed {
  readonly status: "failed";
  readonly failure: Failure;
}

export type Outcome = Verified | Copied | Published | Failed;

export type LineOutcome = LineTarget & { readonly outcome: Outcome };

/** Every line of the request times every destination of its directory, in the order of the request, each exactly once. */
export interface PromotionPlan {
  readonly outcomes: readonly LineOutcome[];
  readonly summary: PlanSummary;
}

export interface PlanSummary {
  readonly verified: number;
  readonly copied: number;
  readonly published: number;

  /** Published lines whose file the source no longer has, which is fine; 0 unless `inspectSources`. */
  readonly expired: number;
  readonly failed: number;

  /** Objects that the verified and copied lines become: two manifests may list one and the same. */
  readonly objects: number;

  /** Bytes of these objects. */
  readonly bytes: number;

  /** Bytes that were read to hash them in this run, retries included. */
  readonly bytesRead: number;
}

/** A line about which listings say too little: the bytes of `object` are still to be looked at. */
export interface PendingLine extends LineTarget {
  readonly outcome: undefined;

  /**
   * - `source`: the destination is free, `object` is the source's
   * - `destination`: the destination holds `object`, and nothing tells its SHA-256 (somebody else's tool wrote it)
   */
  readonly pending: "source" | "destination";
  readonly object: StoredObject;

  /** Of a `destination`: as in `Published`. */
  readonly inSource?: boolean;
}

/** What listings alone could tell: input of `verify` and `promoteResolved`. */
export interface Resolution {
  readonly lines: readonly (LineOutcome | PendingLine)[];
}

/** How the engine reaches a filestore: `connectFilestore` of ./connect, or a fake. Called once per scheme and identity of a run. */
export type Connect = (
  scheme: Filestore["scheme"],
  identity: Identity,
  context: StoreContext,
) => ObjectStore | Promise<ObjectStore>;

export type PromotionEvent =
  /** Listings are over; `pending` lines are to be hashed, `pendingBytes` of them. */
  | { readonly type: "resolved"; readonly lines: number; readonly pending: number; readonly pendingBytes: number }
  /** Work on a line's bytes begins. */
  | { readonly type: "started"; readonly target: LineTarget; readonly size: number }
  /** `bytes` more of it were hashed. */
  | { readonly type: "hashed"; readonly target: LineTarget; readonly bytes: number }
  | { readonly type: "copied"; readonly target: LineTarget; readonly size: number }
  | { readonly type: "retried"; readonly operation: string; readonly reason: string; readonly delaySeconds: number }
  /** Something worth saying that is no failure, e.g. which identity is used for lack of a service account. */
  | { readonly type: "note"; readonly message: string }
  /** A line has its outcome; exactly one per line and destination. */
  | { readonly type: "done"; readonly result: LineOutcome };

/**
 * `promoterServiceAccounts` of defaults.yaml; `any` where there is no such file; `unknown` where it holds mistakes, which
 * allows nobody.
 */
export type AllowedAccounts = readonly string[] | "any" | "unknown";

export interface PromotionOptions {
  /** @default `connectFilestore`: the real services, or those that the environment points to */
  readonly connect?: Connect;

  /**
   * `anonymous`: no credentials at all (the check of a pull request).
   * `accounts`: impersonate the destination's service account; the ambient identity where it has none.
   * `ambient`: the caller's own credentials, whatever the filestores say.
   */
  readonly identity: "anonymous" | "accounts" | "ambient";

  /** S3 is asked with the AWS credentials of the environment even in an anonymous run, as kpromo does. @default false */
  readonly usesAwsCredentials?: boolean;

  /** Used instead of the ambient identity for destinations without a service account. */
  readonly fallbackServiceAccount?: string | undefined;

  /**
   * Service accounts that a destination may name. Not looked at when `identity` is `ambient`, nor in an anonymous run that
   * gives no list.
   * @default - none
   */
  readonly allowedServiceAccounts?: AllowedAccounts;

  /** Bounds, connections and cache of `shareBetweenRuns`, which then counts instead of the options for them here. @default - of this run alone */
  readonly shared?: Shared;

  /** @default 32 */
  readonly maxRequests?: number | undefined;

  /** Bytes received and not yet hashed or sent on, at most. @default 64 MiB */
  readonly maxBytesInFlight?: number | undefined;

  /** How often and how patiently calls are tried again. @default `defaultRetryPolicy` */
  readonly retry?: RetryPolicy;

  /** @default - none */
  readonly deadlineSeconds?: number | undefined;

  readonly signal?: AbortSignal | undefined;

  /** Folder for results per (service, bucket, object, generation); safe to delete. @default - nothing is kept */
  readonly cacheDir?: string | undefined;

  /** Commit of the inputs, kept with each published object. */
  readonly commit?: string | undefined;

  /** Look at the source of published lines too, so that `inSource` is always known. @default false */
  readonly inspectSources?: boolean;

  readonly onEvent?: (event: PromotionEvent) => void;
}

/** Listings only. */
export type Resolve = (request: PromotionRequest, options: PromotionOptions) => Promise<Resolution>;

/** Hashes what is pending: every line ends as verified, published or failed. Writes nothing to any bucket. */
export type Verify = (resolution: Resolution, options: PromotionOptions) => Promise<PromotionPlan>;

/** Hashes what is pending and copies it: every line ends as copied, published or failed. */
export type PromoteResolved = (resolution: Resolution, options: PromotionOptions) => Promise<PromotionPlan>;

/** `resolve`, then `verify`: what a pull request or a dry run needs. */
export type Check = (request: PromotionRequest, options: PromotionOptions) => Promise<PromotionPlan>;

/** `resolve`, then `promoteResolved`. */
export type Promote = (request: PromotionRequest, options: PromotionOptions) => Promise<PromotionPlan>;
