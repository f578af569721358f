import { connect as connectPlain, isIP, type OnReadOpts, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";

const BUFFER_BYTES = 64 * 1024;

/** Buffers of one connection that are filled and not given back, at most, before the sender has to wait. */
const MAX_LENT = 4;

/** Takes what arrives. Each piece lies in memory of the connection, until it is given back. */
export interface Sink {
  add(piece: Uint8Array): void;
}

/**
 * A connection that reads into a few buffers of its own, over and over: a new buffer for every read costs more than the read,
 * and the garbage collector on top.
 */
export class Connection {
  readonly socket: Socket;

  /** Who takes what arrives; nobody, while the connection waits for its next request. */
  sink: Sink | undefined;
  private readonly free: Uint8Array[] = [];
  private lent = 0;
  private isStopped = false;

  /** Has served a request before, so the other side may have closed it meanwhile. */
  isReused = false;

  constructor(readonly origin: string) {
    this.socket = open(origin, {
      // Asked for after each read: what is lent must not be written over.
      buffer: () => this.free.pop() ?? new Uint8Array(BUFFER_BYTES),
      callback: (length, buffer) => this.received(buffer.subarray(0, length)),
    });
    // Whoever uses it listens as well; an error in between two users must not end the process.
    this.socket.on("error", () => {});
  }

  /** Ends the loan of a piece: its memory is filled again. */
  giveBack(piece: Uint8Array): void {
    this.free.push(new Uint8Array(piece.buffer as ArrayBuffer));
    this.lent -= 1;
    if (!this.isStopped || this.socket.destroyed) return;
    this.isStopped = false;
    this.socket.resume();
  }

  private received(piece: Uint8Array): boolean {
    // Nothing was asked: whatever comes now belongs to no answer.
    if (this.sink === undefined) this.socket.destroy();
    this.lent += 1;
    this.sink?.add(piece);
    this.isStopped = this.lent >= MAX_LENT;
    return !this.isStopped;
  }
}

/** Connections that wait for the next request, per origin. */
const idle = new Map<string, Set<Connection>>();
const MAX_IDLE = 256;

/** Servers close what is idle after a few seconds or minutes; we do it before them. */
const IDLE_MS = 4000;

/** A connection to `origin` (`https://host:port`), one kept from before if there is any and a new one is not asked for. */
export function takeConnection(origin: string, kind: "any" | "new" = "any"): Connection {
  const [kept] = kind === "any" ? (idle.get(origin) ?? []) : [];
  if (kept === undefined) return new Connection(origin);
  idle.get(origin)?.delete(kept);
  kept.socket.setTimeout(0);
  kept.socket.ref();
  return kept;
}

/** Keeps a connection for the next request to the same origin. It holds up nobody's exit. */
export function keepConnection(connection: Connection): void {
  const { origin, socket } = connection;
  const kept = idle.get(origin) ?? new Set();
  idle.set(origin, kept);
  connection.sink = undefined;
  if (socket.destroyed || kept.size >= MAX_IDLE) {
    socket.destroy();
    return;
  }
  if (!connection.isReused) {
    // Once for all of its life: what ends while it waits is no longer kept, what ends in use is not in the set.
    const drop = (): void => {
      if (kept.delete(connection)) socket.destroy();
    };
    for (const event of ["end", "close", "timeout"]) socket.on(event, drop);
  }
  connection.isReused = true;
  socket.setTimeout(IDLE_MS);
  socket.unref();
  kept.add(connection);
}

function open(origin: string, onread: OnReadOpts): Socket {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const isSecure = protocol === "https:";
  const place = { host, port: port === "" ? (isSecure ? 443 : 80) : Number(port), noDelay: true, onread };
  if (!isSecure) return connectPlain(place);
  return connectSecurely({ ...place, ALPNProtocols: ["http/1.1"], ...(isIP(host) === 0 && { servername: host }) });
}
