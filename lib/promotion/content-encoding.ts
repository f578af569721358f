import { noLimit } from "../cloud/limiter";
import type { ObjectStore, StoredObject } from "../cloud/object-store";
import { resumingRead } from "../cloud/resuming-read";
import type { Run } from "./run";

/** Files whose hash in a manifest is that of the packed bytes: a client that unpacked them would get others. */
const PACKED = /\.(gz|tgz|taz|svgz|apk)$/i;

/** How a gzip file begins: https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1 */
const GZIP = [0x1f, 0x8b] as const;

/**
 * The `Content-Encoding` that goes with an object to where it is published. Whoever may push to staging may declare
 * anything: only a `gzip` that is true and hides no archive is kept. Without it the public gets the stored bytes, which are
 * those that the manifest's hash is of.
 */
export async function publishedEncoding(
  run: Run,
  from: ObjectStore,
  object: StoredObject,
  name: string,
): Promise<"gzip" | undefined> {
  if (object.contentEncoding !== "gzip" || PACKED.test(name)) return undefined;
  // An upload may be fed by a read that holds the only slot.
  const context = { ...run.context, limiter: noLimit };
  let seen = 0;
  for await (const piece of resumingRead(from, context, object, 0, { signal: run.signal })) {
    for (const byte of piece) {
      if (byte !== GZIP[seen]) return undefined;
      seen += 1;
      if (seen === GZIP.length) return "gzip";
    }
  }
  return undefined;
}
