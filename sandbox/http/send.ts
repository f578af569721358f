import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Reply } from "./service";

/** Damage to do to an answer on its way out. */
export interface Damage {
  /** Cut the connection once this many bytes of the body went out. */
  readonly truncateAfterBytes?: number;

  /** Flip the bits of the byte at this position of the body. */
  readonly corruptByteAt?: number;
}

/** Sends a reply; resolves when the last byte is handed over, or the client has gone. */
export async function send(response: ServerResponse, reply: Reply, damage?: Damage): Promise<void> {
  const { status, headers, body } = reply;
  // Some clients read nothing before all of their request is sent: what no handler wanted of it is read and dropped.
  response.req.resume();
  if (body instanceof Readable) {
    response.writeHead(status, mutable(headers));
    await stream(response, body, damage);
    return;
  }
  const bytes = encode(body);
  const type = isJson(body) ? { "content-type": "application/json; charset=UTF-8" } : {};
  const length = status === 204 || status === 304 ? {} : { "content-length": String(bytes.length) };
  response.writeHead(status, { ...type, ...length, ...mutable(headers) });
  if (damage === undefined || response.req.method === "HEAD") response.end(bytes);
  else await stream(response, Readable.from([bytes]), damage);
}

/** Node's types want arrays that they could change. */
function mutable(headers: Reply["headers"] = {}): OutgoingHttpHeaders {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, typeof value === "string" ? value : [...value]]),
  );
}

/** The body as bytes, for answers that are not streams. */
export function encode(body: Exclude<Reply["body"], Readable>): Buffer {
  if (body === undefined) return Buffer.alloc(0);
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}

function isJson(body: Reply["body"]): boolean {
  return typeof body === "object" && !Buffer.isBuffer(body);
}

async function stream(response: ServerResponse, body: Readable, damage?: Damage): Promise<void> {
  try {
    if (damage === undefined) await pipeline(body, response);
    else await pipeline(body, damaging(damage, response), response);
  } catch (error) {
    // The client went away, or was sent away: nobody is left to tell.
    if (!response.destroyed && !response.headersSent) throw error;
    response.destroy();
  }
}

function damaging({ truncateAfterBytes, corruptByteAt }: Damage, response: ServerResponse): Transform {
  let position = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const start = position;
      position += chunk.length;
      let bytes = chunk;
      if (corruptByteAt !== undefined && corruptByteAt >= start && corruptByteAt < position) {
        bytes = Buffer.from(chunk);
        bytes[corruptByteAt - start] = ~(bytes[corruptByteAt - start] ?? 0) & 0xff;
      }
      if (truncateAfterBytes === undefined || position <= truncateAfterBytes) {
        done(null, bytes);
        return;
      }
      response.write(bytes.subarray(0, truncateAfterBytes - start), () => response.destroy());
    },
  });
}
