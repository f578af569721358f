import { setImmediate as nextTurn } from "node:timers/promises";
import { googleError } from "../http/errors";
import type { Shape } from "../services/request-body";
import type { Content } from "../storage/bytes/content-store";
import { Digest, type Digests } from "../storage/bytes/digest";
import { syntheticBytes } from "../storage/bytes/synthetic";
import { settingsIn } from "../storage/object-settings";
import { createObject } from "../storage/objects";
import type { StorageState } from "../storage/storage-state";

/** An object's resource (`name`, `bucket`, `contentType`, `metadata`, …) with its bytes in one of three forms. */
export type SeedObject = Readonly<Record<string, unknown>> & {
  readonly bucket: string;

  /** With `count`, `{i}` in it becomes the number of the copy, from 0. */
  readonly name: string;
  readonly text?: string;
  readonly base64?: string;

  /** So many pseudo-random bytes, which take no room on disk. */
  readonly size?: number;

  /** Objects of one seed and size have the same bytes. @default - the name */
  readonly seed?: string;
  readonly count?: number;
};

export const OBJECT: Shape = {
  bucket: "text",
  name: "text",
  text: "text",
  base64: "text",
  size: "number",
  seed: "text",
  count: "number",
};

/** Turns of the event loop are given away each time so much has been hashed. */
const BYTES_PER_TURN = 8 << 20;

/** Makes the objects and tells their hashes, for manifests. */
export async function seedObjects(state: StorageState, objects: readonly SeedObject[]): Promise<readonly object[]> {
  const made: object[] = [];
  for (const { count, name: pattern, ...object } of objects) {
    for (let index = 0; index < (count ?? 1); index += 1) {
      const name = count === undefined ? pattern : pattern.replaceAll("{i}", String(index));
      made.push(await seedObject(state, { ...object, name } as SeedObject));
    }
  }
  return made;
}

async function seedObject(state: StorageState, object: SeedObject): Promise<object> {
  const { bucket, name, size: wantedSize, seed = name, storageClass } = object;
  const { digests, keep } = wantedSize === undefined ? given(state, object) : await synthetic(seed, wantedSize);
  const { size, md5Hash, crc32c, sha256 } = digests;
  const draft = {
    name,
    size,
    md5Hash,
    crc32c,
    ...(typeof storageClass === "string" ? { storageClass } : {}),
    settings: { contentType: "application/octet-stream", ...settingsIn(object) },
    keep,
  };
  const { generation } = createObject(state, bucket, draft, {}, () => {});
  return { bucket, name, generation, size: String(size), sha256, md5Hash, crc32c };
}

interface Bytes {
  readonly digests: Digests;
  readonly keep: () => Content;
}

function given(state: StorageState, { text, base64, name }: SeedObject): Bytes {
  if (text === undefined && base64 === undefined) {
    throw googleError(400, "invalid", `seed: object ${name}: no bytes. Give text, base64 or size`);
  }
  const bytes = base64 === undefined ? Buffer.from(text ?? "") : Buffer.from(base64, "base64");
  const digest = new Digest();
  digest.update(bytes);
  const digests = digest.result();
  return { digests, keep: () => state.contents.keep(bytes, digests.sha256) };
}

async function synthetic(seed: string, size: number): Promise<Bytes> {
  if (!Number.isSafeInteger(size) || size < 0)
    throw googleError(400, "invalid", `seed: size ${size} is not a number of bytes`);
  const digest = new Digest();
  let sinceTurn = 0;
  for (const chunk of syntheticBytes(seed, 0, size)) {
    digest.update(chunk);
    sinceTurn += chunk.length;
    if (sinceTurn < BYTES_PER_TURN) continue;
    sinceTurn = 0;
    await nextTurn();
  }
  return { digests: digest.result(), keep: () => (size === 0 ? [] : [{ seed, size }]) };
}
