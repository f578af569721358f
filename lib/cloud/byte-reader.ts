import type { Socket } from "node:net";
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
  /** Exactly `contentLength` bytes, or an error. Each piece is the receiver's to keep. */
  readonly body: AsyncIterable<Uint8Array>;

  /** For an answer whose body is not wanted: closes the connection. */
  giveUp(): void;
}

/** Received and not yet taken, at most, before the sender has to wait. */
const MAX_QUEUED_BYTES = 256 * 1024;

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
  private readonly queue: Buffer[] = [];
  private queued = 0;
  private failure: Error | undefined;
  private wakeUp: (() => void) | undefined;
  private silence = { ms: 0, code: "" };
  private readonly listeners: readonly (readonly [event: string, listen: (told: never) => void])[] = [
    ["data", (piece: Buffer) => this.add(piece)],
    ["error", (error: Error) => this.fail(error)],
    ["end", () => this.fail(lost("the other side closed the connection"))],
    ["close", () => this.fail(lost("the connection was closed"))],
    ["timeout", () => this.checkSilence()],
  ];
  private readonly abort = (): void => this.fail(new Error("aborted", { cause: this.signal?.reason }));

  constructor(
    readonly socket: Socket,
    private readonly signal: AbortSignal | undefined,
  ) {
    for (const [event, listen] of this.listeners) socket.on(event, listen as (told: unknown) => void);
    signal?.addEventListener("abort", this.abort, { once: true });
  }

  /** From now on, silence for so long is a failure. */
  expectWithin(ms: number, code: string): void {
    this.silence = { ms, code };
    this.socket.setTimeout(ms);
  }

  /** The next piece. What arrived before a failure comes before it. */
  async take(): Promise<Buffer> {
    for (;;) {
      const piece = this.queue.shift();
      if (piece !== undefined) {
        this.queued -= piece.length;
        if (this.queued <= MAX_QUEUED_BYTES) this.socket.resume();
        return piece;
      }
      if (this.failure !== undefined) throw this.failure;
      await new Promise<void>((resolve) => {
        this.wakeUp = resolve;
      });
    }
  }

  /** The answer is over: gives the connection back, or closes it. */
  release(origin: string, isReusable: boolean): void {
    this.signal?.removeEventListener("abort", this.abort);
    const isClean = isReusable && this.failure === undefined && this.queue.length === 0;
    this.failure ??= lost("given up");
    for (const [event, listen] of this.listeners) this.socket.off(event, listen as (told: unknown) => void);
    if (isClean) keepConnection(origin, this.socket);
    else this.socket.destroy();
  }

  private add(piece: Buffer): void {
    this.queue.push(piece);
    this.queued += piece.length;
    if (this.queued > MAX_QUEUED_BYTES) this.socket.pause();
    this.wake();
  }

  /** It may be the receiver that is slow; then the other side has nothing to answer for. */
  private checkSilence(): void {
    if (this.queue.length > 0) this.socket.setTimeout(this.silence.ms);
    else this.fail(new TimeoutError(`nothing came for ${this.silence.ms / 1000} s`, this.silence.code));
  }

  private fail(error: Error): void {
    this.failure ??= error;
    this.socket.destroy();
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

async function exchange(request: ByteRequest, { socket }: Connection): Promise<ByteResponse | undefined> {
  const receiver = new Receiver(socket, request.signal);
  try {
    receiver.expectWithin(request.answerTimeoutMs, "UND_ERR_HEADERS_TIMEOUT");
    socket.write(requestHead(request));
    const { head, rest } = await receiveHead(receiver);
    if (head.contentLength === undefined) {
      receiver.release(request.origin, false);
      return undefined;
    }
    receiver.expectWithin(request.idleTimeoutMs, "UND_ERR_BODY_TIMEOUT");
    return {
      ...head,
      body: receiveBody(receiver, request.origin, head, head.contentLength, rest),
      giveUp: () => receiver.release(request.origin, false),
    };
  } catch (error) {
    receiver.release(request.origin, false);
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
async function receiveHead(receiver: Receiver): Promise<{ readonly head: ResponseHead; readonly rest: Buffer }> {
  let received = await receiver.take();
  for (;;) {
    const head = parseHead(received);
    if (head === undefined) received = Buffer.concat([received, await receiver.take()]);
    else if (head.status >= 200) return { head, rest: received.subarray(head.bodyStart) };
    else received = received.subarray(head.bodyStart);
  }
}

async function* receiveBody(
  receiver: Receiver,
  origin: string,
  head: ResponseHead,
  length: number,
  rest: Buffer,
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
    receiver.release(origin, isWhole && head.keepsAlive);
  }
}
