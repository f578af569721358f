import type { Collection } from "./collection";

const KEY = "offset";

/** The sandbox's time: real time, moved by what tests asked for. Moves persist. */
export class Clock {
  private lastMicros = 0n;

  constructor(private readonly settings: Collection<number>) {}

  /** Milliseconds since 1970. */
  now(): number {
    return Date.now() + (this.settings.get(KEY) ?? 0);
  }

  /** RFC 3339 with milliseconds, e.g. `2026-01-31T12:00:00.000Z`. */
  timestamp(): string {
    return new Date(this.now()).toISOString();
  }

  /** A number that grows with each call, in microseconds since 1970: what Google uses as generation. */
  nextMicros(): string {
    const now = BigInt(this.now()) * 1000n;
    this.lastMicros = now > this.lastMicros ? now : this.lastMicros + 1n;
    return String(this.lastMicros);
  }

  /** Numbers already given out, so that they are never given again after a restart or a move back. */
  seen(micros: string): void {
    if (BigInt(micros) > this.lastMicros) this.lastMicros = BigInt(micros);
  }

  /** Moves by whole milliseconds: generations are counted in whole microseconds. */
  advance(seconds: number): void {
    this.settings.put(KEY, (this.settings.get(KEY) ?? 0) + Math.round(seconds * 1000));
  }

  set(milliseconds: number): void {
    this.settings.put(KEY, milliseconds - Date.now());
  }
}
