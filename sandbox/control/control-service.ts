import { googleError } from "../http/errors";
import type { FrontSettings } from "../http/front";
import { memberOf } from "../http/principal";
import { type Call, del, get, json, noContent, patch, post, type Service } from "../http/service";
import { readBody } from "../services/request-body";
import type { World } from "../state/world";
import type { StorageState } from "../storage/storage-state";
import { checkKeys, checkLatency, checkWhole } from "./checks";
import { FAULT, type FaultSpec, type Faults } from "./faults";
import type { Listeners } from "./listeners";
import type { RequestLog } from "./request-log";
import { seed } from "./seed";
import { summary } from "./summary";

/** What the control interface controls. */
export interface Controlled {
  readonly storage: StorageState;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly settings: FrontSettings;
  readonly listeners: () => Listeners;

  /** Called when the clock was moved, so that what fell due happens. */
  readonly timePassed: () => void;
}

/** `/sandbox/v1`: the sandbox's own interface, for tests, demonstrations and the console. It asks for no credentials. */
export function controlService(controlled: Controlled): Service {
  return {
    name: "sandbox",
    prefix: "/sandbox",
    routes: [
      ...faultRoutes(controlled.faults),
      ...requestRoutes(controlled.log),
      ...clockRoutes(controlled.storage.world, controlled.timePassed),
      ...listenerRoutes(controlled),
      get("/v1/state", async () => json({ ...summary(controlled.storage), listeners: controlled.listeners().list() })),
      post("/v1/seed", async (call) => json(await seed(controlled.storage, call))),
      get("/v1/settings", async () => json({ ...controlled.settings })),
      patch("/v1/settings", async (call) => {
        const wanted = await readBody<FrontSettings>(call, SETTINGS);
        checkKeys("settings: ", wanted, Object.keys(SETTINGS));
        const { latencyMs } = wanted;
        if (latencyMs !== undefined) {
          checkLatency("latencyMs", latencyMs);
          controlled.settings.latencyMs = latencyMs;
        }
        return json({ ...controlled.settings });
      }),
    ],
  };
}

function faultRoutes(faults: Faults) {
  return [
    get("/v1/faults", async () => json({ faults: faults.list() })),
    post("/v1/faults", async (call) => {
      const { match, action, ...rest } = await readBody<FaultSpec>(call, FAULT);
      if (action === undefined) throw invalid("action: missing. Say what is to happen");
      return json({ id: faults.add({ ...rest, ...(match === undefined ? {} : { match }), action }) });
    }),
    del("/v1/faults", async () => {
      faults.clear();
      return noContent();
    }),
    del("/v1/faults/{id}", async (call) => {
      if (faults.remove(call.param("id"))) return noContent();
      throw googleError(404, "notFound", `There is no fault ${call.param("id")}.`);
    }),
  ];
}

function requestRoutes(log: RequestLog) {
  return [
    get("/v1/requests", async (call) =>
      json({
        counts: log.countByRoute(),
        requestBytes: log.bytesByRoute(),
        requests: log.list(Number(call.query.get("limit") ?? 2000)),
      }),
    ),
    del("/v1/requests", async () => {
      log.reset();
      return noContent();
    }),
  ];
}

const SETTINGS = { latencyMs: "number" } as const;

/** Generations count from 1970; RFC 3339 has four digits for the year. */
const FIRST_TIME = 0;
const LAST_TIME = Date.parse("9999-12-31T23:59:59Z");

const CLOCK = { advanceSeconds: "number", set: "text" } as const;

function clockRoutes(world: World, timePassed: () => void) {
  return [
    get("/v1/clock", async () => json({ now: world.clock.timestamp() })),
    post("/v1/clock", async (call) => {
      const wanted = await readBody<{ advanceSeconds: number; set: string }>(call, CLOCK);
      checkKeys("clock: ", wanted, Object.keys(CLOCK));
      const { advanceSeconds, set } = wanted;
      const time = set === undefined ? undefined : requireTime(set);
      if (advanceSeconds !== undefined) {
        checkTime("advanceSeconds", advanceSeconds, world.clock.now() + advanceSeconds * 1000);
        world.clock.advance(advanceSeconds);
      }
      if (time !== undefined) world.clock.set(time);
      timePassed();
      return json({ now: world.clock.timestamp() });
    }),
  ];
}

function listenerRoutes({ listeners }: Controlled) {
  return [
    get("/v1/listeners", async () => json({ listeners: listeners().list() })),
    post("/v1/listeners", async (call) => {
      const wanted = await readBody<ListenerRequest>(call, LISTENER);
      checkKeys("listener: ", wanted, Object.keys(LISTENER));
      const { port = 0, principal, scheme = "http" } = wanted;
      if (scheme !== "http" && scheme !== "https") throw invalid(`scheme: "${scheme}". It is "http" or "https"`);
      checkWhole("port", port, 0, 65535);
      return json(await listeners().open(port, requirePrincipal(principal, call), scheme));
    }),
  ];
}

const LISTENER = { port: "number", principal: "text", scheme: "text" } as const;

interface ListenerRequest {
  readonly port: number;
  readonly principal: string;
  readonly scheme: "http" | "https";
}

function requirePrincipal(name: string | undefined, call: Call): string {
  const member = name === undefined ? undefined : memberOf(name);
  if (member !== undefined) return member;
  throw invalid(
    `principal: ${JSON.stringify(name)} in ${call.path}. Give an IAM member such as user:alice@example.org`,
  );
}

function requireTime(text: string): number {
  const time = Date.parse(text);
  if (Number.isNaN(time)) throw invalid(`set: ${JSON.stringify(text)}. Give a time such as 2026-01-31T12:00:00Z`);
  checkTime("set", text, time);
  return time;
}

function checkTime(name: string, given: unknown, time: number): void {
  if (time >= FIRST_TIME && time <= LAST_TIME) return;
  throw invalid(`${name}: ${JSON.stringify(given)} leads out of the years 1970 to 9999`);
}

function invalid(message: string) {
  return googleError(400, "invalid", message);
}
