import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { GoogleError } from "../http/errors";
import { isHeader } from "../http/header";
import type { Call, Reply } from "../http/service";
import type { ObjectRecord } from "./records";
import { entityTag, objectEtag } from "./resources";
import type { StorageState } from "./storage-state";

/** The JSON and the XML interface send the same bytes under slightly different headers. */
export type DownloadStyle = "json" | "xml";

/** The bytes of an object, or the range that was asked for. */
export function download(
  state: StorageState,
  call: Call,
  record: ObjectRecord,
  style: DownloadStyle,
  isPublic: boolean,
): Reply {
  const { size, content } = record;
  const headers = commonHeaders(record, style, isPublic);
  const isHead = call.method === "HEAD";
  if (isTranscoded(call, record) && isGzip(state, record)) {
    const { "content-encoding": _encoding, ...rest } = headers;
    const unpacked = {
      ...rest,
      warning: "214 UploadServer gunzipped",
      "x-guploader-response-body-transformations": "gunzipped",
    };
    if (isHead) return { status: 200, headers: unpacked };
    return { status: 200, headers: unpacked, body: gunzip(state.contents.read(content, 0, size)) };
  }
  const range = rangeOf(call.headers.range, size);
  if (range === "unsatisfiable") {
    throw new GoogleError(416, "requestedRangeNotSatisfiable", "Request range not satisfiable", "OUT_OF_RANGE", {
      "content-range": `bytes */${size}`,
    });
  }
  const { start, end } = range ?? { start: 0, end: size };
  const sent = {
    ...headers,
    "accept-ranges": "bytes",
    "content-length": String(end - start),
    ...(range === undefined ? {} : { "content-range": `bytes ${start}-${end - 1}/${size}` }),
  };
  const status = range === undefined ? 200 : 206;
  return isHead ? { status, headers: sent } : { status, headers: sent, body: state.contents.read(content, start, end) };
}

function commonHeaders(
  record: ObjectRecord,
  style: DownloadStyle,
  isPublic: boolean,
): Record<string, string | readonly string[]> {
  const { settings, generation, metageneration, crc32c, md5Hash, size, storageClass, updated, componentCount } = record;
  const hashes = [`crc32c=${crc32c}`, ...(md5Hash === undefined ? [] : [`md5=${md5Hash}`])];
  const custom = Object.entries(settings.metadata ?? {}).flatMap(([key, value]) =>
    isHeader(key, value) ? [[`x-goog-meta-${key.toLowerCase()}`, value] as const] : [],
  );
  return {
    "content-type": settings.contentType ?? "application/octet-stream",
    "cache-control": settings.cacheControl ?? (isPublic ? "public, max-age=3600" : "private, max-age=0"),
    ...header("content-disposition", settings.contentDisposition),
    ...header("content-encoding", settings.contentEncoding),
    ...header("content-language", settings.contentLanguage),
    etag: style === "xml" ? entityTag(record) : objectEtag(record),
    "last-modified": new Date(updated).toUTCString(),
    // Python's client splits one header at its commas, Go's looks at each header; both are what Google sends them.
    "x-goog-hash": style === "xml" ? hashes : hashes.join(","),
    "x-goog-generation": generation,
    "x-goog-metageneration": String(metageneration),
    "x-goog-storage-class": storageClass,
    "x-goog-stored-content-encoding": settings.contentEncoding ?? "identity",
    "x-goog-stored-content-length": String(size),
    ...header("x-goog-component-count", componentCount?.toString()),
    ...Object.fromEntries(custom),
  };
}

function header(name: string, value: string | undefined): Record<string, string> {
  return value === undefined || !isHeader(name, value) ? {} : { [name]: value };
}

/** Google unpacks gzip for clients that don't say they can, unless the object says it must not be transformed. */
function isTranscoded(call: Call, { settings }: ObjectRecord): boolean {
  return (
    settings.contentEncoding === "gzip" &&
    !/\bgzip\b/.test(String(call.headers["accept-encoding"] ?? "")) &&
    !/no-transform/.test(settings.cacheControl ?? "")
  );
}

/** What only calls itself gzip is sent as it is. */
function isGzip({ contents }: StorageState, { content, size }: ObjectRecord): boolean {
  const first = contents.read(content, 0, Math.min(2, size));
  return Buffer.isBuffer(first) && first.equals(Buffer.from([0x1f, 0x8b]));
}

function gunzip(bytes: Buffer | Readable): Readable {
  const source = Buffer.isBuffer(bytes) ? Readable.from([bytes]) : bytes;
  const target = createGunzip();
  source.on("error", (error) => target.destroy(error));
  return source.pipe(target);
}

/** Undefined without a range that is understood: then all is sent, as HTTP wants it. */
function rangeOf(
  range: string | undefined,
  size: number,
): { start: number; end: number } | "unsatisfiable" | undefined {
  const found = /^bytes=(\d*)-(\d*)$/.exec(range?.trim() ?? "");
  if (found === null || (found[1] === "" && found[2] === "")) return undefined;
  if (found[1] === "") {
    const length = Math.min(Number(found[2]), size);
    return length === 0 ? "unsatisfiable" : { start: size - length, end: size };
  }
  const start = Number(found[1]);
  const end = found[2] === "" ? size : Math.min(Number(found[2]) + 1, size);
  if (start >= size) return "unsatisfiable";
  return end <= start ? undefined : { start, end };
}
