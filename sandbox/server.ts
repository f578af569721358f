import { mkdtempSync, rmSync } from "node:fs";
import type { RequestListener } from "node:http";
import { isIPv4 } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { writeBotoConfig } from "./boto-config";
import { controlService } from "./control/control-service";
import { Faults } from "./control/faults";
import { type Listener, Listeners } from "./control/listeners";
import { RequestLog } from "./control/request-log";
import { clientEnvironment } from "./env";
import { batchService } from "./http/batch";
import { Dispatcher } from "./http/dispatcher";
import { Front } from "./http/front";
import { memberOf } from "./http/principal";
import type { Principal } from "./http/service";
import { Access } from "./iam/access";
import { services } from "./service-list";
import { Clock } from "./state/clock";
import { FolderLock } from "./state/folder-lock";
import { Store } from "./state/store";
import type { World } from "./state/world";
import { storageServices } from "./storage/storage-service";
import { StorageState } from "./storage/storage-state";

export interface SandboxOptions {
  /** @default - a free port */
  readonly port?: number;

  /** A loopback address. @default - 127.0.0.1 */
  readonly host?: string;

  /** State folder. @default - a temporary folder, deleted on close */
  readonly state?: string;

  /** The principal that may do everything. @default - user:owner@example.org */
  readonly owner?: string;

  /** Who calls when a request names nobody. @default - anonymous */
  readonly as?: string;
}

export interface RunningSandbox {
  /** `http://127.0.0.1:PORT`, without a slash at the end. */
  readonly url: string;
  readonly port: number;

  /** The state folder. */
  readonly folder: string;

  /** Every variable a client needs to work against this sandbox and nothing else, as its owner. */
  readonly env: Record<string, string>;

  /** Stops listening and leaves the state complete on disk. */
  close(): Promise<void>;
}

export const DEFAULT_OWNER = "user:owner@example.org";

/** Starts a sandbox in this process. Many can run side by side, each on its own port and folder. */
export async function startSandbox(options: SandboxOptions = {}): Promise<RunningSandbox> {
  const host = loopback(options.host ?? "127.0.0.1");
  const owner = principal("owner", options.owner ?? DEFAULT_OWNER);
  const caller = options.as === undefined ? undefined : principal("as", options.as);
  const folder = resolve(options.state ?? mkdtempSync(join(tmpdir(), "artifacts-sandbox-")));
  const lock = new FolderLock(folder);
  try {
    return await run({ ...options, host, owner }, caller, folder, lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

async function run(
  { port = 0, host, owner, state }: SandboxOptions & { readonly host: string; readonly owner: string },
  caller: Principal,
  folder: string,
  lock: FolderLock,
): Promise<RunningSandbox> {
  const store = new Store(folder);
  const clock = new Clock(store.collection("clock"));
  const world: World = { store, clock, access: new Access(store, owner, () => clock.now()), owner, folder };
  const faults = new Faults();
  const log = new RequestLog();
  const settings = { latencyMs: 0 };
  const storage = new StorageState(world);
  const google = [...services.map((make) => make(world)), ...storageServices(storage)];
  const timePassed = () => {
    for (const service of google) service.timePassed?.();
    store.commit();
  };
  const control = controlService({ storage, faults, log, settings, listeners: () => listeners, timePassed });
  const batch = batchService((incoming) => front.part(incoming));
  const dispatcher = new Dispatcher([control, batch, ...google]);
  const front = new Front(world, dispatcher, faults, log, settings);
  const listeners = new Listeners(host, (fallback) => serve(front, fallback));
  timePassed();
  const hourly = setInterval(timePassed, 3_600_000).unref();
  const { url, port: bound } = await listeners.open(port, caller);
  // Clients that can't be given a token: their port says who they are. gsutil speaks https only.
  const secure = await listeners.open(0, caller ?? owner, "https");
  const emulator = await reopen(listeners, store, caller ?? owner);
  return {
    url,
    port: bound,
    folder,
    env: {
      ...clientEnvironment(url, emulator.url, owner, writeBotoConfig(folder, secure.port)),
      ARTIFACTS_SANDBOX_STATE: folder,
      // Results of hashing are of use to this estate only, and go with it.
      ARTIFACTS_CACHE_DIR: join(folder, "hashes"),
    },
    async close() {
      clearInterval(hourly);
      await listeners.close();
      store.close();
      lock.release();
      if (state === undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** On the port of last time, if it is still free: shells keep what they were told before a restart. */
async function reopen(listeners: Listeners, store: Store, principal: Principal): Promise<Listener> {
  const ports = store.collection<number>("emulatorPort");
  const before = ports.get("port") ?? 0;
  const opened = await listeners.open(before, principal).catch(() => listeners.open(0, principal));
  ports.put("port", opened.port);
  store.commit();
  return opened;
}

function serve(front: Front, fallback: Principal): RequestListener {
  return (request, response) => {
    front.handle(request, response, fallback).catch((error: unknown) => {
      // Connections that break off while a body is read or sent end here; so would a bug in the front itself.
      if (!request.socket.destroyed)
        process.stderr.write(`sandbox: ${request.method} ${request.url}: ${String(error)}\n`);
      response.destroy();
    });
  };
}

function loopback(host: string): string {
  if (host === "localhost") return "127.0.0.1";
  if (host === "::1" || (isIPv4(host) && host.startsWith("127."))) return host;
  throw new Error(
    `host: ${host} is not a loopback address. The sandbox believes every token it is shown, so it listens on 127.0.0.1 only`,
  );
}

function principal(option: string, name: string): string {
  const member = memberOf(name);
  if (member !== undefined) return member;
  throw new Error(`${option}: "${name}" is not a principal. Give an IAM member such as user:alice@example.org`);
}
