import { randomBytes } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import type { Content, ContentStore } from "./content-store";
import { Digest, type Digests } from "./digest";

/** Bytes up to this size wait in memory, larger ones in a file. */
const IN_MEMORY = 1 << 20;

/** Bytes that arrived and have no object yet. */
export interface Received {
  readonly digests: Digests;

  /** Hands the bytes to the content store. To be followed at once by the object that refers to them. */
  keep(): Content;

  /** Throws the bytes away. */
  discard(): void;
}

/** Where uploads arrive before they are whole. */
export class Inbox {
  private readonly folder: string;

  constructor(
    folder: string,
    private readonly contents: ContentStore,
  ) {
    this.folder = join(folder, "uploads");
    mkdirSync(this.folder, { recursive: true });
    // What one request uploads is lost with its process; resumable uploads have files of their own.
    for (const name of readdirSync(this.folder)) if (name.startsWith("part-")) rmSync(join(this.folder, name));
  }

  /** Takes all of `source`; the digests are ready when it ends. */
  async receive(source: AsyncIterable<Buffer>): Promise<Received> {
    const digest = new Digest();
    const waiting: Buffer[] = [];
    let file: { readonly path: string; readonly handle: FileHandle } | undefined;
    try {
      for await (const chunk of source) {
        digest.update(chunk);
        waiting.push(chunk);
        if (digest.size <= IN_MEMORY) continue;
        file ??= await this.create();
        await file.handle.write(Buffer.concat(waiting.splice(0)));
      }
    } catch (error) {
      await file?.handle.close();
      if (file !== undefined) rmSync(file.path, { force: true });
      throw error;
    }
    const digests = digest.result();
    if (file === undefined) return this.inMemory(Buffer.concat(waiting), digests);
    await file.handle.close();
    return this.inFile(file.path, digests);
  }

  /** A file as something received, e.g. the one of a resumable upload. */
  inFile(path: string, digests: Digests): Received {
    return {
      digests,
      keep: () => this.contents.adopt(path, digests.sha256, digests.size),
      discard: () => rmSync(path, { force: true }),
    };
  }

  /** Where the bytes of a resumable upload are collected. */
  sessionFile(id: string): string {
    return join(this.folder, `resumable-${id}`);
  }

  /** Ids of resumable uploads that have a file. */
  sessionFiles(): readonly string[] {
    return readdirSync(this.folder).flatMap((name) =>
      name.startsWith("resumable-") ? [name.slice("resumable-".length)] : [],
    );
  }

  private inMemory(bytes: Buffer, digests: Digests): Received {
    return { digests, keep: () => this.contents.keep(bytes, digests.sha256), discard: () => {} };
  }

  private async create() {
    const path = join(this.folder, `part-${randomBytes(8).toString("hex")}`);
    return { path, handle: await open(path, "wx") };
  }
}
