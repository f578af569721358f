import type { ObjectStore, StoredObject } from "../cloud/object-store";

type Found = ReadonlyMap<string, StoredObject>;

/** Makes one listing of what several runs want to know of a prefix at about the same time. */
export interface JoinedListings {
  join(
    store: ObjectStore,
    bucket: string,
    prefix: string,
    wanted: ReadonlySet<string>,
    list: (wanted: ReadonlySet<string>) => Promise<Found>,
  ): Promise<Found>;
}

/** Terraform asks for ten resources at once and hands out the next ones as they end: their listings fall together. */
const WINDOW_MS = 15;

/** The listing starts after the last of those who joined, so nobody is told of a state before the question. */
export function joinListings(): JoinedListings {
  const open = new Map<ObjectStore, Map<string, { readonly wanted: Set<string>; readonly result: Promise<Found> }>>();
  return {
    join(store, bucket, prefix, wanted, list) {
      const ofStore = open.get(store) ?? new Map();
      open.set(store, ofStore);
      const key = `${bucket}/${prefix}`;
      const waiting = ofStore.get(key);
      if (waiting !== undefined) {
        for (const name of wanted) waiting.wanted.add(name);
        return waiting.result;
      }
      const all = new Set(wanted);
      const result = new Promise<void>((resolve) => setTimeout(resolve, WINDOW_MS)).then(() => {
        ofStore.delete(key);
        return list(all);
      });
      ofStore.set(key, { wanted: all, result });
      return result;
    },
  };
}
