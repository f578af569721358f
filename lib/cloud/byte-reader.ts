import { type Connection, keepConnection, takeConnection } from "./byte-connections";
import { parseHead, type ResponseHead } from "./http-head";

export interface ByteRequest {
  /** `https://host:port` */
  readonly origin: string;

  /** Path with query, encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
  readonly answerTimeoutMs: number;
  readonly idleTimeoutMs: number;
}

export interface ByteResponse extends ResponseHead {
  /** Exactly `contentLength` bytes, or an error. A piece is the receiver's until it asks for the next one. */
  readonly body: AsyncIterable<Uint8Array>;

  /** For an answer whose body is not wanted: closes the connection. */
  giveUp(): void;
}

/**
 * Fetches bytes over HTTP/1.1 with little between the socket and the receiver: a general client spends more time per piece
 * than the hashes do on some of them (docs/decisions/0021). Undefined if the server answers in any but the plainest way, with
 * a length; then a general client must ask again.
 */
export async function fetchBytes(request: ByteRequest): Promise<ByteResponse | undefined> {
  request.signal?.throwIfAborted();
  const first = takeConnection(request.origin);
  try {
    return await exchange(request, first);
  } catch (error) {
    // What was kept from before may have been closed by the other side in this very moment.
    if (!first.isReused || request.signal?.aborted || error instanceof TimeoutError) throw error;
    return exchange(request, takeConnection(request.origin, "new"));
  }
}

/** What must come within one time-out, at least, or the other side is as good as silent. */
const LEAST_BYTES = 16 * 1024;

class TimeoutError extends Error {
  constructor(
    message: string,
    readonly code: string,
  ) {
    super(message);
  }
}

/** What has arrived of an answer, and who waits for more of it. */
class Receiver {
  private readonly queue: Uint8Array[] = [];
  private taken: Uint8Array | undefined;
  private failure: Error | undefined;
  private wakeUp: (() => void) | undefined;
  private silence = { ms: 0, code: "" };
  private waitsSince = 0;
  private waited = { ms: 0, bytes: 0 };
  private isReleased = false;
  private readonly listeners: readonly (readonly [event: string, listen: (told: never) => void])[] = [
    ["error", (error: Error) => this.fail(error)],
    ["end", () => this.fail(lost("the other side closed the connection"))],
    ["close", () => this.fail(lost("the connection was closed"))],
    ["timeout", () => this.checkSilence()],
  ];
  private readonly abort = (): void => this.fail(new Error("aborted", { cause: this.signal?.reason }));

  constructor(
    private readonly connection: Connection,
    private readonly signal: AbortSignal | undefined,
  ) {
    connection.sink = this;
    for (const [event, listen] of this.listeners) connection.socket.on(event, listen as (told: unknown) => void);
    signal?.addEventListener("abort", this.abort, { once: true });
  }

  add(piece: Uint8Array): void {
    this.queue.push(piece);
    this.wake();
  }

  /** From now on, silence for so long is a failure. */
  expectWithin(ms: number, code: string): void {
    this.silence = { ms, code };
    this.waited = { ms: 0, bytes: 0 };
    this.connection.socket.setTimeout(ms);
  }

  /** The next piece, whose memory is valid until the one after it is asked for. What arrived before a failure comes before it. */
  async take(): Promise<Uint8Array> {
    this.giveBackTaken();
    for (;;) {
      this.taken = this.queue.shift();
      if (this.taken !== undefined) {
        this.checkPace(this.taken.length);
        return this.taken;
      }
      if (this.failure !== undefined) throw this.failure;
      this.waitsSince = performance.now();
      await new Promise<void>((resolve) => {
        this.wakeUp = resolve;
      });
      this.waited.ms += performance.now() - this.waitsSince;
    }
  }

  /** A byte now and then is no progress. Only the time spent waiting counts. */
  private checkPace(bytes: number): void {
    this.waited.bytes += bytes;
    if (this.waited.bytes >= LEAST_BYTES) this.waited = { ms: 0, bytes: 0 };
    const { ms, code } = this.silence;
    if (this.waited.ms > ms) this.fail(new TimeoutError(`hardly anything came for ${ms / 1000} s`, code));
  }

  /** The answer is over: keeps the connection for another one, or closes it. */
  release(isReusable: boolean): void {
    if (this.isReleased) return;
    this.isReleased = true;
    const { connection } = this;
    this.signal?.removeEventListener("abort", this.abort);
    for (const [event, listen] of this.listeners) connection.socket.off(event, listen as (told: unknown) => void);
    const isClean = isReusable && this.failure === undefined && this.queue.length === 0;
    this.giveBackTaken();
    if (isClean) keepConnection(connection);
    else this.fail(lost("given up"));
  }

  private giveBackTaken(): void {
    if (this.taken !== undefined) this.connection.giveBack(this.taken);
    this.taken = undefined;
  }

  /** Silence counts from when the receiver began to wait: for the time that it took itself, the other side has nothing to answer for. */
  private checkSilence(): void {
    const { ms, code } = this.silence;
    const waited = this.wakeUp === undefined ? 0 : Math.ceil(performance.now() - this.waitsSince);
    if (waited < ms) this.connection.socket.setTimeout(ms - waited);
    else this.fail(new TimeoutError(`nothing came for ${ms / 1000} s`, code));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.connection.socket.destroy();
    this.wake();
  }

  private wake(): void {
    this.wakeUp?.();
    this.wakeUp = undefined;
  }
}

function lost(message: string): Error {
  return Object.assign(new Error(message), { code: "ECONNRESET" });
}

async function exchange(request: ByteRequest, connection: Connection): Promise<ByteResponse | undefined> {
  const receiver = new Receiver(connection, request.signal);
  try {
    receiver.expectWithin(request.answerTimeoutMs, "UND_ERR_HEADERS_TIMEOUT");
    connection.socket.write(requestHead(request));
    const { head, rest } = await receiveHead(receiver);
    if (head.contentLength === undefined) {
      receiver.release(false);
      return undefined;
    }
    receiver.expectWithin(request.idleTimeoutMs, "UND_ERR_BODY_TIMEOUT");
    return {
      ...head,
      body: receiveBody(receiver, head, head.contentLength, rest),
      giveUp: () => receiver.release(false),
    };
  } catch (error) {
    receiver.release(false);
    throw error;
  }
}

function requestHead({ origin, path, headers }: ByteRequest): string {
  const lines = [`GET ${path} HTTP/1.1`, `host: ${new URL(origin).host}`];
  for (const [name, value] of Object.entries(headers)) lines.push(`${name}: ${value}`);
  // Whatever an object is called or a token holds: it stays one request.
  if (/\s/.test(path) || lines.some((line) => /[\r\n\0]/.test(line))) throw new Error("malformed request");
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/** Passes over `100 Continue` and its like. */
async function receiveHead(receiver: Receiver): Promise<{ readonly head: ResponseHead; readonly rest: Uint8Array }> {
  let received = asBuffer(await receiver.take());
  for (;;) {
    const head = parseHead(received);
    if (head === undefined) {
      // Asking for the next piece ends the loan of this one.
      const start = Buffer.from(received);
      received = Buffer.concat([start, await receiver.take()]);
    } else if (head.status >= 200) return { head, rest: received.subarray(head.bodyStart) };
    else received = received.subarray(head.bodyStart);
  }
}

async function* receiveBody(
  receiver: Receiver,
  head: ResponseHead,
  length: number,
  rest: Uint8Array,
): AsyncGenerator<Uint8Array> {
  let missing = length;
  let isWhole = false;
  try {
    for (let piece = rest; ; piece = await receiver.take()) {
      if (piece.length > missing) throw new Error("the answer is longer than it said");
      missing -= piece.length;
      isWhole = missing === 0;
      if (piece.length > 0) yield piece;
      if (isWhole) return;
    }
  } finally {
    receiver.release(isWhole && head.keepsAlive);
  }
}

function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
