import type { Principal } from "../http/service";

export interface LoggedRequest {
  readonly time: string;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly route: string;
  readonly principal: Principal;
  readonly status: number;
  readonly requestBytes: number;
  readonly milliseconds: number;
  readonly fault?: string;
}

const KEPT = 2000;

/** The latest requests, and how many each route answered since the last reset. */
export class RequestLog {
  private latest: LoggedRequest[] = [];
  private readonly counts = new Map<string, number>();
  private readonly bytes = new Map<string, number>();

  add(request: LoggedRequest): void {
    this.latest.push(request);
    if (this.latest.length > 2 * KEPT) this.latest = this.latest.slice(-KEPT);
    this.counts.set(request.route, (this.counts.get(request.route) ?? 0) + 1);
    this.bytes.set(request.route, (this.bytes.get(request.route) ?? 0) + request.requestBytes);
  }

  reset(): void {
    this.latest = [];
    this.counts.clear();
    this.bytes.clear();
  }

  /** Newest last. */
  list(limit = KEPT): readonly LoggedRequest[] {
    return limit > 0 ? this.latest.slice(-Math.min(limit, KEPT)) : [];
  }

  /** Requests by `METHOD pattern`. */
  countByRoute(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort());
  }

  /** Bytes of request bodies by `METHOD pattern`. */
  bytesByRoute(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.bytes].filter(([, count]) => count > 0).sort());
  }
}
