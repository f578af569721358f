import { createServer, type RequestListener, type Server } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo } from "node:net";
import { createIdentity, toPem } from "../../lib/tfplugin/certificate";
import type { Principal } from "../http/service";

export interface Listener {
  readonly port: number;
  readonly url: string;

  /** Who calls here when a request names nobody. */
  readonly principal: Principal;
}

/**
 * The ports of one sandbox. Beside the first there can be one per principal: some clients never send credentials to a
 * server that is not Google's, so for them the port says who they are.
 */
export class Listeners {
  private readonly servers = new Map<number, { readonly server: Server; readonly listener: Listener }>();

  constructor(
    private readonly host: string,
    private readonly serve: (principal: Principal) => RequestListener,
  ) {}

  /** Port 0 takes a free one. With `https` the certificate is self-signed: for clients that speak nothing else. */
  async open(port: number, principal: Principal, scheme: "http" | "https" = "http"): Promise<Listener> {
    const server = scheme === "http" ? createServer(this.serve(principal)) : secure(this.serve(principal));
    // Uploads of many gigabytes take as long as they take.
    server.requestTimeout = 0;
    // Who closes an idle connection cuts the request that is on its way there just now, and no client may repeat a push.
    server.keepAliveTimeout = 0;
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, this.host, () => {
        server.off("error", reject);
        resolve();
      });
    });
    // A TCP server's address is never a string.
    const bound = (server.address() as AddressInfo).port;
    const host = this.host.includes(":") ? `[${this.host}]` : this.host;
    const listener = { port: bound, url: `${scheme}://${host}:${bound}`, principal };
    this.servers.set(bound, { server, listener });
    return listener;
  }

  list(): readonly Listener[] {
    return [...this.servers.values()].map(({ listener }) => listener);
  }

  /** Lets requests under way finish for a moment, then cuts them. */
  async close(): Promise<void> {
    const closing = [...this.servers.values()].map(
      ({ server }) =>
        new Promise<void>((resolve) => {
          server.close(() => resolve());
          server.closeIdleConnections();
          setTimeout(() => server.closeAllConnections(), 500).unref();
        }),
    );
    await Promise.all(closing);
    this.servers.clear();
  }
}

function secure(serve: RequestListener): Server {
  const { key, certificate } = createIdentity();
  return createSecureServer({ key: key.export({ type: "pkcs8", format: "pem" }), cert: toPem(certificate) }, serve);
}
