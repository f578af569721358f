import { mkdtempSync, rmSync } from "node:fs";
import { createSecureServer, createServer, type Http2Server } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity, toPem } from "./certificate";
import { type GrpcServices, grpcServerOptions, serveGrpc, type UnaryHandler } from "./grpc";
import { createHandlers, type Handlers } from "./handlers";
import type { Provider } from "./provider";
import { type CallName, calls } from "./wire";

/** Published by Terraform: not a secret, a check that nobody starts a plugin by hand by mistake. */
export const COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE";
export const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

const CORE_PROTOCOL = 1;
const TERRAFORM_PROTOCOL = 6;

/** Terraform waits this long for a plugin to start; a plugin that nobody called by then was orphaned at birth. */
const FIRST_CALL_MS = 60_000;

/** Serves `provider` to the Terraform that started this process, and ends the process when Terraform is done. */
export function servePlugin(provider: Provider): void {
  if (process.env[COOKIE_NAME] !== COOKIE) {
    process.stderr.write("This is a Terraform provider. Terraform starts it; it does nothing when run by hand.\n");
    process.exit(1);
  }
  const offered = (process.env.PLUGIN_PROTOCOL_VERSIONS ?? String(TERRAFORM_PROTOCOL)).split(",");
  if (!offered.includes(String(TERRAFORM_PROTOCOL))) {
    process.stderr.write(`This provider needs plugin protocol ${TERRAFORM_PROTOCOL}; Terraform offers ${offered}.\n`);
    process.exit(1);
  }
  const folder = mkdtempSync(join(process.env.PLUGIN_UNIX_SOCKET_DIR || tmpdir(), "plugin-"));
  endWithTerraform(folder);
  const { server, certificate } = createPluginServer(process.env);
  serveGrpc(server, pluginServices(createHandlers(provider)));
  endWithConnection(server);
  const socket = join(folder, "plugin.sock");
  server.listen(socket, () => {
    process.stdout.write(`${CORE_PROTOCOL}|${TERRAFORM_PROTOCOL}|unix|${socket}|grpc|${certificate}\n`);
  });
}

/** Mutual TLS with the certificate Terraform passed, or none where a debugging session switched it off. */
function createPluginServer(env: NodeJS.ProcessEnv): { readonly server: Http2Server; readonly certificate: string } {
  const clientCertificate = env.PLUGIN_CLIENT_CERT;
  if (env.TF_DISABLE_PLUGIN_TLS || !clientCertificate)
    return { server: createServer(grpcServerOptions), certificate: "" };
  const { key, certificate } = createIdentity();
  const server = createSecureServer({
    ...grpcServerOptions,
    key: key.export({ type: "pkcs8", format: "pem" }),
    cert: toPem(certificate),
    ca: clientCertificate,
    requestCert: true,
    rejectUnauthorized: true,
  });
  // Terraform decodes base64 without padding.
  return { server, certificate: certificate.toString("base64").replace(/=+$/, "") };
}

function pluginServices(handlers: Handlers): GrpcServices {
  const names = Object.keys(calls) as CallName[];
  return {
    unary: new Map<string, UnaryHandler>([
      ...names.map((name): [string, UnaryHandler] => [`/tfplugin6.Provider/${name}`, unary(name, handlers)]),
      ["/plugin.GRPCController/Shutdown", shutdown],
    ]),
    // go-plugin's channels for output and for further connections, of which there are none.
    silent: new Set(["/plugin.GRPCStdio/StreamStdio", "/plugin.GRPCBroker/StartStream"]),
  };
}

function unary<Name extends CallName>(name: Name, handlers: Handlers): UnaryHandler {
  const { request, response } = calls[name];
  const handler: Handlers[Name] = handlers[name];
  // The table pairs each name with its own messages, which the compiler can't follow through an index.
  return async (bytes) => response.encode((await handler(request.decode(bytes) as never)) as never);
}

/** Terraform kills a plugin that is still there two seconds after it asked it to go. */
async function shutdown(): Promise<Uint8Array> {
  setTimeout(() => process.exit(0), 20);
  return new Uint8Array();
}

/** The socket's folder goes with the process. Ctrl-C reaches the whole group; Terraform decides what it means. */
function endWithTerraform(folder: string): void {
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  process.on("SIGINT", () => {});
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
}

/** A Terraform that was killed says nothing; its connection closes. */
function endWithConnection(server: Http2Server): void {
  const orphaned = setTimeout(() => process.exit(1), FIRST_CALL_MS);
  let open = 0;
  server.on("session", (session) => {
    clearTimeout(orphaned);
    open += 1;
    session.on("error", () => {});
    session.once("close", () => {
      open -= 1;
      if (open === 0) process.exit(0);
    });
  });
}
