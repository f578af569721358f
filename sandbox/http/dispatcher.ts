import { type Incoming, makeCall } from "./call";
import { errorReply } from "./error-reply";
import { type ErrorStyle, GoogleError, googleError } from "./errors";
import { pickFields } from "./fields";
import { Router } from "./router";
import type { Reply, Service } from "./service";

interface Mounted {
  readonly prefix: string;
  readonly router: Router;
  readonly errors: ErrorStyle;
}

/** What was answered, and by which route, for the request log. */
export interface Answer {
  readonly reply: Reply;
  readonly route: string;
}

/** Brings a request to the service and handler that it is for. */
export class Dispatcher {
  private readonly mounted: readonly Mounted[];

  constructor(services: readonly Service[]) {
    this.mounted = services.map(({ prefix, routes, errors = "rpc" }) => ({
      prefix,
      router: new Router(prefix, routes),
      errors,
    }));
  }

  async answer(incoming: Incoming): Promise<Answer> {
    const path = fullPath(foldVersion(incoming.path));
    const method = incoming.method;
    let errors: ErrorStyle = "rpc";
    let route = `${method} (no route)`;
    try {
      const candidates = this.mounted.filter(({ prefix }) => isBelow(path, prefix));
      // What a service has no route for is an error of that service, not an object of a bucket of that name.
      const own = candidates.filter(({ prefix }) => prefix !== "");
      for (const service of own.length > 0 ? own : candidates) {
        errors = service.errors;
        const below = path.slice(service.prefix.length);
        const match = service.router.find(method, below);
        if (match === undefined) continue;
        route = match.route;
        const reply = await match.handler(makeCall(incoming, below, match.params));
        return { route, reply: partial(reply, incoming.query) };
      }
      throw googleError(
        404,
        "notFound",
        `The requested URL ${path} was not found on this server: ${method} has no route.`,
      );
    } catch (error) {
      if (!(error instanceof GoogleError)) throw error;
      const style = errors === "xml" && wantsJson(incoming) ? "rpc" : errors;
      return { route, reply: errorReply(error, style, incoming.query) };
    }
  }
}

/** A client of some API that the sandbox doesn't play ends up at the XML interface, whose answers it could not read. */
function wantsJson({ query, headers }: Incoming): boolean {
  const isJson = (header: string | undefined) => header?.startsWith("application/json") === true;
  return query.get("alt") === "json" || isJson(headers["content-type"]) || isJson(headers.accept);
}

/** Google's provider, pointed at plain http, asks some services for `/v1/v1/…`. */
function foldVersion(path: string): string {
  return path.replace(/\/(v\d)\/\1\//, "/$1/");
}

/** `@google-cloud/storage` leaves the API's own path out where STORAGE_EMULATOR_HOST is set. No bucket can be called `b`. */
function fullPath(path: string): string {
  return path === "/b" || path.startsWith("/b/") ? `/storage/v1${path}` : path;
}

function isBelow(path: string, prefix: string): boolean {
  return prefix === "" || (path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === "/"));
}

function partial(reply: Reply, query: URLSearchParams): Reply {
  const fields = query.get("fields");
  if (fields === null || fields === "" || reply.status >= 300) return reply;
  const { body } = reply;
  if (typeof body !== "object" || Buffer.isBuffer(body) || "pipe" in body) return reply;
  // A selection of an object is an object.
  return { ...reply, body: pickFields(body, fields) as object };
}
