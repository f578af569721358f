import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to one request: nothing, a refusal, or a lost connection before or after the server has done its work. */
export type Fault = "reset-before" | "reset-after" | { readonly status: number; readonly retryAfter?: number };

export interface Seen {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
}

/** A proxy in front of a real server that breaks the requests it is asked to break. */
export interface CuttingProxy {
  readonly url: string;
  readonly seen: readonly Seen[];

  /** Breaks the next request that `matches`; several calls queue up. */
  breakNext(fault: Fault, matches: (seen: Seen) => boolean): void;
  close(): Promise<void>;
}

export async function startCuttingProxy(target: string): Promise<CuttingProxy> {
  const seen: Seen[] = [];
  const faults: { fault: Fault; matches: (seen: Seen) => boolean }[] = [];

  function handle(incoming: IncomingMessage, outgoing: ServerResponse): void {
    const call = { method: incoming.method ?? "", path: incoming.url ?? "", headers: incoming.headers };
    seen.push(call);
    const index = faults.findIndex(({ matches }) => matches(call));
    const fault = index < 0 ? undefined : faults.splice(index, 1)[0]?.fault;
    if (fault === "reset-before") {
      incoming.socket.destroy();
      return;
    }
    if (typeof fault === "object") {
      incoming.resume();
      outgoing.writeHead(
        fault.status,
        fault.retryAfter === undefined ? {} : { "retry-after": String(fault.retryAfter) },
      );
      outgoing.end();
      return;
    }
    const onward = request(target + call.path, { method: call.method, headers: incoming.headers }, (answer) => {
      if (fault === "reset-after") {
        answer.resume();
        answer.once("end", () => incoming.socket.destroy());
        return;
      }
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => incoming.socket.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }

  const server = createServer(handle);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    breakNext: (fault, matches) => faults.push({ fault, matches }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
