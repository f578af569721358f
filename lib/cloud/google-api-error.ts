import type { HttpResponse } from "./http";
import { isPassingStatus, retryAfterSeconds } from "./retry";

/** The reason of a call that was not made, as there is nobody to make it for. */
export const NO_CREDENTIALS = "noCredentials";

/** A call to a Google API that failed, told the same way whatever client made it. */
export class GoogleApiError extends Error {
  override readonly name = "GoogleApiError";

  constructor(
    /** What was asked, e.g. `directory.members.insert`. */
    readonly call: string,

    /** The API's own sentence, or the network's. */
    readonly says: string,

    /** HTTP status; undefined when no answer came. */
    readonly status?: number,

    /** Google's machine-readable reason, e.g. `quotaExceeded`. */
    readonly reason?: string,

    /** What `Retry-After` asked for. */
    readonly retryAfterSeconds?: number,

    options?: ErrorOptions,
  ) {
    const answer = status === undefined ? "no answer: " : `HTTP ${status}: `;
    super(`${call}: ${reason === NO_CREDENTIALS ? "" : answer}${says}`, options);
  }
}

/** Whether the API said that the object is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof GoogleApiError && error.status === 404;
}

/** Whether no call can be made at all: there is nobody to make it for. */
export function isWithoutIdentity(error: unknown): boolean {
  return error instanceof GoogleApiError && (error.reason === NO_CREDENTIALS || error.status === 401);
}

/** Whether the API said that the object is there already. */
export function isConflict(error: unknown): boolean {
  return error instanceof GoogleApiError && error.status === 409;
}

const quotaReasons: readonly (string | undefined)[] = ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"];

/** Whether the same call may succeed later. Admin APIs answer an exhausted quota with 403 as often as with 429. */
export function isPassing(error: unknown): boolean {
  if (!(error instanceof GoogleApiError)) return false;
  const { status, reason } = error;
  if (reason === NO_CREDENTIALS) return false;
  return status === undefined || isPassingStatus(status) || (status === 403 && quotaReasons.includes(reason));
}

/** Whether the API said that it is not enabled: in the project that was asked about, or in the one that pays for the call. */
export function isApiOff(error: GoogleApiError): boolean {
  return error.status === 403 && (error.reason === "accessNotConfigured" || error.reason === "SERVICE_DISABLED");
}

/** Whether the call was given up because nobody said anything, which took its whole time. */
export function isSilence(error: unknown): boolean {
  // What a timeout throws is no Error everywhere.
  if (typeof error !== "object" || error === null) return false;
  return ("name" in error && error.name === "TimeoutError") || ("cause" in error && isSilence(error.cause));
}

/** Whether the service said anything about what was asked: it was reached, is in order and knows who asks. */
export function isAnswer(error: unknown): boolean {
  return !isPassing(error) && !isWithoutIdentity(error);
}

/** What the error type of Google's client libraries looks like, as far as it is read here. */
interface ClientError {
  readonly message?: string;
  readonly status?: unknown;
  readonly response?: {
    readonly status?: unknown;
    readonly data?: unknown;
    readonly headers?: { get?(name: string): string | null };
  };
}

/** Older services have the reason in `errors`, newer ones in `details`. */
interface ErrorBody {
  readonly error?:
    | {
        readonly message?: unknown;
        readonly errors?: readonly { readonly reason?: unknown }[];
        readonly details?: readonly { readonly reason?: unknown }[];
      }
    | string;
  readonly error_description?: unknown;
}

/** Translates what a Google client library threw. Bodies may be JSON, text or HTML of a proxy: nothing is taken for granted. */
export function googleApiError(call: string, thrown: unknown): GoogleApiError {
  if (thrown instanceof GoogleApiError) return thrown;
  // The library's errors have no common class across its bundled versions, so only their shape can be read.
  const { message, response } = (typeof thrown === "object" && thrown !== null ? thrown : {}) as ClientError;
  const status = typeof response?.status === "number" ? response.status : undefined;
  const body = (typeof response?.data === "object" && response.data !== null ? response.data : {}) as ErrorBody;
  const inner = typeof body.error === "object" ? body.error : undefined;
  const reason = inner?.errors?.[0]?.reason ?? inner?.details?.find((each) => each?.reason !== undefined)?.reason;
  const says = [inner?.message, body.error_description, networkCause(thrown), message, String(thrown)].find(
    (text) => typeof text === "string",
  );
  return new GoogleApiError(
    call,
    oneLine(String(says)),
    status,
    typeof reason === "string" ? reason : undefined,
    retryAfterSeconds(response?.headers?.get?.("retry-after") ?? undefined),
    { cause: thrown },
  );
}

/** The same of an answer that came without a client library. `message` is what to say where its body says nothing. */
export function errorOfAnswer(
  call: string,
  { status, headers }: Pick<HttpResponse, "status" | "headers">,
  text: string,
  message: string,
): GoogleApiError {
  const get = (name: string) => headers[name]?.toString() ?? null;
  return googleApiError(call, { message, response: { status, data: parseJson(text), headers: { get } } });
}

/** Undefined where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What happened below the client library, which tells no more than that a request failed: e.g. `ECONNRESET`. */
function networkCause(thrown: unknown): string | undefined {
  let cause: unknown = thrown;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  return cause instanceof Error && cause !== thrown ? cause.message : undefined;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > 300 ? `${line.slice(0, 297)}...` : line;
}
