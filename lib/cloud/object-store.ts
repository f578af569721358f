/** Where an object stands. */
export interface ObjectName {
  readonly bucket: string;
  readonly name: string;
}

/** One version of an object: its bytes can not change any more. */
export interface ObjectVersion extends ObjectName {
  /** GCS: the generation. S3: the version id, or the ETag in a bucket without versions. */
  readonly generation: string;
}

/** An object as a listing or a stat describes it. */
export interface StoredObject extends ObjectVersion {
  /** Stored bytes: of an object with `Content-Encoding: gzip`, the compressed ones. */
  readonly size: number;

  /** Base64 of the big-endian CRC32C of the stored bytes, as the server computed it. GCS always has it; S3 of what was uploaded with it. */
  readonly crc32c?: string;

  /** Base64. Composite (GCS) and multipart (S3) objects have none. */
  readonly md5?: string;

  /** Hexadecimal SHA-256 of the whole object that the server itself computed or checked (S3). Never taken from metadata. */
  readonly sha256?: string;

  /** Custom metadata, keys in lower case. Undefined: this listing does not carry it, a stat does. */
  readonly metadata?: Readonly<Record<string, string>>;

  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly cacheControl?: string;

  /** RFC 3339. */
  readonly created?: string;
}

/** What reading one version needs: bytes stored compressed must be asked for as such. */
export type ReadableVersion = ObjectVersion & Pick<StoredObject, "size" | "contentEncoding">;

/** What the caller decides about a new object besides its bytes. */
export interface ObjectProperties {
  readonly contentType: string;
  readonly contentEncoding?: string;
  readonly cacheControl?: string;

  /** Keys in lower case, `a-z0-9-` only; values in ASCII. Valid in GCS and S3 alike. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** Everything that one pass over the bytes tells. */
export interface Digests {
  readonly size: number;

  /** Hexadecimal, lower case. */
  readonly sha256: string;
  readonly sha512: string;

  /** Base64 of the big-endian value, as GCS writes it. */
  readonly crc32c: string;
}

/**
 * What an upload must turn out to be. Uploads begin before the last byte is read, so all of it is known beforehand: the
 * manifest promises the SHA-256, the listing the rest. The SHA-512 is known if the bytes were read before.
 */
export type Promised = Pick<Digests, "size" | "sha256"> & Partial<Pick<Digests, "sha512" | "crc32c">>;

/**
 * Bytes that can be read again from any offset; each `open` yields the same bytes or throws. Reading resumes by itself,
 * and what is read from 0 to the end is checked against the digests: if they differ the iteration ends with `corrupt`.
 */
export interface ByteSource {
  readonly size: number;
  open(offset: number): AsyncIterable<Uint8Array>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;

  /** Total bytes written so far, for a copy or an upload that takes several calls. */
  readonly onProgress?: (bytes: number) => void;
}

export interface ListRange {
  /** Only names equal to or after this one. */
  readonly from?: string;

  /** Only names before this one. */
  readonly before?: string;
}

/**
 * A service that stores objects, seen by one identity. Every call except `openRead` retries what is worth retrying, each
 * attempt in a slot of the context's limiter (see `withRetries`); what it throws is a `StoreError`.
 */
interface Store {
  /** Names the service, e.g. `https://storage.googleapis.com`: what was learnt from one is never used for another. */
  readonly endpoint: string;

  /** Who calls, for messages: `anonymous`, an e-mail address, `application default credentials`. */
  readonly identity: string;

  /** All pages of the live objects whose names start with `prefix`, in the order of their names. */
  list(bucket: string, prefix: string, range: ListRange, options: CallOptions): AsyncIterable<readonly StoredObject[]>;

  /** The live object with its metadata, or undefined if there is none. */
  stat(object: ObjectName, options: CallOptions): Promise<StoredObject | undefined>;

  /**
   * The stored bytes of one version from `offset` on, never decompressed. One attempt: a broken connection throws a
   * `StoreError` with `retriable`, and the caller (`resumingRead`) goes on at the byte it has reached. Takes no slot of
   * the limiter: the caller does. A piece is the receiver's until it asks for the next one; who keeps it copies it.
   */
  openRead(object: ReadableVersion, offset: number, options: CallOptions): AsyncIterable<Uint8Array>;

  /** Throws a `StoreError` if this identity can not create objects there; without leaving a trace. */
  checkWritable(bucket: string, prefix: string, options: CallOptions): Promise<void>;
}

/** Cloud Storage: objects come from within the service only, and no byte is ever uploaded to it. */
export interface CopyingStore extends Store {
  readonly scheme: "gs";

  /**
   * Copies inside the service; no byte passes through here. Creates the destination or throws `exists`; throws `changed`
   * if the source's live version is another one.
   */
  copy(
    source: ObjectVersion,
    destination: ObjectName,
    properties: ObjectProperties,
    options: CallOptions,
  ): Promise<StoredObject>;
}

/** S3: all that is published there passes through here. */
export interface UploadingStore extends Store {
  readonly scheme: "s3";

  /**
   * Uploads bytes whose digests are promised. Creates the destination or throws `exists`. The object becomes visible only
   * when every byte arrived and the digests hold (checked here and, where the service can, by the service).
   */
  write(
    destination: ObjectName,
    body: ByteSource,
    expected: Promised,
    properties: ObjectProperties,
    options: CallOptions,
  ): Promise<StoredObject>;

  /** Bytes of an object of this size that `write` holds in memory at once. */
  writeMemory(size: number): number;
}

export type ObjectStore = CopyingStore | UploadingStore;

/**
 * - `notFound`: no such bucket or object
 * - `forbidden`: this identity may not
 * - `unauthenticated`: no credentials, or they were refused after renewal
 * - `exists`: a create-only write met an object
 * - `changed`: the pinned version is not the live one any more
 * - `corrupt`: bytes and digests do not fit
 * - `unavailable`: the service or the network failed, retries included
 * - `aborted`: the caller's signal
 * - `refused`: any other answer; trying again does not help
 */
export type StoreErrorKind =
  | "notFound"
  | "forbidden"
  | "unauthenticated"
  | "exists"
  | "changed"
  | "corrupt"
  | "unavailable"
  | "aborted"
  | "refused";

export interface StoreErrorOptions {
  readonly cause?: unknown;

  /** @default - what is unavailable is tried again, nothing else */
  readonly retriable?: boolean;
  readonly retryAfterSeconds?: number;
  readonly maxAttempts?: number;

  /** What helps, in full sentences, where it is not what the caller would advise. */
  readonly repair?: string;
}

/** Of failures that somebody can mend and that leave nothing half done. */
export const thenRunAgain = "Then run it again: what is done stays done, and nothing is replaced.";

/** The only error that leaves a store. Its message names the object and what the service said. */
export class StoreError extends Error {
  override readonly name = "StoreError";

  /** Whether the same call may succeed later. */
  readonly retriable: boolean;

  /** How long the service asked to wait, in seconds. */
  readonly retryAfterSeconds?: number;

  /** After how many attempts more of them are pointless, if that is less than what is usual. */
  readonly maxAttempts?: number;

  /** What helps, where it is not what the caller would advise. */
  readonly repair?: string;

  constructor(
    readonly kind: StoreErrorKind,
    message: string,
    options: StoreErrorOptions = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.retriable = options.retriable ?? kind === "unavailable";
    if (options.retryAfterSeconds !== undefined) this.retryAfterSeconds = options.retryAfterSeconds;
    if (options.maxAttempts !== undefined) this.maxAttempts = options.maxAttempts;
    if (options.repair !== undefined) this.repair = options.repair;
  }
}

/** `gs://bucket/name`, for people. */
export function objectUrl(scheme: "gs" | "s3", { bucket, name }: ObjectName): string {
  return `${scheme}://${bucket}/${name}`;
}

/** The error of a call that the caller's signal, or a deadline, has ended. */
export function aborted(operation: string, signal: AbortSignal): StoreError {
  const reason: unknown = signal.reason;
  return new StoreError("aborted", `${operation}: ${reason instanceof Error ? reason.message : "stopped"}`, {
    cause: reason,
  });
}
