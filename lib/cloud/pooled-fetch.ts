import { dispatcher } from "./http";

/** The process's own connections and proxy settings, in place of the ones that Google's libraries would open. */
async function fetchThroughPool(url: string, init: object): Promise<unknown> {
  const undici = await import("undici");
  return undici.fetch(url, { ...init, dispatcher: await dispatcher() });
}

// The types of undici's fetch and of the global one are two spellings of one standard.
export const pooledFetch = fetchThroughPool as typeof fetch;
