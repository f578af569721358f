import { type ObjectStore, type StoredObject, StoreError, type UploadingStore } from "../cloud/object-store";
import type { Filestore } from "../model/filestores";
import { destinationUrl } from "./failures";
import type { Hasher } from "./hash";
import { type Relay, startRelay } from "./relay";
import type { Run } from "./run";
import type { PendingLine } from "./types";

/** A destination that has not said by then whether it may be written is not waited for by others. */
const PATIENCE_SECONDS = 5;

/** Whether a destination may be written, asked once. */
export type Preflight = (line: PendingLine) => Promise<StoreError | undefined>;

/** Uploads to services that can not copy from the source's: all that an object is wanted for share one read of it. */
export interface Uploads {
  /** Before a line's object is read: begins the read that serves its uploads, if it has any. */
  begin(line: PendingLine, from: ObjectStore): Promise<void>;

  /** The object that a line makes. */
  create(line: PendingLine, from: ObjectStore): Promise<StoredObject>;

  /** Resolves when nothing is under way any more, what was given up included. */
  over(): Promise<void>;
}

export function createUploads(
  run: Run,
  hasher: Hasher,
  pending: readonly PendingLine[],
  preflight: Preflight,
): Uploads {
  const wanted = groupUploads(pending);
  const begun = new Map<string, Promise<void>>();
  const relays = new Map<PendingLine, Relay>();
  const underWay = new Set<Promise<void>>();

  async function start(lines: readonly PendingLine[], from: ObjectStore): Promise<Relay> {
    const uploads = lines.map(async (target) => ({
      target,
      to: uploading(await run.store(target.destination.scheme, run.identityFor(target.destination))),
    }));
    const [{ object }] = lines as [PendingLine];
    const onBytes = (bytes: number) => run.emit({ type: "hashed", target: lines[0] as PendingLine, bytes });
    const relay = startRelay(run, from, object, await Promise.all(uploads), onBytes);
    for (const line of lines) relays.set(line, relay);
    underWay.add(relay.over);
    void relay.over.then(() => underWay.delete(relay.over));
    return relay;
  }

  async function beginTogether(lines: readonly PendingLine[], from: ObjectStore): Promise<void> {
    const answers = await Promise.all(lines.map((line) => isReady(run, from, line, preflight)));
    const ready = lines.filter((_, index) => answers[index]);
    if (ready.length === 0) return;
    const { digests } = await start(ready, from);
    hasher.offer(from, (ready[0] as PendingLine).object, digests);
  }

  return {
    async begin(line, from) {
      const key = objectKey(line);
      const lines = wanted.get(key);
      if (lines === undefined) return;
      const known = begun.get(key) ?? beginTogether(lines, from);
      begun.set(key, known);
      await known;
    },
    async create(line, from) {
      const relay = relays.get(line) ?? (await start([line], from));
      return relay.created.get(line) as Promise<StoredObject>;
    },
    over: async () => void (await Promise.all(underWay)),
  };
}

/** Cloud Storage makes its own copies: what it can not copy is not published there. */
function uploading(store: ObjectStore): UploadingStore {
  if (store.scheme === "s3") return store;
  throw new StoreError("refused", `${store.endpoint}: nothing is uploaded to Cloud Storage`);
}

/** The lines whose destinations can not copy from their sources, by the object they want, one line for each new object. */
function groupUploads(pending: readonly PendingLine[]): ReadonlyMap<string, readonly PendingLine[]> {
  const groups = new Map<string, Map<string, PendingLine>>();
  for (const line of pending) {
    if (line.pending !== "source" || line.source.scheme === line.destination.scheme) continue;
    const key = objectKey(line);
    const group = groups.get(key) ?? new Map<string, PendingLine>();
    groups.set(key, group);
    const made = `${line.line.sha256} ${destinationUrl(line)}`;
    if (!group.has(made)) group.set(made, line);
  }
  return new Map([...groups].map(([key, group]) => [key, [...group.values()]]));
}

function objectKey({ source, object }: { readonly source: Filestore; readonly object: StoredObject }): string {
  return JSON.stringify([source.scheme, object.bucket, object.name, object.generation]);
}

/** Whether an upload can share the read: its destination may be written, and nothing is known that forbids it. */
async function isReady(run: Run, from: ObjectStore, line: PendingLine, preflight: Preflight): Promise<boolean> {
  const known = run.cache.find(from.endpoint, line.object);
  if (known !== undefined && known.sha256 !== line.line.sha256) return false;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), PATIENCE_SECONDS * 1000);
  });
  try {
    return await Promise.race([preflight(line).then((refusal) => refusal === undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
