import { mkdtempSync, rmSync } from "node:fs";
import type { Http2Server } from "node:http2";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createIdentity } from "./certificate";
import type { Provider } from "./provider";

/** Published by Terraform: not a secret, a check that nobody starts a plugin by hand by mistake. */
export const COOKIE_NAME = "TF_PLUGIN_MAGIC_COOKIE";
export const COOKIE = "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2";

const CORE_PROTOCOL = 1;
const TERRAFORM_PROTOCOL = 6;

/** Terraform waits this long for a plugin to start; a plugin that nobody called by then was orphaned at birth. */
const FIRST_CALL_MS = 60_000;

/** How often a plugin looks whether the Terraform that started it still lives. */
const PARENT_CHECK_MS = 500;

/** What a provider is served as. */
export interface PluginOptions {
  /** The provider's address, e.g. `registry.terraform.io/hashicorp/google`: where a debugged one is attached. */
  readonly address: string;

  /** Makes the provider of one connection. */
  readonly createProvider: () => Provider;
}

/** Terraform reads from it which providers run already. */
const ATTACH_VARIABLE = "TF_REATTACH_PROVIDERS";

/** Of HashiCorp's own plugin libraries: started by hand with it, a provider stays and says how to attach Terraform. */
const DEBUG_FLAG = "--debug";

/**
 * Serves a provider to the Terraform that started this process, and ends the process when Terraform is done. With
 * `--debug` it serves every Terraform that attaches to it, until it is stopped.
 */
export function servePlugin(options: PluginOptions): void {
  if (process.argv.includes(DEBUG_FLAG)) {
    serveForDebugging(options);
    return;
  }
  if (process.env[COOKIE_NAME] !== COOKIE) {
    process.stderr.write(
      `This is a Terraform provider. Terraform starts it; it does nothing when run by hand, except with ${DEBUG_FLAG}.\n`,
    );
    process.exit(1);
  }
  const offered = (process.env.PLUGIN_PROTOCOL_VERSIONS ?? String(TERRAFORM_PROTOCOL)).split(",");
  if (!offered.includes(String(TERRAFORM_PROTOCOL))) {
    process.stderr.write(`This provider needs plugin protocol ${TERRAFORM_PROTOCOL}; Terraform offers ${offered}.\n`);
    process.exit(1);
  }
  const socket = makeSocketPath();
  endWithParent();
  // Ctrl-C reaches the whole group; Terraform decides what it means.
  process.on("SIGINT", () => {});
  const clientCertificate = process.env.TF_DISABLE_PLUGIN_TLS ? undefined : process.env.PLUGIN_CLIENT_CERT;
  const secret = clientCertificate ? { identity: createIdentity(), clientCertificate } : undefined;
  const orphaned = setTimeout(() => process.exit(1), FIRST_CALL_MS);
  let server: Http2Server | undefined;

  function serve(): Http2Server {
    // After the handshake, which Terraform waits for and which needs neither HTTP/2 nor the calls.
    server ??= pluginServer().createPluginServer(options.createProvider, secret, () => clearTimeout(orphaned));
    return server;
  }

  const listener = createServer((connection) => void serve().emit("connection", connection));
  listener.on("error", (error) => giveUp(error.message));
  listener.listen(socket, () => {
    // Terraform decodes base64 without padding.
    const certificate = secret?.identity.certificate.toString("base64").replace(/=+$/, "") ?? "";
    process.stdout.write(`${CORE_PROTOCOL}|${TERRAFORM_PROTOCOL}|unix|${socket}|grpc|${certificate}\n`);
    setImmediate(serve);
  });
}

/**
 * Ends the process when its parent is gone. The loss of the last connection tells the same, sooner, but not always: a session
 * whose peer dies while it still has something to write is never closed by Node.
 */
function endWithParent(): void {
  const parent = process.ppid;
  const check = () => process.ppid !== parent && process.exit(0);
  setInterval(check, PARENT_CHECK_MS).unref();
}

function pluginServer(): typeof import("./plugin-server") {
  // biome-ignore lint/style/noCommonJs: its callers do not wait, as for import().
  return require("./plugin-server");
}

/** Terraform attaches without TLS, to a socket in a folder that only its owner may enter, and never ends the process. */
function serveForDebugging(options: PluginOptions): void {
  const socket = makeSocketPath();
  process.on("SIGINT", () => process.exit(0));
  pluginServer()
    .createDebugServer(options.createProvider)
    .listen(socket, () => {
      const attached = {
        Protocol: "grpc",
        ProtocolVersion: TERRAFORM_PROTOCOL,
        Pid: process.pid,
        Test: true,
        Addr: { Network: "unix", String: socket },
      };
      process.stdout.write(`${ATTACH_VARIABLE}='${JSON.stringify({ [options.address]: attached })}'\n`);
    });
}

/** What the shortest `sun_path` holds (macOS: 104 with its end); Node cuts off the rest without a word. */
const MAX_SOCKET_PATH_BYTES = 103;

/** In a folder of its own, which goes with the process; in /tmp where the usual place can't be used or has too long a name. */
function makeSocketPath(): string {
  const places = [...new Set([process.env.PLUGIN_UNIX_SOCKET_DIR || tmpdir(), "/tmp"])];
  const folder = places.reduce<string | undefined>(
    (made, place) => made ?? makeFolder(join(place, "plugin-")),
    undefined,
  );
  if (folder === undefined) {
    return giveUp(`its socket needs a folder in ${places.join(" or ")}. Set TMPDIR to a folder that can be written.`);
  }
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  for (const signal of ["SIGTERM", "SIGHUP"] as const) process.on(signal, () => process.exit(0));
  return join(folder, "plugin.sock");
}

function makeFolder(prefix: string): string | undefined {
  if (Buffer.byteLength(`${prefix}XXXXXX/plugin.sock`) > MAX_SOCKET_PATH_BYTES) return undefined;
  try {
    return mkdtempSync(prefix);
  } catch {
    return undefined;
  }
}

/** Of a plugin that does not start Terraform shows the first line on stdout, and what is on stderr in its log alone. */
function giveUp(reason: string): never {
  process.stdout.write(`The provider can not start: ${reason}\n`);
  process.exit(1);
}
