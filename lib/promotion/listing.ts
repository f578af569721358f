import type { ObjectStore, StoredObject } from "../cloud/object-store";
import { type NameRange, splitRanges } from "./ranges";
import type { Run } from "./run";

/**
 * Which of the wanted objects exist. Lists the directories they have in common, and no more; a large demand is cut into
 * ranges that are listed side by side. Only what is wanted is kept in memory.
 */
export async function listWanted(
  run: Run,
  store: ObjectStore,
  bucket: string,
  prefix: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, StoredObject>> {
  const { shared } = run.options;
  if (shared === undefined) return list(run, store, bucket, prefix, wanted);
  return shared.listings.join(store, bucket, prefix, wanted, (all) => list(run, store, bucket, prefix, all));
}

async function list(
  run: Run,
  store: ObjectStore,
  bucket: string,
  prefix: string,
  wanted: ReadonlySet<string>,
): Promise<ReadonlyMap<string, StoredObject>> {
  const found = new Map<string, StoredObject>();
  const ranges = splitRanges(prefix, [...wanted].sort(compareNames));
  const failures: unknown[] = [];
  await Promise.all(
    ranges.map((range) =>
      listRange(run, store, bucket, range, (object) => {
        if (wanted.has(object.name)) found.set(object.name, object);
      }).catch((error: unknown) => failures.push(error)),
    ),
  );
  if (failures.length > 0) throw failures[0];
  await completeMetadata(run, store, found);
  return found;
}

async function listRange(
  { signal }: Run,
  store: ObjectStore,
  bucket: string,
  { prefix, from, before }: NameRange,
  take: (object: StoredObject) => void,
): Promise<void> {
  for await (const page of store.list(bucket, prefix, { from, before }, { signal })) page.forEach(take);
}

/** Some services list no metadata: of the objects that are wanted, those whose bytes nobody has read are looked up one by one. */
async function completeMetadata(
  { signal, cache }: Run,
  store: ObjectStore,
  found: Map<string, StoredObject>,
): Promise<void> {
  const bare = [...found.values()].filter(
    (object) => object.metadata === undefined && cache.find(store.endpoint, object) === undefined,
  );
  await Promise.all(
    bare.map(async (object) => {
      const whole = await store.stat(object, { signal });
      if (whole === undefined) found.delete(object.name);
      else found.set(object.name, whole);
    }),
  );
}

/** All objects under a prefix, at most `limit` of them: for suggestions, where less than all is still of use. */
export async function listSome(
  { signal }: Run,
  store: ObjectStore,
  bucket: string,
  prefix: string,
  limit: number,
): Promise<readonly StoredObject[]> {
  const objects: StoredObject[] = [];
  for await (const page of store.list(bucket, prefix, {}, { signal })) {
    for (const object of page) objects.push(object);
    if (objects.length >= limit) break;
  }
  return objects.slice(0, limit);
}

/** The order of listings: by UTF-8 bytes, which is the order of code points and not JavaScript's own. */
export function compareNames(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left !== right) return order(left) - order(right);
  }
  return a.length - b.length;
}

/** Moves surrogates behind the rest of the basic plane, where their code points belong. */
function order(unit: number): number {
  return unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit;
}
