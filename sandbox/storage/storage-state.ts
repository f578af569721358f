import type { Collection } from "../state/collection";
import type { World } from "../state/world";
import { ContentStore } from "./bytes/content-store";
import { Inbox } from "./bytes/inbox";
import type { BucketRecord, ObjectRecord } from "./records";

/** Everything Cloud Storage holds: records in the store, bytes in the content store. */
export class StorageState {
  readonly contents: ContentStore;
  readonly inbox: Inbox;

  constructor(readonly world: World) {
    this.contents = new ContentStore(world.folder);
    this.inbox = new Inbox(world.folder, this.contents);
    for (const bucket of this.buckets.keys()) {
      for (const records of [this.live(bucket), this.noncurrent(bucket), this.softDeleted(bucket)]) {
        for (const { content, generation } of records.values()) {
          this.contents.refer(content);
          world.clock.seen(generation);
        }
      }
    }
    this.contents.sweep();
  }

  get buckets(): Collection<BucketRecord> {
    return this.world.store.collection("buckets");
  }

  /** Live objects of a bucket, by name. */
  live(bucket: string): Collection<ObjectRecord> {
    return this.world.store.collection(`objects/${bucket}`);
  }

  /** By `versionKey`. */
  noncurrent(bucket: string): Collection<ObjectRecord> {
    return this.world.store.collection(`versions/${bucket}`);
  }

  /** By `versionKey`. */
  softDeleted(bucket: string): Collection<ObjectRecord> {
    return this.world.store.collection(`softDeleted/${bucket}`);
  }

  /** Deletes bytes that an object referred to, once its deletion is on disk. */
  release({ content }: ObjectRecord): void {
    this.world.store.onceCommitted(() => this.contents.release(content));
  }
}

/** Generations have one length for the next two centuries, so keys of one name sort by age. */
export function versionKey(name: string, generation: string): string {
  return `${name}\0${generation}`;
}
