import { createSecureServer, createServer, type Http2Server } from "node:http2";
import { type Identity, toPem } from "./certificate";
import { grpcServerOptions, serveGrpc } from "./grpc";
import type { Provider } from "./provider";
import { pluginServices } from "./services";

/** What both sides of a connection prove to each other. */
export interface Secret {
  readonly identity: Identity;

  /** The one that Terraform passed, in PEM. */
  readonly clientCertificate: string;
}

/**
 * Answers the calls of the Terraform that started this process, with mutual TLS, or without where a debugging session switched
 * it off. Ends the process with the last connection: a Terraform that was killed says nothing.
 */
export function createPluginServer(
  createProvider: () => Provider,
  secret: Secret | undefined,
  onConnection: () => void,
): Http2Server {
  const server = secret === undefined ? createServer(grpcServerOptions) : secureServer(secret);
  serveGrpc(server, () => pluginServices(createProvider()));
  let open = 0;
  server.on("session", (session) => {
    onConnection();
    open += 1;
    session.on("error", () => {});
    session.once("close", () => {
      open -= 1;
      if (open === 0) process.exit(0);
    });
  });
  return server;
}

/** Answers every Terraform that attaches. */
export function createDebugServer(createProvider: () => Provider): Http2Server {
  const server = createServer(grpcServerOptions);
  serveGrpc(server, () => pluginServices(createProvider()));
  return server;
}

function secureServer({ identity: { key, certificate }, clientCertificate }: Secret): Http2Server {
  return createSecureServer({
    ...grpcServerOptions,
    key: key.export({ type: "pkcs8", format: "pem" }),
    cert: toPem(certificate),
    ca: clientCertificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
}
