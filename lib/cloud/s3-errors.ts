import type { About } from "./http";
import { aborted, StoreError, type StoreErrorKind, thenRunAgain } from "./object-store";
import { isPassingStatus, retryAfterSeconds } from "./retry";

/** What the SDK's errors have in common, none of it promised. */
interface SdkError {
  readonly name?: string;
  readonly message?: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $response?: { readonly headers?: Readonly<Record<string, string>> };
}

const THROTTLED = new Set(["SlowDown", "Throttling", "ThrottlingException", "TooManyRequests", "RequestLimitExceeded"]);

/** Two writers at the same moment (409), or a request body that came too slowly (400). */
const PASSING = new Set(["ConditionalRequestConflict", "OperationAborted", "RequestTimeout", "InternalError"]);

const CREDENTIALS = new Set([
  "CredentialsProviderError",
  "ExpiredToken",
  "InvalidAccessKeyId",
  "InvalidToken",
  "SignatureDoesNotMatch",
  "TokenRefreshRequired",
]);

const RENEW = `The AWS credentials have expired or are not valid: renew them. ${thenRunAgain}`;

const DIGESTS = new Set(["BadDigest", "InvalidDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch"]);

/** Turns what the SDK throws into a `StoreError`; a `StoreError` that came through the SDK stays what it is. */
export function s3Error(error: unknown, { subject, signal }: About, identity: string): StoreError {
  if (error instanceof StoreError) return error;
  if (signal?.aborted) return aborted(subject, signal);
  const told = error as SdkError;
  const status = told.$metadata?.httpStatusCode;
  const kind = kindOf(status, told);
  const wait = retryAfterSeconds(told.$response?.headers?.["retry-after"]);
  return new StoreError(kind, `${subject}: ${describe(status, told)} (as ${identity})`, {
    cause: error,
    ...(wait !== undefined && { retryAfterSeconds: wait }),
    ...(CREDENTIALS.has(told.name ?? "") && { repair: RENEW }),
  });
}

/** The region that S3 names in its answers, refusals included. */
export function bucketRegionOf(error: unknown): string | undefined {
  return (error as SdkError).$response?.headers?.["x-amz-bucket-region"] || undefined;
}

/** Whether the service says that somebody else is writing the same name at this moment. */
export function isConflict(error: unknown): boolean {
  const cause = error instanceof StoreError ? (error.cause as SdkError | undefined) : undefined;
  return cause?.name === "ConditionalRequestConflict";
}

/** Whether a multipart upload is not there any more: finished by an earlier try, or cleaned up. */
export function isUploadGone(error: unknown): boolean {
  const cause = error instanceof StoreError ? (error.cause as SdkError | undefined) : undefined;
  return cause?.name === "NoSuchUpload";
}

/** How Node words a broken connection; the SDK sometimes keeps nothing of the error but its message. */
const NETWORK = /\b(TimeoutError|E(CONN|PIPE|TIMEDOUT|NOTFOUND|AI_AGAIN|HOST|NET)[A-Z]*|socket hang up|aborted)\b/;

function kindOf(status: number | undefined, { name = "", message = "", code = "" }: SdkError): StoreErrorKind {
  if (CREDENTIALS.has(name)) return "unauthenticated";
  if (DIGESTS.has(name)) return "corrupt";
  if (THROTTLED.has(name) || PASSING.has(name)) return "unavailable";
  // An error without an answer comes from the network, unless it is one of the SDK's own checks.
  if (status === undefined) return NETWORK.test(`${name} ${code} ${message}`) ? "unavailable" : "refused";
  if (isPassingStatus(status)) return "unavailable";
  switch (status) {
    case 401:
      return "unauthenticated";
    case 403:
      return "forbidden";
    case 404:
      return "notFound";
    case 412:
      return "exists";
    default:
      return "refused";
  }
}

function describe(status: number | undefined, { name, message, code }: SdkError): string {
  // A HEAD has no body to explain itself with; the SDK makes up "UnknownError".
  const words = [name, message].filter((word) => word && !/^(Unknown|UnknownError|Error)$/.test(word)).join(": ");
  const plain = words.replace(/[\p{Cc}\p{Cf}\s]+/gu, " ").trim();
  const short = plain.length > 300 ? `${plain.slice(0, 297)}...` : plain;
  return [status ?? code, short || "no explanation"].filter((part) => part !== undefined).join(" ");
}
