import { chunksOf, parseObject } from "../http/call";
import { googleError } from "../http/errors";
import { type Call, json, type Reply } from "../http/service";
import { findBucket } from "./buckets";
import { createObject, findObject } from "./objects";
import { preconditionsOf } from "./preconditions";
import type { BucketRecord } from "./records";
import { objectResource } from "./resources";
import { GRANULE, type UploadSession } from "./resumable";
import { checkContentType, checkHashes, draftOf, expectedHashes, uploadName } from "./upload-body";
import { permit, type Uploads } from "./upload-permit";

/** The first request: what the object is to be. The answer names the session. */
export async function openUpload(uploads: Uploads, call: Call, bucket: BucketRecord): Promise<Reply> {
  const resource = { ...parseObject(await call.body()) };
  const name = uploadName(call.query, resource);
  const hash = call.headers["x-goog-hash"];
  const mediaType = textOf(call.headers["x-upload-content-type"]);
  const length = textOf(call.headers["x-upload-content-length"]);
  checkContentType(resource, mediaType);
  permit(uploads, call, bucket, name, resource);
  const id = uploads.sessions.open({
    bucket: bucket.name,
    name,
    resource,
    query: call.query.toString(),
    hashHeaders: typeof hash === "string" ? { "x-goog-hash": hash } : {},
    ...(mediaType === undefined ? {} : { mediaType }),
    ...(length === undefined ? {} : { length: Number(length) }),
    ...(call.principal === undefined ? {} : { principal: call.principal }),
    started: uploads.state.world.clock.now(),
  });
  const location = `${call.origin}/upload/storage/v1/b/${bucket.name}/o?uploadType=resumable&name=${encodeURIComponent(name)}&upload_id=${id}`;
  return { status: 200, headers: { location, "x-guploader-uploadid": id, "content-length": "0" } };
}

export async function cancelUpload({ sessions }: Uploads, call: Call): Promise<Reply> {
  const { id } = sessionOf(sessions, call);
  sessions.cancel(id);
  // Google's own code for it.
  return { status: 499 };
}

/** A piece, the last piece, or a question how far it went. Who knows the session's id may go on. */
export async function continueUpload(uploads: Uploads, call: Call): Promise<Reply> {
  const { id } = sessionOf(uploads.sessions, call);
  return uploads.sessions.alone(id, async () => {
    const { session } = sessionOf(uploads.sessions, call);
    if (session.done !== undefined) return finished(uploads, call, session, session.done);
    const range = rangeOf(call);
    checkLength(session, range.total);
    if (range.start !== undefined) await take(uploads, call, id, range.start, range);
    const received = uploads.sessions.received(id);
    if (range.start === undefined ? received !== range.total : !isLast(range, received))
      return unfinished(call, received);
    if (range.total !== undefined && received !== range.total) return unfinished(call, received);
    return complete(uploads, call, id, session);
  });
}

/** The whole must be as long as the request that opened the session said. */
function checkLength({ length }: UploadSession, total: number | undefined): void {
  if (length === undefined || total === undefined || length === total) return;
  throw googleError(
    400,
    "invalid",
    `Invalid request. X-Upload-Content-Length announced ${length} byte(s), the upload has ${total}.`,
  );
}

function textOf(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === "string" ? header : undefined;
}

interface PieceRange {
  /** Undefined for a mere question. */
  readonly start?: number;

  /** Exclusive; undefined if the piece is all there is. */
  readonly end?: number;
  readonly total?: number;
}

function rangeOf(call: Call): PieceRange {
  const header = call.headers["content-range"];
  if (header === undefined) return { start: 0 };
  const found = /^bytes (?:(\d+)-(\d+|\*)|\*)\/(\d+|\*)$/.exec(header);
  if (found === null) throw googleError(400, "invalid", `Invalid request. Content-Range "${header}" can't be parsed.`);
  const total = found[3] === "*" ? {} : { total: Number(found[3]) };
  if (found[1] === undefined) return total;
  const start = Number(found[1]);
  // Google's Node library writes `0-*` for "all there is".
  const end = found[2] === "*" ? {} : { end: Number(found[2]) + 1 };
  if (end.end !== undefined && (end.end <= start || end.end > (total.total ?? Infinity))) {
    throw googleError(400, "invalid", `Invalid request. Content-Range "${header}" is not within its total.`);
  }
  return { start, ...end, ...total };
}

/** The piece is the last one if it says so, or says nothing at all. */
function isLast({ end, total }: PieceRange, received: number): boolean {
  return total === undefined ? end === undefined : received >= total;
}

async function take(
  { sessions }: Uploads,
  call: Call,
  id: string,
  start: number,
  { end, total }: PieceRange,
): Promise<void> {
  const received = sessions.received(id);
  if (start > received) {
    throw googleError(
      503,
      "backendError",
      `Invalid request. According to the Content-Range header, the upload offset is ${start} byte(s), which exceeds already uploaded size of ${received} byte(s).`,
    );
  }
  const length = Number(call.headers["content-length"] ?? Number.NaN);
  const isFinal = end === undefined || (total !== undefined && end >= total);
  if (!isFinal && length < GRANULE) {
    throw googleError(
      400,
      "invalid",
      "Invalid request. The number of bytes uploaded is required to be equal or greater than 262144, except for the final request (it's recommended to be the exact multiple of 262144). The received request contained too few bytes.",
    );
  }
  await sessions.append(
    id,
    withoutFirst(within(chunksOf(call.stream), (end ?? total ?? Infinity) - start), received - start),
  );
}

/** Throws 400 at bytes beyond what the range announced, before they are kept. */
async function* within(chunks: AsyncIterable<Buffer>, length: number): AsyncGenerator<Buffer> {
  let left = length;
  for await (const chunk of chunks) {
    left -= chunk.length;
    if (left < 0) throw googleError(400, "invalid", "Invalid request. The body is longer than its Content-Range.");
    yield chunk;
  }
}

/** Bytes that had arrived before are sent again by careful clients; they count once. */
async function* withoutFirst(chunks: AsyncIterable<Buffer>, count: number): AsyncGenerator<Buffer> {
  let left = count;
  for await (const chunk of chunks) {
    if (left < chunk.length) yield chunk.subarray(left);
    left = Math.max(0, left - chunk.length);
  }
}

async function complete(uploads: Uploads, call: Call, id: string, session: UploadSession): Promise<Reply> {
  const { state, guard, sessions } = uploads;
  const query = new URLSearchParams(session.query);
  checkLength(session, sessions.received(id));
  const received = await sessions.take(id);
  try {
    checkHashes(expectedHashes(session.resource, { ...session.hashHeaders, ...call.headers }), received.digests);
    const draft = draftOf(
      session.name,
      session.resource,
      query,
      session.mediaType ?? call.headers["content-type"],
      received,
    );
    const record = createObject(state, session.bucket, draft, preconditionsOf(query), () =>
      guard.onObject(session.principal, "storage.objects.delete", session.bucket, session.name),
    );
    sessions.finish(id, session, record.generation);
    return json(objectResource(findBucket(state, session.bucket), record, call.origin));
  } catch (error) {
    sessions.cancel(id);
    throw error;
  }
}

/** Asked again after the end, a session shows its object. */
function finished({ state }: Uploads, call: Call, session: UploadSession, generation: string): Reply {
  const record = findObject(state, session.bucket, session.name, generation);
  return json(objectResource(findBucket(state, session.bucket), record, call.origin));
}

function unfinished(call: Call, received: number): Reply {
  const range: Record<string, string> = received === 0 ? {} : { range: `bytes=0-${received - 1}` };
  if (call.headers["x-guploader-no-308"] === "yes") {
    return { status: 200, headers: { ...range, "x-http-status-code-override": "308", "content-length": "0" } };
  }
  return { status: 308, headers: { ...range, "content-length": "0" } };
}

function sessionOf(sessions: Uploads["sessions"], call: Call) {
  const id = call.query.get("upload_id") ?? "";
  const session = sessions.find(id);
  if (session === undefined)
    throw googleError(404, "notFound", "No such upload: it never was, was cancelled or has expired.");
  return { id, session };
}
