import { createHash } from "node:crypto";
import { crc32c } from "@node-rs/crc32";
import type { Identity } from "../../../lib/cloud/auth";
import { crc32cBase64 } from "../../../lib/cloud/crc32c";
import {
  type CopyingStore,
  type ObjectName,
  type ObjectProperties,
  type ObjectStore,
  type StoredObject,
  StoreError,
} from "../../../lib/cloud/object-store";
import { withRetries } from "../../../lib/cloud/retry";
import type { Connect } from "../../../lib/promotion/types";

interface Held {
  readonly bytes: Buffer;
  readonly object: StoredObject;
}

export type FakeCall = "list" | "stat" | "read" | "copy" | "write" | "checkWritable";

/** What to do to a call before it has any effect: throw, or nothing. */
export type Disturb = (call: FakeCall, object: ObjectName, attempt: number) => void;

/** Buckets in memory, with Cloud Storage's generations and preconditions. Remembers every call and every write. */
export class FakeStorage {
  readonly calls: { call: FakeCall; bucket: string; name: string; identity: string }[] = [];

  /** Every version that was ever created, in order: nothing that writes can hide from it. */
  readonly history: StoredObject[] = [];
  disturb: Disturb = () => {};

  /** Called with each piece that is read; may change it. */
  corrupt: (piece: Buffer, object: ObjectName) => Buffer = (piece) => piece;
  pageSize = 1000;
  pieceSize = 64 * 1024;

  /** Whether listings carry metadata, as those of Cloud Storage do. */
  listsMetadata = true;
  private readonly buckets = new Map<string, Map<string, Held>>();
  private generation = 1000;

  constructor(readonly scheme: "gs" | "s3" = "gs") {}

  bucket(name: string): this {
    this.buckets.set(name, new Map());
    return this;
  }

  /** Puts an object there as somebody would who is not us. Replaces what is there. */
  put(bucket: string, name: string, content: string | Buffer, more: Partial<StoredObject> = {}): StoredObject {
    const bytes = Buffer.from(content);
    this.generation += 1;
    const object: StoredObject = {
      bucket,
      name,
      generation: String(this.generation),
      size: bytes.length,
      crc32c: crc32cBase64(crc32c(bytes)),
      md5: createHash("md5").update(bytes).digest("base64"),
      metadata: {},
      created: new Date(1_700_000_000_000 + this.generation * 1000).toISOString(),
      ...more,
    };
    this.objects(bucket).set(name, { bytes, object });
    this.history.push(object);
    return object;
  }

  remove(bucket: string, name: string): void {
    this.objects(bucket).delete(name);
  }

  get(bucket: string, name: string): StoredObject | undefined {
    return this.buckets.get(bucket)?.get(name)?.object;
  }

  content(bucket: string, name: string): string | undefined {
    return this.buckets.get(bucket)?.get(name)?.bytes.toString();
  }

  names(bucket: string): readonly string[] {
    return [...this.objects(bucket).keys()].sort();
  }

  count(call: FakeCall): number {
    return this.calls.filter((made) => made.call === call).length;
  }

  connect: Connect = (scheme, identity, context) => {
    if (scheme !== this.scheme) throw new Error(`this fake speaks ${this.scheme}, not ${scheme}`);
    return this.store(identity, context);
  };

  private store(identity: Identity, context: Parameters<Connect>[2]): ObjectStore {
    const who = identity.kind === "serviceAccount" ? identity.email : identity.kind;
    const call = <T>(kind: FakeCall, object: ObjectName, signal: AbortSignal | undefined, work: () => T): Promise<T> =>
      withRetries(context, `${kind} ${object.name}`, signal, async (attempt) => {
        this.enter(kind, object, who, attempt);
        return work();
      });
    const fake = this;
    const common: Omit<CopyingStore, "scheme" | "copy"> = {
      endpoint: `fake-${this.scheme}:`,
      identity: who,
      async *list(bucket, prefix, { from = "", before }, { signal }) {
        const names = [...fake.objects(bucket).keys()]
          .filter(
            (name) => name.startsWith(prefix) && !less(name, from) && (before === undefined || less(name, before)),
          )
          .sort((a, b) => (less(a, b) ? -1 : 1));
        for (let at = 0; at === 0 || at < names.length; at += fake.pageSize) {
          const page = names.slice(at, at + fake.pageSize);
          yield await call("list", { bucket, name: prefix }, signal, () =>
            page.map((name) => fake.listed(bucket, name)),
          );
        }
      },
      stat: (object, { signal }) => call("stat", object, signal, () => fake.get(object.bucket, object.name)),
      async *openRead(object, offset) {
        fake.enter("read", object, who, 1);
        const { bytes } = fake.version(object.bucket, object.name, object.generation);
        for (let at = offset; at < bytes.length; at += fake.pieceSize) {
          yield fake.corrupt(Buffer.from(bytes.subarray(at, at + fake.pieceSize)), object);
        }
      },
      checkWritable: (bucket, prefix, { signal }) => call("checkWritable", { bucket, name: prefix }, signal, () => {}),
    };
    if (this.scheme === "gs") {
      return {
        ...common,
        scheme: "gs",
        copy: (source, destination, properties, { signal }) =>
          call("copy", destination, signal, () => {
            const { bytes } = fake.version(source.bucket, source.name, source.generation);
            return fake.create(destination, bytes, properties);
          }),
      };
    }
    return {
      ...common,
      scheme: "s3",
      async write(destination, body, expected, properties, { signal }) {
        const pieces: Uint8Array[] = [];
        for await (const piece of body.open(0)) pieces.push(piece);
        const bytes = Buffer.concat(pieces);
        if (bytes.length !== expected.size) throw new StoreError("corrupt", "upload: wrong length");
        return call("write", destination, signal, () => fake.create(destination, bytes, properties));
      },
      writeMemory: () => 0,
    };
  }

  private enter(call: FakeCall, { bucket, name }: ObjectName, identity: string, attempt: number): void {
    this.calls.push({ call, bucket, name, identity });
    this.disturb(call, { bucket, name }, attempt);
  }

  private objects(bucket: string): Map<string, Held> {
    const objects = this.buckets.get(bucket);
    if (objects === undefined) throw new StoreError("notFound", `gs://${bucket}: no such bucket`);
    return objects;
  }

  private listed(bucket: string, name: string): StoredObject {
    const { object } = this.objects(bucket).get(name) as Held;
    if (this.listsMetadata) return object;
    const { metadata: _, ...bare } = object;
    return bare;
  }

  private version(bucket: string, name: string, generation: string): Held {
    const held = this.objects(bucket).get(name);
    if (held === undefined || held.object.generation !== generation) {
      throw new StoreError("notFound", `gs://${bucket}/${name}: no generation ${generation}`);
    }
    return held;
  }

  private create({ bucket, name }: ObjectName, bytes: Buffer, properties: ObjectProperties): StoredObject {
    if (this.objects(bucket).has(name)) throw new StoreError("exists", `gs://${bucket}/${name}: exists`);
    return this.put(bucket, name, bytes, properties);
  }
}

/** By code points, as services order names. */
function less(a: string, b: string): boolean {
  return Buffer.compare(Buffer.from(a), Buffer.from(b)) < 0;
}
