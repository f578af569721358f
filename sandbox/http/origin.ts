import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";

/** `http://127.0.0.1:PORT` as the client addressed it. */
export function originOf({ headers: { host }, socket }: IncomingMessage): string {
  return `${socket instanceof TLSSocket ? "https" : "http"}://${host ?? `127.0.0.1:${socket.localPort}`}`;
}

/** A page of some other site, made to resolve to this machine, must not control the sandbox. */
export function isLoopbackHost({ headers: { host } }: IncomingMessage): boolean {
  return host === undefined || /^(127(\.\d+){3}|localhost|\[::1\])(:\d+)?$/.test(host);
}

/** Nor may a page of another origin, which browsers name with each request that could change something. */
export function isForeign(request: IncomingMessage): boolean {
  const { origin } = request.headers;
  return origin !== undefined && (origin !== originOf(request) || !isLoopbackHost(request));
}
