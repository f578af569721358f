import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { World } from "../state/world";
import type { ErrorStyle } from "./errors";

/*
 * How a Google service is written for the sandbox:
 *
 *   export function serviceUsage(world: World): Service {
 *     const enabled = world.store.collection<EnabledService>("serviceUsage.services");
 *     return {
 *       name: "serviceusage",
 *       prefix: "/service-usage",
 *       routes: [
 *         get("/v1/projects/{project}/services", async (call) => {
 *           const project = call.param("project");
 *           world.access.require(call.principal, "serviceusage.services.list", `projects/${project}`);
 *           return json({ services: enabled.values(`${project}/`) });
 *         }),
 *         post("/v1/projects/{project}/services/{service}:enable", async (call) => {
 *           enabled.put(`${call.param("project")}/${call.param("service")}`, { state: "ENABLED" });
 *           return json({ name: "operations/acat.p2-1", done: true });
 *         }),
 *       ],
 *     };
 *   }
 *
 * and added to sandbox/service-list.ts. What a handler puts into the store is on disk before its answer is sent.
 * Between two `await`s a handler runs alone, so "look, decide, write" without an `await` in between is atomic.
 */

/** An IAM member such as `user:alice@example.org`; undefined is the anonymous caller. */
export type Principal = string | undefined;

/** One request as a handler sees it. */
export interface Call {
  readonly method: string;

  /** Path below the service's prefix, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly principal: Principal;

  /** `http://127.0.0.1:PORT` as the client addressed it, for links in answers. */
  readonly origin: string;

  /** The body as it arrives, for handlers that don't want it in memory. Read it once, by this or by `body` or `json`. */
  readonly stream: Readable;

  /** A part of the path that the route's pattern names, percent-decoded. */
  param(name: string): string;

  /** The whole body. Only for bodies known to be small. */
  body(): Promise<Buffer>;

  /** The body as a JSON object (`{}` if there is none); anything else is a 400. The shape is the caller's claim. */
  json<T extends object = Record<string, unknown>>(): Promise<Partial<T>>;
}

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;

  /** An object is sent as JSON; a string or buffer as is; a stream needs a content-length in `headers` or is chunked. */
  readonly body?: object | string | Buffer | Readable;
}

export type Handler = (call: Call) => Promise<Reply>;

export interface Route {
  readonly method: string;

  /**
   * Path below the prefix. `{name}` is one segment, `{name+}` one or more with their slashes, and `:verb` at the end is
   * literal. Routes with a verb are tried first, the others in the order in which they are listed.
   */
  readonly pattern: string;
  readonly handler: Handler;
}

export interface Service {
  /** Google's name of the API, e.g. `serviceusage`. */
  readonly name: string;

  /** First part of the path, e.g. `/service-usage`, or "". Services may share one; the first with a fitting route answers. */
  readonly prefix: string;
  readonly routes: readonly Route[];

  /** @default - "rpc" */
  readonly errors?: ErrorStyle;

  /** Does what falls due by the clock. Called when the clock was moved, and once an hour. */
  readonly timePassed?: () => void;
}

/** Makes a service over the sandbox's state. */
export type ServiceFactory = (world: World) => Service;

export function get(pattern: string, handler: Handler): Route {
  return { method: "GET", pattern, handler };
}

export function post(pattern: string, handler: Handler): Route {
  return { method: "POST", pattern, handler };
}

export function put(pattern: string, handler: Handler): Route {
  return { method: "PUT", pattern, handler };
}

export function patch(pattern: string, handler: Handler): Route {
  return { method: "PATCH", pattern, handler };
}

export function del(pattern: string, handler: Handler): Route {
  return { method: "DELETE", pattern, handler };
}

export function json(body: object, status = 200): Reply {
  return { status, body };
}

export function noContent(): Reply {
  return { status: 204 };
}
