import type { StoredObject } from "../cloud/object-store";
import type { Base } from "../model/filestore-base";
import { createHasher } from "./hash";
import { compareInWalk, type Inventory, type InventoryFile } from "./inventory";
import type { HashedFile } from "./manifest-yaml";
import { readerOf } from "./reader";
import type { Run } from "./run";
import { runHeaviestFirst } from "./schedule";
import { DEFAULT_MAX_REQUESTS } from "./shared";

interface BucketFile extends InventoryFile {
  readonly object: StoredObject;
}

export interface BucketInventory extends Inventory {
  /** Empty objects whose names end with a slash: what some tools leave where a folder would be. */
  readonly placeholders: readonly string[];
}

/** The objects whose names begin with `base.prefix + prefix`, named relative to the base. */
export async function bucketInventory(run: Run, base: Base, prefix: string): Promise<BucketInventory> {
  const store = await run.store(base.scheme, readerOf(run));
  const files: BucketFile[] = [];
  const placeholders: string[] = [];
  for await (const page of store.list(base.bucket, base.prefix + prefix, {}, { signal: run.signal })) {
    for (const object of page) {
      const name = object.name.slice(base.prefix.length);
      if (object.size === 0 && (name.endsWith("/") || name === "")) placeholders.push(name);
      else files.push({ name, size: object.size, object });
    }
  }
  files.sort((a, b) => compareInWalk(a.name, b.name));
  const hasher = createHasher(run);
  return {
    place: `${base.scheme}://${base.bucket}/${base.prefix}${prefix}`,
    files,
    placeholders,
    async hash(onBytes, names) {
      const asked = names === undefined ? files : files.filter(({ name }) => names.has(name));
      const hashed = new Map<BucketFile, HashedFile>();
      const failures: unknown[] = [];
      await runHeaviestFirst(
        asked,
        ({ size }) => size,
        run.options.maxRequests ?? DEFAULT_MAX_REQUESTS,
        async (file) => {
          try {
            const { sha256 } = await hasher.hash(store, file.object, onBytes);
            hashed.set(file, { name: file.name, sha256 });
          } catch (error) {
            failures.push(error);
          }
        },
      );
      if (failures.length > 0) throw failures[0];
      return asked.flatMap((file) => hashed.get(file) ?? []);
    },
  };
}
