import type { TokenSource } from "./auth";
import { isConnectionError } from "./connection-error";
import { GoogleApiError, googleApiError, isPassing, NO_CREDENTIALS } from "./google-api-error";
import { pooledFetch } from "./pooled-fetch";

/** Options of one call, in the words of `googleapis`. */
export interface CallOptions {
  readonly headers: Record<string, string>;
  readonly retry: false;
  readonly timeout: number;
  readonly signal?: AbortSignal;
  readonly fetchImplementation: typeof fetch;
}

export interface ClientOptions {
  readonly rootUrl: string;
}

/** What the clients of Google's APIs share: one root, one identity, one way to fail. It makes each call once; retrying is the engines' decision. */
export interface GoogleCaller {
  /** Returns a function that makes the client on first use and then keeps it. */
  connect<Client>(make: (options: ClientOptions) => Promise<Client>): () => Promise<Client>;
  call<T>(name: string, make: (options: CallOptions) => Promise<T>): Promise<T>;
}

export interface GoogleCallerOptions {
  /** URL of the API without a version, e.g. `https://admin.googleapis.com`. */
  readonly rootUrl: string;
  readonly tokens: TokenSource;
  readonly signal?: AbortSignal;

  /** @default 60 */
  readonly timeoutSeconds?: number;
}

export function googleCaller({ rootUrl, tokens, signal, timeoutSeconds = 60 }: GoogleCallerOptions): GoogleCaller {
  async function once<T>(make: (options: CallOptions) => Promise<T>, token: string | undefined): Promise<T> {
    const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };
    return make({
      headers,
      retry: false,
      timeout: timeoutSeconds * 1000,
      fetchImplementation: pooledFetch,
      ...(signal && { signal }),
    });
  }
  return {
    connect(make) {
      let client: ReturnType<typeof make> | undefined;
      return () => {
        client ??= make({ rootUrl: `${rootUrl.replace(/\/+$/, "")}/` });
        return client;
      };
    },
    async call(name, make) {
      try {
        const token = await identify(name, tokens);
        try {
          return await once(make, token);
        } catch (error) {
          const refused = googleApiError(name, error).status === 401 && token !== undefined && tokens.renew(token);
          if (!refused) throw error;
          return await once(make, await identify(name, tokens));
        }
      } catch (error) {
        signal?.throwIfAborted();
        throw isOfClient(error) ? googleApiError(name, error) : error;
      }
    },
  };
}

/** Whether a client library failed with its request, and not our code with its arguments. */
function isOfClient(error: unknown): boolean {
  return error instanceof GoogleApiError || (typeof error === "object" && error !== null && "config" in error);
}

/** A token to call `name` with. Missing or refused credentials do not pass by themselves: nobody retries. */
export async function identify(name: string, tokens: TokenSource): Promise<string | undefined> {
  try {
    return await tokens.token();
  } catch (error) {
    const told = googleApiError(name, error);
    const says = error instanceof GoogleApiError ? error.message : told.says;
    const isTold = error instanceof GoogleApiError || told.status !== undefined;
    const passes = isTold ? isPassing(told) : isConnectionError(error);
    if (passes)
      throw new GoogleApiError(name, `no token: ${says}`, told.status, told.reason, told.retryAfterSeconds, {
        cause: error,
      });
    throw new GoogleApiError(name, `no credentials: ${says}`, undefined, NO_CREDENTIALS, undefined, { cause: error });
  }
}
