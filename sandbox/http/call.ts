import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { googleError } from "./errors";
import type { Call, Principal } from "./service";

/** Bodies read whole are JSON; whatever is larger than this belongs to a handler that streams. */
const MAX_BODY_BYTES = 64 << 20;

/** Google's parser goes no deeper. */
const MAX_DEPTH = 100;

/** A request on its way to a handler, from the network or out of a batch. */
export interface Incoming {
  readonly method: string;

  /** Percent-encoded path from the root. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly principal: Principal;
  readonly origin: string;
  readonly stream: Readable;
}

export function makeCall(incoming: Incoming, path: string, params: Readonly<Record<string, string>>): Call {
  const { method, query, headers, principal, origin, stream } = incoming;
  return {
    method,
    path,
    query,
    headers,
    principal,
    origin,
    stream,
    param(name) {
      const value = params[name];
      if (value === undefined) throw new Error(`the route of ${path} names no {${name}}`);
      return value;
    },
    body: () => readAll(stream),
    // Shape unknown until the handler looks: `json` says so.
    json: async <T extends object>() => parseObject(await readAll(stream)) as Partial<T>,
  };
}

/** The chunks of a request. Leaving the loop early does not cut the connection, so an error can still be answered. */
export function chunksOf(stream: Readable): AsyncIterableIterator<Buffer> {
  // A request without an encoding yields buffers.
  return stream.iterator({ destroyOnReturn: false }) as AsyncIterableIterator<Buffer>;
}

async function readAll(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunksOf(stream)) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw googleError(413, "uploadTooLarge", "Request body is too large.");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** `{}` for an empty body. */
export function parseObject(bytes: Buffer): object {
  const text = bytes.toString("utf8").trim();
  if (text === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw googleError(400, "parseError", "Parse Error");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw googleError(400, "parseError", "Parse Error");
  }
  checkDepth(value);
  return value;
}

/** Level by level: what handles the value later may call itself for each. */
function checkDepth(value: object): void {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > MAX_DEPTH) {
      throw googleError(400, "parseError", "Invalid JSON payload received. Message too deep.");
    }
    level = level.flatMap((inner) => (typeof inner === "object" && inner !== null ? Object.values(inner) : []));
  }
}
