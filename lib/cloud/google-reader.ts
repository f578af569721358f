import type { TokenSource } from "./auth";
import { defaultRetryPolicy } from "./context";
import { errorOfAnswer, googleApiError, isPassing } from "./google-api-error";
import { googleCaller } from "./google-caller";
import { type HttpRequest, readText, send } from "./http";
import { secondsBeforeNext } from "./retry";

/** Reads of Google's APIs, tried again while that can help; a listing is read to its end. */
export function googleReader(tokens: TokenSource, rootUrl: string) {
  // Tokens, their renewal and the form of errors are the caller's; what may be missing is known here.
  const caller = googleCaller({ rootUrl, tokens });

  async function call<T>(
    method: "GET" | "POST",
    url: string,
    body: unknown,
    absent: readonly number[],
  ): Promise<T | undefined> {
    const subject = `${method} ${url}`;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await caller.call(subject, ({ headers }) => once<T>({ subject, method, url }, headers, body, absent));
      } catch (error) {
        const told = googleApiError(subject, error);
        if (!isPassing(told) || attempt >= defaultRetryPolicy.maxAttempts) throw told;
        const seconds = secondsBeforeNext(defaultRetryPolicy, attempt, told.retryAfterSeconds);
        if (seconds === undefined) throw told;
        await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      }
    }
  }

  const get = <T>(url: string, absent: readonly number[] = []) => call<T>("GET", url, undefined, absent);
  return {
    get,
    post: <T>(url: string, body: unknown) => call<T>("POST", url, body, []),
    /** All pages of a listing. */
    async pages<T>(url: string, key: string, absent: readonly number[] = []): Promise<readonly T[]> {
      const items: T[] = [];
      for (let token = ""; ; ) {
        const next =
          token === "" ? url : `${url}${url.includes("?") ? "&" : "?"}pageToken=${encodeURIComponent(token)}`;
        const page = (await get<Record<string, unknown>>(next, absent)) ?? {};
        items.push(...((page[key] as readonly T[] | undefined) ?? []));
        if (typeof page.nextPageToken !== "string" || page.nextPageToken === "") return items;
        if (page.nextPageToken === token) throw new Error(`GET ${url}: the next page is said to be this one`);
        token = page.nextPageToken;
      }
    },
  };
}

async function once<T>(
  what: Pick<HttpRequest, "subject" | "method" | "url">,
  identity: Readonly<Record<string, string>>,
  body: unknown,
  absent: readonly number[],
): Promise<T | undefined> {
  const response = await send({
    ...what,
    headers: { ...identity, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    answerTimeoutSeconds: 60,
    idleTimeoutSeconds: 30,
  });
  const text = await readText(response, what);
  if (absent.includes(response.status)) return undefined;
  if (response.status >= 400) {
    throw errorOfAnswer(what.subject, response, text, text.slice(0, 200));
  }
  return JSON.parse(text) as T;
}
