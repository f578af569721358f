import type { TokenSource } from "./auth";
import { isConnectionError } from "./connection-error";
import type { StoreContext } from "./context";
import { type Environment, storageRoot } from "./endpoints";
import { answerError, explanation } from "./gcs-errors";
import { parseJson } from "./google-api-error";
import {
  type About,
  type BytesResponse,
  type HttpRequest,
  type HttpResponse,
  readText,
  send,
  sendForBytes,
} from "./http";
import { aborted, StoreError, thenRunAgain } from "./object-store";
import { isPassingStatus, retryAfterSeconds } from "./retry";

export interface GcsRequest extends About {
  readonly method: HttpRequest["method"];

  /** Below the root, encoded, e.g. `/storage/v1/b/bucket/o`; or absolute, as a resumable session is. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: HttpRequest["body"];

  /** Other answers than 2xx that the caller understands. */
  readonly accept?: readonly number[];
}

/** Speaks to the JSON API of Cloud Storage: one attempt per call, tokens attached and renewed once when refused. */
export interface GcsClient {
  readonly endpoint: string;
  readonly identity: string;

  /** The answer, not yet read; anything but 2xx and `accept` is thrown. */
  open(request: GcsRequest): Promise<HttpResponse>;

  /** The same for a GET whose answer is an object's bytes. */
  openBytes(request: GcsRequest): Promise<BytesResponse>;

  /** The answer's JSON object; undefined where its status is in `accept`. */
  json<T>(request: GcsRequest): Promise<T | undefined>;
}

export function gcsClient({ env, retry }: StoreContext, tokens: TokenSource): GcsClient {
  const endpoint = storageRoot(env);
  const timeouts = { answerTimeoutSeconds: retry.answerTimeoutSeconds, idleTimeoutSeconds: retry.idleTimeoutSeconds };

  async function token({ subject, signal }: GcsRequest): Promise<string | undefined> {
    try {
      return await tokens.token();
    } catch (error) {
      if (signal?.aborted) throw aborted(subject, signal);
      throw tokenError(error, tokens.description, env);
    }
  }

  async function authorized<T extends Pick<HttpResponse, "status" | "headers">>(
    request: GcsRequest,
    exchange: (http: HttpRequest) => Promise<T>,
    textOf: (response: T) => Promise<string>,
  ): Promise<T> {
    for (let renewed = false; ; renewed = true) {
      const bearer = await token(request);
      const response = await exchange(toHttp(request, bearer));
      if (isFine(response.status, request)) return response;
      const text = await textOf(response);
      // A token may expire between two calls, whatever its lifetime said: one more try with a new one.
      if (response.status === 401 && bearer !== undefined && !renewed && tokens.renew(bearer)) continue;
      const isTokenRefused = response.status === 401 && bearer !== undefined;
      const repair = isTokenRefused ? refusedRepair(tokens.description, env) : undefined;
      throw answerError(request.subject, tokens.description, { ...response, text }, repair);
    }
  }

  const open = (request: GcsRequest) => authorized(request, send, (response) => readText(response, request));

  function toHttp(request: GcsRequest, bearer: string | undefined): HttpRequest {
    const { method, path, headers, body, subject, signal } = request;
    const url = path.startsWith("/") ? endpoint + path : path;
    // An upload session may stand elsewhere; its address is its own credential, and the token stays here.
    const authorization = bearer !== undefined &&
      url.startsWith(`${endpoint}/`) && { authorization: `Bearer ${bearer}` };
    return {
      subject,
      signal,
      method,
      url,
      headers: { ...headers, ...authorization },
      ...(body !== undefined && { body }),
      ...timeouts,
    };
  }

  return {
    endpoint,
    get identity() {
      return tokens.description;
    },
    open,
    openBytes: (request) => authorized(request, sendForBytes, ({ pieces }) => firstText(pieces)),
    async json<T>(request: GcsRequest) {
      const response = await open(request);
      const text = await readText(response, request);
      if (request.accept?.includes(response.status)) return undefined;
      const answer = parseObject(text);
      // Neither an empty answer nor an error in the clothes of a success must pass for an empty listing.
      if (answer === undefined) throw new StoreError("unavailable", `${request.subject}: the answer is no JSON object`);
      if ("error" in answer) {
        throw new StoreError("unavailable", `${request.subject}: ${response.status}, and yet: ${explanation(text)}`);
      }
      return answer as T;
    },
  };
}

function parseObject(text: string): object | undefined {
  const parsed = parseJson(text);
  return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed) ? parsed : undefined;
}

/** An explanation is short; whatever is longer is none. */
async function firstText(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const read: Uint8Array[] = [];
  let bytes = 0;
  for await (const piece of pieces) {
    read.push(piece);
    bytes += piece.length;
    if (bytes > 64 * 1024) break;
  }
  return Buffer.concat(read).toString("utf8");
}

function isFine(status: number, { accept }: GcsRequest): boolean {
  return (status >= 200 && status < 300) || (accept?.includes(status) ?? false);
}

/** Credentials are missing, may not impersonate, or the token service is down: only the last is worth another try. */
function tokenError(error: unknown, identity: string, env: Environment): StoreError {
  if (error instanceof StoreError) return error;
  const { status, retryAfter } = answerOf(error);
  const message = `no access token for ${identity}: ${error instanceof Error ? error.message : String(error)}`;
  const transient = status === undefined ? isConnectionError(error) : isPassingStatus(status);
  if (transient) {
    const wait = retryAfterSeconds(retryAfter);
    return new StoreError("unavailable", message, {
      cause: error,
      ...(wait !== undefined && { retryAfterSeconds: wait }),
    });
  }
  const repair = status === 401 ? renewRepair(env) : credentialsRepair(identity);
  return new StoreError("unauthenticated", message, { cause: error, repair });
}

/** An identity with an address is a service account that the caller acts as. */
function credentialsRepair(identity: string): string {
  return isAccount(identity)
    ? `Give whoever runs this the role roles/iam.serviceAccountTokenCreator on the service account ${identity}, and enable iamcredentials.googleapis.com there. Nothing was tried with it.`
    : "Log in with gcloud auth application-default login, or name a credentials file in GOOGLE_APPLICATION_CREDENTIALS. Nothing was tried.";
}

/** What helps where the service does not know the caller by the token, renewed if it could be. */
function refusedRepair(identity: string, env: Environment): string {
  return isAccount(identity)
    ? `A new token of ${identity} was refused, too: check that the service account exists and is not disabled. ${thenRunAgain}`
    : renewRepair(env);
}

function renewRepair(env: Environment): string {
  return env.GOOGLE_OAUTH_ACCESS_TOKEN
    ? `The token in GOOGLE_OAUTH_ACCESS_TOKEN has expired or is not valid: get a fresh one, e.g. from gcloud auth print-access-token. ${thenRunAgain}`
    : `Your credentials have expired or are not valid: log in again with gcloud auth application-default login. ${thenRunAgain}`;
}

function isAccount(identity: string): boolean {
  return identity.includes("@");
}

function answerOf(error: unknown): { readonly status?: number; readonly retryAfter?: string } {
  const { response } = error as { response?: { status?: unknown; headers?: Partial<Headers> } };
  const retryAfter = response?.headers?.get?.("retry-after");
  return {
    ...(typeof response?.status === "number" && { status: response.status }),
    ...(typeof retryAfter === "string" && { retryAfter }),
  };
}
