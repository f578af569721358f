import { googleError } from "../http/errors";
import { isHeader } from "../http/header";
import type { Principal } from "../http/service";
import { type Shape, TEXT_MAP } from "../services/request-body";
import { checkKeys, checkLatency, checkRange, checkWhole } from "./checks";

/** What to do to a request that a fault strikes. Several may stand together, e.g. `latencyMs` and `status`. */
export interface FaultAction {
  /** Answer with this instead of doing anything. */
  readonly status?: number;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;

  /** Wait so long before anything else. */
  readonly latencyMs?: number;

  /** Cut the connection: `before` anything happens, or `after` the effect, in place of the answer. */
  readonly reset?: "before" | "after";

  /** Send so many bytes of the answer's body, then cut the connection. */
  readonly truncateAfterBytes?: number;

  /** Send the answer's body with one wrong byte. */
  readonly corruptByteAt?: number;

  /** Take the request and never answer. */
  readonly stall?: boolean;
}

export interface FaultSpec {
  readonly match?: {
    readonly method?: string;

    /** Regular expression that must be found in the path with its query, as it was sent or with `%2F` and the like decoded. */
    readonly path?: string;
    readonly principal?: string;
  };

  /** Strike so many times, then never again. @default - always */
  readonly times?: number;

  /** Let so many matching requests pass first. */
  readonly skip?: number;

  /** Strike each nth matching request only. */
  readonly every?: number;

  /** Strike with this probability, from a generator with a fixed seed. */
  readonly probability?: number;
  readonly seed?: number;
  readonly action: FaultAction;
}

interface Fault {
  readonly id: string;
  readonly spec: FaultSpec;
  readonly path: RegExp;
  readonly random: () => number;
  matched: number;
  struck: number;
}

const MATCH = { method: "text", path: "text", principal: "text" } as const;

export const FAULT: Shape = {
  match: MATCH,
  times: "number",
  skip: "number",
  every: "number",
  probability: "number",
  seed: "number",
  action: {
    status: "number",
    headers: TEXT_MAP,
    latencyMs: "number",
    reset: "text",
    truncateAfterBytes: "number",
    corruptByteAt: "number",
    stall: "flag",
  },
};

const ACTIONS = ["status", "body", "headers", "latencyMs", "reset", "truncateAfterBytes", "corruptByteAt", "stall"];

/** Faults on demand: what tests and demonstrations want to go wrong. They last as long as the process. */
export class Faults {
  private faults: Fault[] = [];
  private nextId = 1;

  add(spec: FaultSpec): string {
    check(spec);
    const id = String(this.nextId++);
    const path = new RegExp(spec.match?.path ?? "");
    this.faults.push({ id, spec, path, random: generator(spec.seed ?? 1), matched: 0, struck: 0 });
    return id;
  }

  /** False if there is no fault of that id. */
  remove(id: string): boolean {
    const before = this.faults.length;
    this.faults = this.faults.filter((fault) => fault.id !== id);
    return this.faults.length < before;
  }

  clear(): void {
    this.faults = [];
  }

  list(): readonly object[] {
    return this.faults.map(({ id, spec, matched, struck }) => ({ id, ...spec, matched, struck }));
  }

  /** The action of the first fault that strikes this request. `target` is its path with its query. */
  strike(
    method: string,
    target: string,
    principal: Principal,
  ): { readonly id: string; readonly action: FaultAction } | undefined {
    for (const fault of this.faults) {
      const { match, times, skip = 0, every = 1, probability = 1, action } = fault.spec;
      if (match?.method !== undefined && match.method.toUpperCase() !== method) continue;
      if (match?.principal !== undefined && match.principal !== (principal ?? "anonymous")) continue;
      if (!fault.path.test(target) && !fault.path.test(decoded(target))) continue;
      fault.matched += 1;
      if (times !== undefined && fault.struck >= times) continue;
      if (fault.matched <= skip || (fault.matched - skip) % every !== 0) continue;
      if (probability < 1 && fault.random() >= probability) continue;
      fault.struck += 1;
      return { id: fault.id, action };
    }
    return undefined;
  }
}

function decoded(target: string): string {
  try {
    return decodeURIComponent(target);
  } catch {
    return target;
  }
}

function check({ match = {}, action, ...rest }: FaultSpec): void {
  const { times = 0, skip = 0, every = 1, probability = 1 } = rest;
  if (typeof action !== "object" || action === null) throw refusal("action: missing. Say what is to happen");
  checkKeys("fault: ", rest, ["times", "skip", "every", "probability", "seed"]);
  checkKeys("fault: match.", match, Object.keys(MATCH));
  checkKeys("fault: action.", action, ACTIONS);
  if (Object.keys(action).length === 0) throw refusal(`action: empty. Known are ${ACTIONS.join(", ")}`);
  if (action.reset !== undefined && action.reset !== "before" && action.reset !== "after") {
    throw refusal(`action.reset: "${action.reset}". It is "before" or "after" the effect`);
  }
  checkWhole("fault: times", times, 0);
  checkWhole("fault: skip", skip, 0);
  checkWhole("fault: every", every, 1);
  checkRange("fault: probability", probability, 0, 1);
  checkAction(action);
  try {
    new RegExp(match.path ?? "");
  } catch {
    throw refusal(`match.path: "${match.path}" is not a regular expression`);
  }
}

function checkAction({ status = 200, headers = {}, latencyMs = 0, ...damage }: FaultAction): void {
  checkWhole("fault: action.status", status, 200, 599);
  checkLatency("fault: action.latencyMs", latencyMs);
  checkWhole("fault: action.truncateAfterBytes", damage.truncateAfterBytes ?? 0, 0);
  checkWhole("fault: action.corruptByteAt", damage.corruptByteAt ?? 0, 0);
  const odd = Object.entries(headers).find(([name, value]) => !isHeader(name, value));
  if (odd !== undefined) throw refusal(`action.headers.${odd[0]}: ${JSON.stringify(odd[1])} can't be sent as a header`);
}

function refusal(message: string) {
  return googleError(400, "invalid", `fault: ${message}`);
}

/** A small pseudo-random generator (mulberry32), so that a run with faults can be repeated. */
function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
