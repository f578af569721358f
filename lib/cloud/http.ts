import type { IncomingHttpHeaders } from "node:http";
import { setFlagsFromString } from "node:v8";
import type { Dispatcher } from "undici";
import { fetchBytes } from "./byte-reader";
import { aborted, StoreError, type StoreErrorOptions } from "./object-store";

/** What a call is about. */
export interface About {
  /** For messages, e.g. `list gs://bucket/prefix`. */
  readonly subject: string;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpRequest extends About {
  readonly method: "GET" | "HEAD" | "POST" | "PUT" | "DELETE";

  /** Absolute. Sent as it is: nothing is normalized on the way. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;

  /** Until the first byte of the answer. */
  readonly answerTimeoutSeconds: number;

  /** Between two pieces of the answer. */
  readonly idleTimeoutSeconds: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;

  /** Must be read to its end or destroyed. */
  readonly body: Dispatcher.ResponseData["body"];
}

const userAgent = "artifacts (https://github.com/kubernetes/k8s.io)";

let shared: Promise<Dispatcher> | undefined;

/** One pool of connections for the process. The limiter of a run bounds requests; this only keeps connections for reuse. */
export function dispatcher(): Promise<Dispatcher> {
  shared ??= createDispatcher();
  return shared;
}

async function createDispatcher(): Promise<Dispatcher> {
  // undici reads answers in WebAssembly. To optimize it takes the second processor 0.2 s, for which Node waits at the end of
  // the shortest command, and which not even the longest gets back: bodies don't pass through it.
  setFlagsFromString("--liftoff-only");
  const options = { pipelining: 1, keepAliveTimeout: 20_000, connect: { timeout: 20_000 } };
  if (isProxied()) {
    // From the index: what it adds to all dispatchers when it is loaded, a proxy's own connections need.
    const { EnvHttpProxyAgent } = await import("undici");
    return new EnvHttpProxyAgent(options);
  }
  const { default: Agent } = await import("undici/lib/dispatcher/agent.js");
  return new Agent(options);
}

function isProxied(): boolean {
  const { HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy } = process.env;
  return Boolean(HTTPS_PROXY || https_proxy || HTTP_PROXY || http_proxy);
}

/** Sends one request, once. Anything but an answer is a retriable `StoreError`, or `aborted` after the caller's signal. */
export async function send(request: HttpRequest): Promise<HttpResponse> {
  const { origin, pathname, search } = split(request.url);
  const agent = await dispatcher();
  const { default: requestOf } = await import("undici/lib/api/api-request.js");
  try {
    const answer = await requestOf.call(agent, {
      origin,
      path: pathname + search,
      method: request.method,
      headers: { "user-agent": userAgent, ...request.headers },
      headersTimeout: request.answerTimeoutSeconds * 1000,
      bodyTimeout: request.idleTimeoutSeconds * 1000,
      ...(request.body !== undefined && { body: request.body }),
      ...(request.signal && { signal: request.signal }),
    });
    knownOrigins.add(origin);
    return { status: answer.statusCode, headers: answer.headers, body: answer.body };
  } catch (error) {
    throw unreachable(error, origin, request);
  }
}

/** A page of a listing is half a megabyte; an answer that takes this long is not worth waiting for. */
const MAX_TEXT_SECONDS = 120;

/** The whole answer as text. */
export async function readText(
  { body }: HttpResponse,
  { subject, signal }: About,
  maxSeconds = MAX_TEXT_SECONDS,
): Promise<string> {
  const timer = setTimeout(
    () => body.destroy(new Error(`the answer took longer than ${maxSeconds} s`)),
    maxSeconds * 1000,
  );
  try {
    return await body.text();
  } catch (error) {
    throw networkError(error, subject, signal);
  } finally {
    clearTimeout(timer);
  }
}

/** The answer piece by piece. */
export async function* readPieces(
  { body }: { readonly body: AsyncIterable<Uint8Array> },
  { subject, signal }: About,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of body) yield piece;
  } catch (error) {
    throw networkError(error, subject, signal);
  }
}

export interface BytesResponse {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;

  /** Must be iterated, or given up. */
  readonly pieces: AsyncIterable<Uint8Array>;
  giveUp(): void;
}

/** Origins whose answers are no plain HTTP/1.1 with a length. */
const elaborateOrigins = new Set<string>();

/** Sends a GET, once, whose answer is many bytes: the hot path, over a client that does nothing else. */
export async function sendForBytes(request: HttpRequest): Promise<BytesResponse> {
  const { origin, pathname, search } = split(request.url);
  if (!isProxied() && !elaborateOrigins.has(origin)) {
    const answer = await fetchPlainly(request, origin, pathname + search);
    if (answer !== undefined) return answer;
    elaborateOrigins.add(origin);
  }
  const response = await send(request);
  const { status, headers, body } = response;
  return { status, headers, pieces: readPieces(response, request), giveUp: () => void body.destroy() };
}

async function fetchPlainly(request: HttpRequest, origin: string, path: string): Promise<BytesResponse | undefined> {
  const { signal } = request;
  try {
    const answer = await fetchBytes({
      origin,
      path,
      headers: { "user-agent": userAgent, ...request.headers },
      signal,
      answerTimeoutMs: request.answerTimeoutSeconds * 1000,
      idleTimeoutMs: request.idleTimeoutSeconds * 1000,
    });
    if (answer === undefined) return undefined;
    knownOrigins.add(origin);
    const { status, headers, giveUp } = answer;
    return { status, headers, pieces: readPieces(answer, request), giveUp };
  } catch (error) {
    throw unreachable(error, origin, request);
  }
}

/** Origins that have answered. */
const knownOrigins = new Set<string>();

/** Tries at a host that nobody knows and that never answered: its name is misspelt, or this machine has no network. */
const TRIES_AT_UNKNOWN_HOST = 3;

function unreachable(error: unknown, origin: string, { subject, signal }: About): StoreError {
  const isUnknown = codeOf(error) === "ENOTFOUND" && !knownOrigins.has(origin);
  const options = isUnknown ? { maxAttempts: TRIES_AT_UNKNOWN_HOST } : {};
  return networkError(error, `${subject}: ${origin}`, signal, options);
}

function networkError(
  error: unknown,
  subject: string,
  signal: AbortSignal | undefined,
  options: StoreErrorOptions = {},
): StoreError {
  if (signal?.aborted) return aborted(subject, signal);
  const told = error instanceof Error ? error : new Error(String(error));
  return new StoreError("unavailable", `${subject}: ${describe(codeOf(error), told)}`, { ...options, cause: error });
}

function codeOf(error: unknown): string | undefined {
  // Not instanceof: where tests run in a realm of their own, Node's errors are of another class.
  const isCoded = typeof error === "object" && error !== null && "code" in error && typeof error.code === "string";
  return isCoded ? String(error.code) : undefined;
}

function describe(code: string | undefined, error: Error): string {
  switch (code) {
    case "UND_ERR_HEADERS_TIMEOUT":
      return "no answer in time";
    case "UND_ERR_BODY_TIMEOUT":
      return "the answer stopped coming";
    case "UND_ERR_CONNECT_TIMEOUT":
      return "no connection in time";
    case "ENOTFOUND":
      return "no host of this name is known: is it spelt rightly, and has this machine a network?";
    case "UND_ERR_SOCKET":
    case "ECONNRESET":
    case "EPIPE":
      return `connection lost (${error.message})`;
    default:
      return code === undefined ? error.message : `${error.message} (${code})`;
  }
}

/** Cuts a URL without normalizing it: an object may be called `a/../b`. */
function split(url: string): { origin: string; pathname: string; search: string } {
  const slash = url.indexOf("/", url.indexOf("://") + 3);
  const origin = slash < 0 ? url : url.slice(0, slash);
  const rest = slash < 0 ? "/" : url.slice(slash);
  const question = rest.indexOf("?");
  return question < 0
    ? { origin, pathname: rest, search: "" }
    : { origin, pathname: rest.slice(0, question), search: rest.slice(question) };
}
