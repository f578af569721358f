import type { StoreContext } from "./context";
import { type CallOptions, type ListRange, objectUrl, type StoredObject, StoreError } from "./object-store";
import { withRetries } from "./retry";
import type { S3Caller } from "./s3-client";

/** All pages, whatever their number: S3 never sends more than 1,000 objects at once. */
export async function* listObjects(
  s3: S3Caller,
  context: StoreContext,
  bucket: string,
  prefix: string,
  { from, before }: ListRange,
  { signal }: CallOptions,
): AsyncGenerator<readonly StoredObject[]> {
  const about = { subject: `list ${objectUrl("s3", { bucket, name: prefix })}`, signal };
  const seen = new Set<string>();
  let token: string | undefined;
  do {
    const asked = {
      Bucket: bucket,
      Prefix: prefix,
      // Names may hold characters that XML can not.
      EncodingType: "url" as const,
      ...(token !== undefined ? { ContinuationToken: token } : from !== undefined && { StartAfter: justBefore(from) }),
    };
    const page = await withRetries(context, about.subject, signal, () =>
      s3.call(bucket, about, (client, { ListObjectsV2Command }) =>
        client.send(new ListObjectsV2Command(asked), signal === undefined ? {} : { abortSignal: signal }),
      ),
    );
    const decode = page.EncodingType === "url" ? decodeKey : (key: string) => key;
    const objects = (page.Contents ?? []).map(({ Key = "", ETag = "", Size = 0, LastModified }) => ({
      bucket,
      name: decode(Key),
      generation: unquoted(ETag),
      size: Size,
      ...(LastModified && { created: LastModified.toISOString() }),
    }));
    yield objects.filter(({ name }) => isWithin(name, from, before));
    const last = objects.at(-1)?.name;
    if (before !== undefined && last !== undefined && compareNames(last, before) >= 0) return;
    token = page.IsTruncated ? page.NextContinuationToken : undefined;
    if (page.IsTruncated && (!token || seen.has(token)))
      throw new StoreError("refused", `${about.subject}: more pages, but no way to them`);
    if (token) seen.add(token);
  } while (token !== undefined);
}

/** The order in which object stores list: by bytes of UTF-8, which is not the order of JavaScript's strings. */
export function compareNames(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** ETags stand in quotes on the wire. */
export function unquoted(etag: string): string {
  return etag.replace(/^"|"$/g, "");
}

/** `StartAfter` leaves the name itself out: a text shortly before it lets it in, and what else comes is filtered. */
function justBefore(name: string): string {
  const characters = [...name];
  const last = characters.pop()?.codePointAt(0) ?? 0;
  const start = characters.join("");
  const isSafe = (last > 0x20 && last < 0x7f) || (last > 0x100 && last < 0xd800);
  return isSafe ? `${start}${String.fromCodePoint(last - 1)}\u{10ffff}` : start;
}

function isWithin(name: string, from: string | undefined, before: string | undefined): boolean {
  return (
    (from === undefined || compareNames(name, from) >= 0) && (before === undefined || compareNames(name, before) < 0)
  );
}

function decodeKey(key: string): string {
  return decodeURIComponent(key.replaceAll("+", " "));
}
