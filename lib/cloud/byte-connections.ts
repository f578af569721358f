import { connect as connectPlain, isIP, type Socket } from "node:net";
import { connect as connectSecurely } from "node:tls";

interface Idle {
  readonly socket: Socket;

  /** Ends the watch over it. */
  readonly wake: () => void;
}

/** Connections that wait for the next request, per origin. */
const idle = new Map<string, Idle[]>();
const MAX_IDLE = 256;

/** Servers close what is idle after a few seconds or minutes; we do it before them. */
const IDLE_MS = 4000;

export interface Connection {
  readonly socket: Socket;

  /** It has served a request before, so the other side may have closed it meanwhile. */
  readonly isReused: boolean;
}

/** A connection to `origin` (`https://host:port`), one kept from before if there is any and a new one will not do. */
export function takeConnection(origin: string, kind: "any" | "new" = "any"): Connection {
  const kept = kind === "any" ? idle.get(origin)?.pop() : undefined;
  if (kept === undefined) return { socket: open(origin), isReused: false };
  kept.wake();
  return { socket: kept.socket, isReused: true };
}

/** Keeps a connection for the next request to the same origin. It holds up nobody's exit. */
export function keepConnection(origin: string, socket: Socket): void {
  const kept = idle.get(origin) ?? [];
  idle.set(origin, kept);
  if (socket.destroyed || kept.length >= MAX_IDLE) {
    socket.destroy();
    return;
  }
  const drop = (): void => {
    const at = kept.indexOf(entry);
    if (at >= 0) kept.splice(at, 1);
    socket.destroy();
  };
  // Nothing was asked: whatever comes now belongs to no answer.
  const events = ["data", "end", "close", "timeout"] as const;
  for (const event of events) socket.on(event, drop);
  socket.setTimeout(IDLE_MS);
  socket.unref();
  const entry: Idle = {
    socket,
    wake() {
      for (const event of events) socket.off(event, drop);
      socket.setTimeout(0);
      socket.ref();
    },
  };
  kept.push(entry);
}

function open(origin: string): Socket {
  const { protocol, hostname, port } = new URL(origin);
  const host = hostname.replace(/^\[(.*)\]$/, "$1");
  const isSecure = protocol === "https:";
  const place = { host, port: port === "" ? (isSecure ? 443 : 80) : Number(port), noDelay: true };
  const socket = isSecure
    ? connectSecurely({ ...place, ALPNProtocols: ["http/1.1"], ...(isIP(host) === 0 && { servername: host }) })
    : connectPlain(place);
  // Whoever uses it listens as well; an error in between two users must not end the process.
  return socket.on("error", () => {});
}
