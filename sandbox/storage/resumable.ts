import { randomBytes } from "node:crypto";
import { createReadStream, existsSync, rmSync, statSync } from "node:fs";
import { open, truncate } from "node:fs/promises";
import type { Principal } from "../http/service";
import type { Collection } from "../state/collection";
import { Digest } from "./bytes/digest";
import type { Received } from "./bytes/inbox";
import type { StorageState } from "./storage-state";

const WEEK = 7 * 24 * 3600 * 1000;

/** `uploadSessions`, by upload id. */
export interface UploadSession {
  readonly bucket: string;
  readonly name: string;
  readonly resource: Readonly<Record<string, unknown>>;

  /** Query and headers of the request that opened the session: preconditions and hashes hold at its end. */
  readonly query: string;
  readonly hashHeaders: Readonly<Record<string, string>>;
  readonly mediaType?: string;

  /** Bytes that the client announced. */
  readonly length?: number;
  readonly principal?: Exclude<Principal, undefined>;

  /** Milliseconds since 1970. */
  readonly started: number;

  /** Generation of the object, once the session has made it. */
  readonly done?: string;
}

/** Uploads in pieces. What has arrived is in a file and survives the process. */
export class ResumableUploads {
  /** Digests of what each session's file holds; computed anew after a restart. */
  private readonly digests = new Map<string, Digest>();
  private readonly busy = new Map<string, Promise<unknown>>();

  constructor(private readonly state: StorageState) {
    for (const id of state.inbox.sessionFiles()) if (!this.sessions.has(id)) rmSync(this.path(id));
    this.expire();
  }

  open(session: UploadSession): string {
    const id = randomBytes(24).toString("base64url");
    this.sessions.put(id, session);
    this.digests.set(id, new Digest());
    return id;
  }

  find(id: string): UploadSession | undefined {
    return this.sessions.get(id);
  }

  /** Requests for one session run one after another. */
  async alone<T>(id: string, action: () => Promise<T>): Promise<T> {
    const before = this.busy.get(id) ?? Promise.resolve();
    const mine = before.then(action, action);
    const settled = mine.then(
      () => undefined,
      () => undefined,
    );
    this.busy.set(id, settled);
    try {
      return await mine;
    } finally {
      if (this.busy.get(id) === settled) this.busy.delete(id);
    }
  }

  /** Bytes that have arrived. */
  received(id: string): number {
    return statSync(this.path(id), { throwIfNoEntry: false })?.size ?? 0;
  }

  /** Adds bytes at the end. If the connection breaks, whole multiples of 256 KiB of what came stay. */
  async append(id: string, chunks: AsyncIterable<Buffer>): Promise<void> {
    const digest = await this.digest(id);
    const file = await open(this.path(id), "a");
    try {
      for await (const chunk of chunks) {
        await file.write(chunk);
        digest.update(chunk);
      }
    } catch (error) {
      await truncate(this.path(id), digest.size - (digest.size % GRANULE));
      this.digests.delete(id);
      throw error;
    } finally {
      await file.close();
    }
  }

  /** All bytes as something received. To be followed by `finish` or by `cancel`. */
  async take(id: string): Promise<Received> {
    const digest = await this.digest(id);
    if (!existsSync(this.path(id))) await (await open(this.path(id), "a")).close();
    this.digests.delete(id);
    return this.state.inbox.inFile(this.path(id), digest.result());
  }

  finish(id: string, session: UploadSession, generation: string): void {
    this.sessions.put(id, { ...session, done: generation });
  }

  cancel(id: string): void {
    this.sessions.delete(id);
    this.digests.delete(id);
    rmSync(this.path(id), { force: true });
  }

  /** Sessions end after a week. */
  expire(): void {
    const now = this.state.world.clock.now();
    for (const id of [...this.sessions.keys()]) {
      if ((this.sessions.get(id)?.started ?? 0) + WEEK < now) this.cancel(id);
    }
  }

  private async digest(id: string): Promise<Digest> {
    const known = this.digests.get(id);
    if (known !== undefined) return known;
    const digest = new Digest();
    if (existsSync(this.path(id))) {
      for await (const chunk of createReadStream(this.path(id), { highWaterMark: 1 << 20 })) digest.update(chunk);
    }
    this.digests.set(id, digest);
    return digest;
  }

  private get sessions(): Collection<UploadSession> {
    return this.state.world.store.collection("uploadSessions");
  }

  private path(id: string): string {
    return this.state.inbox.sessionFile(id);
  }
}

/** Clients send pieces of multiples of this. */
export const GRANULE = 256 << 10;
