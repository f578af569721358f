import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { setTimeout as wait } from "node:timers/promises";
import type { FaultAction, Faults } from "../control/faults";
import type { RequestLog } from "../control/request-log";
import { accountsOf } from "../services/iam/account-record";
import type { World } from "../state/world";
import type { Incoming } from "./call";
import type { Answer, Dispatcher } from "./dispatcher";
import { errorBody, GoogleError } from "./errors";
import { isForeign, isLoopbackHost, originOf } from "./origin";
import { bearerOf, invalidCredentials, principalOf } from "./principal";
import { send } from "./send";
import type { Principal, Reply } from "./service";

/** Settings that the control interface may change while the sandbox runs. */
export interface FrontSettings {
  /** Delay before each answer. */
  latencyMs: number;
}

/** Takes requests from the network: names the caller, applies faults, keeps the log, and commits before it answers. */
export class Front {
  constructor(
    private readonly world: World,
    private readonly dispatcher: Dispatcher,
    private readonly faults: Faults,
    private readonly log: RequestLog,
    readonly settings: FrontSettings,
  ) {}

  /** `fallback` is who calls when a request names nobody. */
  async handle(request: IncomingMessage, response: ServerResponse, fallback: Principal): Promise<void> {
    const started = performance.now();
    const { path, query, search } = target(request);
    const method = methodOf(request);
    if (isOwn(path)) {
      // Node leaves out the body of an answer to HEAD.
      const asked = method === "HEAD" ? "GET" : method;
      await this.plain(request, response, this.incoming(request, asked, path, query, fallback));
      return;
    }
    const record = (route: string, status: number, principal: Principal, fault?: string) =>
      this.log.add({
        time: this.world.clock.timestamp(),
        method,
        path,
        query: search.slice(1),
        route,
        principal,
        status,
        requestBytes: Number(request.headers["content-length"] ?? 0),
        milliseconds: Math.round((performance.now() - started) * 10) / 10,
        ...(fault === undefined ? {} : { fault }),
      });
    let principal: Principal;
    try {
      principal = this.identify(request.headers, query, fallback);
      const isReading = method === "GET" || method === "HEAD";
      if (isForeign(request) && bearerOf(request.headers) === undefined && !(isReading && principal === undefined)) {
        const whom = principal ?? "allUsers";
        throw new GoogleError(403, "forbidden", `A page of another origin may read as allUsers, not act as ${whom}.`);
      }
    } catch (error) {
      record("(refused)", error instanceof GoogleError ? error.status : 500, undefined);
      await refuse(response, error);
      return;
    }
    const incoming = this.incoming(request, method, path, query, principal);
    const fault = this.faults.strike(method, path + search, principal);
    await this.perform(request, response, incoming, fault?.action ?? {}, (route, status) =>
      record(route, status, principal, fault?.id),
    );
  }

  /** One of the requests in a batch, called by whom its own headers name, or else by the caller of the batch. */
  async part(incoming: Incoming): Promise<Reply> {
    try {
      // Of the batch nobody has asked what is asked of each request to these: whether another site sent it.
      if (isOwn(incoming.path)) throw new GoogleError(403, "forbidden", "A batch can't control the sandbox.");
      const principal = this.identify(incoming.headers, incoming.query, incoming.principal);
      return (await this.dispatcher.answer({ ...incoming, principal })).reply;
    } catch (error) {
      return refusal(error);
    }
  }

  /** `record` is called before the answer goes out, so that whoever got it finds it in the log. Status 0: none was sent. */
  private async perform(
    request: IncomingMessage,
    response: ServerResponse,
    incoming: Incoming,
    action: FaultAction,
    record: (route: string, status: number) => void,
  ): Promise<void> {
    const delay = this.settings.latencyMs + (action.latencyMs ?? 0);
    if (delay > 0) await wait(delay, undefined, { ref: false });
    if (action.stall === true) {
      record("(stalled)", 0);
      return;
    }
    if (action.reset === "before") {
      record("(reset)", 0);
      request.socket.resetAndDestroy();
      return;
    }
    if (action.status !== undefined) {
      record("(fault)", action.status);
      await send(response, faultReply(action.status, action));
      return;
    }
    const { route, reply } = await this.answer(incoming);
    // An object opened in a browser is a page of the console's own origin; it gets an origin of its own instead.
    if (request.headers["sec-fetch-mode"] === "navigate") response.setHeader("content-security-policy", "sandbox");
    if (action.reset === "after") {
      if (reply.body instanceof Readable) reply.body.destroy();
      record(route, 0);
      request.socket.resetAndDestroy();
      return;
    }
    const isDamaged = action.truncateAfterBytes !== undefined || action.corruptByteAt !== undefined;
    record(route, reply.status);
    await send(response, reply, isDamaged ? action : undefined);
  }

  /** The control interface and the console: no faults, no log. */
  private async plain(request: IncomingMessage, response: ServerResponse, incoming: Incoming): Promise<void> {
    if (!isLoopbackHost(request) || isForeign(request)) {
      await refuse(
        response,
        new GoogleError(403, "forbidden", "The sandbox is controlled through its loopback address."),
      );
      return;
    }
    await send(response, (await this.answer(incoming)).reply);
  }

  /** Google takes no token of a service account that is disabled. */
  private identify(headers: IncomingHttpHeaders, query: URLSearchParams, fallback: Principal): Principal {
    const principal = principalOf(headers, query, this.world.clock.now(), fallback);
    const [, email = ""] = /^serviceAccount:(.+)$/.exec(principal ?? "") ?? [];
    if (accountsOf(this.world).get(email.toLowerCase())?.disabled === true) throw invalidCredentials();
    return principal;
  }

  private async answer(incoming: Incoming): Promise<Answer> {
    try {
      const answer = await this.dispatcher.answer(incoming);
      this.world.store.commit();
      return answer;
    } catch (error) {
      this.world.store.commit();
      // The client hung up while its body was read: nobody waits for the answer, and it is no fault of ours.
      if (incoming.stream.errored !== null) return { route: "(broken off)", reply: { status: 499 } };
      const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
      process.stderr.write(`sandbox: ${incoming.method} ${incoming.path}: internal error: ${text}\n`);
      const shown = new GoogleError(500, "backendError", `Internal error of the sandbox: ${String(error)}`);
      return { route: "(internal error)", reply: { status: 500, body: errorBody(shown, "rpc") } };
    }
  }

  private incoming(
    request: IncomingMessage,
    method: string,
    path: string,
    query: URLSearchParams,
    principal: Principal,
  ): Incoming {
    return { method, path, query, headers: request.headers, principal, origin: originOf(request), stream: request };
  }
}

function target(request: IncomingMessage) {
  // Clients that take the sandbox for a proxy send the whole URL.
  const url = (request.url ?? "/").replace(/^https?:\/\/[^/]+/, "");
  const mark = url.indexOf("?");
  const path = mark === -1 ? url : url.slice(0, mark);
  const search = mark === -1 ? "" : url.slice(mark);
  return { path, search, query: new URLSearchParams(search) };
}

function methodOf(request: IncomingMessage): string {
  const override = request.headers["x-http-method-override"];
  return typeof override === "string" ? override.toUpperCase() : (request.method ?? "GET");
}

function isOwn(path: string): boolean {
  return path === "/" || path.startsWith("/sandbox/");
}

function faultReply(status: number, { body, headers = {} }: FaultAction) {
  const shown = errorBody(new GoogleError(status, "faultOnDemand", "A fault that the sandbox was asked for."), "rpc");
  return {
    status,
    headers,
    body: typeof body === "string" || (typeof body === "object" && body !== null) ? body : shown,
  };
}

async function refuse(response: ServerResponse, error: unknown): Promise<void> {
  await send(response, refusal(error));
}

function refusal(error: unknown): Reply {
  if (!(error instanceof GoogleError)) throw error;
  return { status: error.status, headers: error.headers, body: errorBody(error, "rpc") };
}
