import { chunksOf } from "../http/call";
import { googleError } from "../http/errors";
import { readRelated } from "../http/multipart";
import { type Call, del, json, post, put, type Reply, type Route } from "../http/service";
import { findBucket } from "./buckets";
import { createObject } from "./objects";
import { preconditionsOf } from "./preconditions";
import type { BucketRecord, ObjectRecord } from "./records";
import { objectResource } from "./resources";
import { cancelUpload, continueUpload, openUpload } from "./resumable-routes";
import { checkContentType, checkHashes, draftOf, expectedHashes, uploadName } from "./upload-body";
import { checkAcl, permit, type Uploads } from "./upload-permit";

/** `/upload/storage/v1`: bytes in. */
export function uploadRoutes(uploads: Uploads): readonly Route[] {
  const upload = (call: Call) => (call.query.has("upload_id") ? continueUpload(uploads, call) : begin(uploads, call));
  return [
    post("/v1/b/{bucket}/o", upload),
    put("/v1/b/{bucket}/o", upload),
    del("/v1/b/{bucket}/o", (call) => cancelUpload(uploads, call)),
  ];
}

async function begin(uploads: Uploads, call: Call): Promise<Reply> {
  const bucket = findBucket(uploads.state, call.param("bucket"));
  checkAcl(bucket, call);
  const type = call.query.get("uploadType") ?? call.headers["x-goog-upload-protocol"];
  switch (type) {
    case "media":
      return simple(uploads, call, bucket);
    case "multipart":
      return multipart(uploads, call, bucket);
    case "resumable":
      return openUpload(uploads, call, bucket);
    default:
      throw googleError(400, "invalid", `Invalid upload request: uploadType ${JSON.stringify(type)}`);
  }
}

async function simple(uploads: Uploads, call: Call, bucket: BucketRecord): Promise<Reply> {
  const name = uploadName(call.query, {});
  permit(uploads, call, bucket, name, {});
  const received = await uploads.state.inbox.receive(chunksOf(call.stream));
  return store(
    uploads,
    call,
    bucket,
    () => {
      checkHashes(expectedHashes({}, call.headers), received.digests);
      return draftOf(name, {}, call.query, call.headers["content-type"], received);
    },
    received.discard,
  );
}

async function multipart(uploads: Uploads, call: Call, bucket: BucketRecord): Promise<Reply> {
  const chunks = chunksOf(call.stream);
  const { resource, mediaType, media } = await readRelated(chunks, call.headers["content-type"]);
  const name = uploadName(call.query, resource);
  checkContentType(resource, mediaType);
  permit(uploads, call, bucket, name, resource);
  const received = await uploads.state.inbox.receive(media);
  // The rest of the request is an end of line at most.
  for (let rest = await chunks.next(); rest.done !== true; rest = await chunks.next());
  return store(
    uploads,
    call,
    bucket,
    () => {
      checkHashes(expectedHashes(resource, call.headers), received.digests);
      return draftOf(name, resource, call.query, mediaType, received);
    },
    received.discard,
  );
}

function store(
  { state, guard }: Uploads,
  call: Call,
  bucket: BucketRecord,
  draft: () => Parameters<typeof createObject>[2],
  discard: () => void,
): Reply {
  let record: ObjectRecord;
  try {
    const made = draft();
    record = createObject(state, bucket.name, made, preconditionsOf(call.query), () =>
      guard.onObject(call.principal, "storage.objects.delete", bucket.name, made.name),
    );
  } catch (error) {
    discard();
    throw error;
  }
  return json(objectResource(bucket, record, call.origin));
}
