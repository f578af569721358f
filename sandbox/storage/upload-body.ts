import { googleError } from "../http/errors";
import type { Call } from "../http/service";
import type { Digests } from "./bytes/digest";
import type { Received } from "./bytes/inbox";
import { settingsIn } from "./object-settings";
import type { Draft } from "./objects";

type Json = Readonly<Record<string, unknown>>;

/** What a client says of the bytes it sends; it is compared with what arrives. */
export interface Expected {
  readonly md5Hash?: string;
  readonly crc32c?: string;
}

/** Hashes from the object's resource, from `x-goog-hash` and from `Content-MD5`. */
export function expectedHashes(resource: Json, headers: Call["headers"]): Expected {
  const listed = String(headers["x-goog-hash"] ?? "");
  const crc32c = text(resource.crc32c) ?? /(?:^|[,\s])crc32c=([^,\s]+)/.exec(listed)?.[1];
  const md5Hash =
    text(resource.md5Hash) ?? /(?:^|[,\s])md5=([^,\s]+)/.exec(listed)?.[1] ?? text(headers["content-md5"]);
  return { ...(crc32c === undefined ? {} : { crc32c }), ...(md5Hash === undefined ? {} : { md5Hash }) };
}

/** Throws 400 if the bytes are not those the client meant to send. */
export function checkHashes(expected: Expected, digests: Digests): void {
  if (expected.crc32c !== undefined && expected.crc32c !== digests.crc32c) {
    throw googleError(
      400,
      "invalid",
      `Provided CRC32C "${expected.crc32c}" doesn't match calculated CRC32C "${digests.crc32c}".`,
    );
  }
  if (expected.md5Hash !== undefined && expected.md5Hash !== digests.md5Hash) {
    throw googleError(
      400,
      "invalid",
      `Provided MD5 hash "${expected.md5Hash}" doesn't match calculated MD5 hash "${digests.md5Hash}".`,
    );
  }
}

/** Throws 400 where resource and bytes name different content types: Google doesn't guess which is meant. */
export function checkContentType(resource: Json, mediaType: string | undefined): void {
  const named = text(resource.contentType);
  if (named === undefined || mediaType === undefined || named.toLowerCase() === mediaType.toLowerCase()) return;
  throw googleError(
    400,
    "invalid",
    `Content-Type specified in the upload (${mediaType}) does not match Content-Type specified in metadata (${named}).`,
  );
}

/** The object that an upload makes: what the resource says, the query where it says something, and the bytes' own facts. */
export function draftOf(
  name: string,
  resource: Json,
  query: URLSearchParams,
  mediaType: string | undefined,
  received: Received,
): Draft {
  const contentEncoding = query.get("contentEncoding");
  const storageClass = text(resource.storageClass);
  const { size, md5Hash, crc32c } = received.digests;
  return {
    name,
    size,
    md5Hash,
    crc32c,
    ...(storageClass === undefined ? {} : { storageClass }),
    settings: {
      ...settingsIn({ contentType: mediaType ?? "application/octet-stream" }),
      ...settingsIn(resource),
      ...(contentEncoding === null ? {} : { contentEncoding }),
    },
    keep: received.keep,
  };
}

/** The name that the query or the resource gives. */
export function uploadName(query: URLSearchParams, resource: Json): string {
  const name = query.get("name") ?? text(resource.name);
  if (name === undefined || name === "") throw googleError(400, "required", "Required");
  return name;
}

function text(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}
