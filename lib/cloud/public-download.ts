import { createHash } from "node:crypto";
import type { StoreContext } from "./context";
import { type Environment, isStorageEmulated, storageRoot } from "./endpoints";
import { type HttpResponse, readPieces, send } from "./http";
import { StoreError } from "./object-store";
import { isPassingStatus, withRetries } from "./retry";

/** What the public should get from an address. */
export interface Expected {
  readonly size: number;
  readonly sha256: string;

  /** Base64 of the CRC32C of the stored bytes, where it is known. */
  readonly crc32c?: string | undefined;

  /** Stored compressed: asked for as such, as the hash is that of the stored bytes. */
  readonly contentEncoding?: string | undefined;
}

export type Download =
  /** `evidence`: what was compared besides the length. */
  | { readonly state: "ok"; readonly evidence: "length" | "crc32c" | "sha256" }
  | { readonly state: "wrong"; readonly what: string }
  | { readonly state: "unreachable"; readonly what: string }

  /** The run ended before the address had answered: nothing is known of it. */
  | { readonly state: "stopped"; readonly what: string }
  | { readonly state: "not-checked"; readonly what: string };

const MAX_REDIRECTS = 5;

/** Asks a public address, as nobody in particular. `isDeep` downloads and hashes; otherwise headers do, if they tell enough. */
export async function tryDownload(
  context: StoreContext,
  url: string,
  expected: Expected,
  isDeep: boolean,
  signal: AbortSignal,
): Promise<Download> {
  const place = servedAt(url, context.env);
  if (place === undefined) return { state: "not-checked", what: "not served by the emulator" };
  try {
    return await withRetries(context, `download ${url}`, signal, async () => {
      const ask = (method: "HEAD" | "GET") => follow(context, place, expected, method, signal);
      const told = isDeep ? undefined : await judgeHeaders(await ask("HEAD"), expected);
      return told ?? judgeBytes(await ask("GET"), expected, url, signal);
    });
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    return { state: signal.aborted ? "stopped" : "unreachable", what };
  }
}

/** With an emulator, what Google serves is asked of it, and other addresses would lead out of the test. */
function servedAt(url: string, env: Environment): string | undefined {
  if (!isStorageEmulated(env)) return url;
  const google = "https://storage.googleapis.com/";
  return url.startsWith(google) ? `${storageRoot(env)}/${url.slice(google.length)}` : undefined;
}

async function follow(
  { retry }: StoreContext,
  start: string,
  { contentEncoding }: Expected,
  method: "HEAD" | "GET",
  signal: AbortSignal,
): Promise<HttpResponse> {
  let url = start;
  for (let hop = 0; hop <= MAX_REDIRECTS; hop += 1) {
    const response = await send({
      subject: `download ${url}`,
      method,
      url,
      headers: { "accept-encoding": contentEncoding === "gzip" ? "gzip" : "identity" },
      answerTimeoutSeconds: retry.answerTimeoutSeconds,
      idleTimeoutSeconds: retry.idleTimeoutSeconds,
      signal,
    });
    const { status, headers } = response;
    const { location } = headers;
    if (status < 300 || status >= 400 || typeof location !== "string") {
      if (isPassingStatus(status)) {
        await response.body.dump();
        throw new StoreError("unavailable", `download ${url}: ${status}`);
      }
      return response;
    }
    await response.body.dump();
    url = new URL(location, url).href;
    if (!/^https?:/.test(url)) throw new StoreError("refused", `download ${start}: leads to ${url}`);
  }
  throw new StoreError("refused", `download ${start}: more than ${MAX_REDIRECTS} redirects`);
}

/** Undefined where they tell nothing of the bytes. */
async function judgeHeaders(response: HttpResponse, { size, crc32c }: Expected): Promise<Download | undefined> {
  const { status, headers, body } = response;
  await body.dump();
  if (status !== 200) return { state: "wrong", what: `answers ${status}` };
  const length = headers["content-length"];
  if (length !== undefined && Number(length) !== size) {
    return { state: "wrong", what: `${length} bytes, expected ${size}` };
  }
  const served = /crc32c=([^,\s]+)/.exec(String(headers["x-goog-hash"] ?? ""))?.[1];
  if (served === undefined || crc32c === undefined) {
    return length === undefined ? undefined : { state: "ok", evidence: "length" };
  }
  return served === crc32c
    ? { state: "ok", evidence: "crc32c" }
    : { state: "wrong", what: `crc32c ${served}, expected ${crc32c}` };
}

async function judgeBytes(
  response: HttpResponse,
  { size, sha256 }: Expected,
  url: string,
  signal: AbortSignal,
): Promise<Download> {
  if (response.status !== 200) {
    await response.body.dump();
    return { state: "wrong", what: `answers ${response.status}` };
  }
  const hash = createHash("sha256");
  let length = 0;
  for await (const piece of readPieces(response, { subject: `download ${url}`, signal })) {
    hash.update(piece);
    length += piece.length;
    // Whatever more comes: it is not the file, and it may never end.
    if (length > size) return { state: "wrong", what: `more than ${size} bytes` };
  }
  if (length !== size) return { state: "wrong", what: `${length} bytes, expected ${size}` };
  const found = hash.digest("hex");
  return found === sha256
    ? { state: "ok", evidence: "sha256" }
    : { state: "wrong", what: `sha256 ${found}, expected ${sha256}` };
}
