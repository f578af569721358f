import { setTimeout as wait } from "node:timers/promises";
import { ApiError, apiErrorOf } from "./api-error";
import { exchange, type HttpResponse } from "./http";
import type { Json, JsonObject } from "./json";
import type { Service, Session } from "./session";

export interface ApiRequest {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: Json;

  /** Instead of a JSON body: its bytes and their content type. */
  readonly raw?: { readonly type: string; readonly bytes: Buffer };
}

/** Waits before the second and further tries, as the real provider does at first; it goes on for minutes. */
const RETRY_AFTER_MS = [500, 1000, 1500, 2500, 4000];
const RETRIED = new Set([429, 500, 502, 503]);

/** Calls of Google's APIs for one operation of Terraform. */
export class Api {
  constructor(
    readonly session: Session,
    private readonly signal: AbortSignal,
  ) {}

  /** Calls `path` below the base of `service`. An answer without body is `{}`. */
  async call(service: Service, method: string, path: string, request: ApiRequest = {}): Promise<JsonObject> {
    return this.at(new URL(path, this.session.base(service)), method, request);
  }

  /** The same, but undefined for what is not there. */
  async find(service: Service, path: string, request: ApiRequest = {}): Promise<JsonObject | undefined> {
    return this.call(service, "GET", path, request).catch((error: unknown) => {
      if (error instanceof ApiError && error.status === 404) return undefined;
      throw error;
    });
  }

  /** Calls `path` on the host of `service`: uploads stand beside the API, not below it. */
  async onHost(service: Service, method: string, path: string, request: ApiRequest): Promise<JsonObject> {
    return this.at(new URL(path, new URL(this.session.base(service)).origin), method, request);
  }

  /** All elements of a list that comes in pages. */
  async list(service: Service, path: string, field: string, query: Readonly<Record<string, string>> = {}) {
    const elements: JsonObject[] = [];
    for (let token = ""; ; ) {
      const page = await this.call(service, "GET", path, {
        query: token === "" ? query : { ...query, pageToken: token },
      });
      elements.push(...((page[field] ?? []) as readonly JsonObject[]));
      token = String(page.nextPageToken ?? "");
      if (token === "") return elements;
    }
  }

  /** Waits for a long-running operation; an answer without `name`, or one that is done, needs no waiting. */
  async settled(service: Service, operation: JsonObject): Promise<JsonObject> {
    let current = operation;
    for (let pause = 20; current.name !== undefined && !isDone(current); pause = Math.min(pause * 2, 2000)) {
      current = { ...(await this.call(service, "GET", String(current.name))), name: current.name };
      if (!isDone(current)) await wait(pause, undefined, { signal: this.signal });
    }
    const failure = current.error as JsonObject | undefined;
    if (failure !== undefined) throw new Error(`${current.name}: ${failure.message} (code ${failure.code})`);
    return current;
  }

  private async at(url: URL, method: string, { query, body, raw }: ApiRequest): Promise<JsonObject> {
    for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, value);
    const bytes = raw?.bytes ?? (body === undefined ? undefined : Buffer.from(JSON.stringify(body)));
    const type = raw?.type ?? "application/json";
    const headers = { ...this.session.headers(), accept: "application/json", "content-type": type };
    const response = await this.tried(() =>
      exchange({ method, url, headers, signal: this.signal, ...(bytes === undefined ? {} : { body: bytes }) }),
    );
    if (response.status >= 400) throw apiErrorOf(response.status, response.body, `${method} ${url.pathname}`);
    return response.body.length === 0 ? {} : (JSON.parse(response.body.toString("utf8")) as JsonObject);
  }

  private async tried(once: () => Promise<HttpResponse>): Promise<HttpResponse> {
    for (const pause of RETRY_AFTER_MS) {
      const response = await once();
      if (!RETRIED.has(response.status)) return response;
      await wait(pause, undefined, { signal: this.signal });
    }
    return once();
  }
}

/** Compute Engine has a way of its own to say so. */
function isDone(operation: JsonObject): boolean {
  return operation.done === true || operation.status === "DONE";
}
