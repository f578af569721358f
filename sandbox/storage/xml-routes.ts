import { googleError } from "../http/errors";
import { type Call, del, get, post, put, type Reply, type Route } from "../http/service";
import { element, xmlDocument } from "../http/xml";
import { compareUtf8 } from "../state/collection";
import { findBucket } from "./buckets";
import { download } from "./download";
import type { Guard } from "./guard";
import { listPage, listQuery } from "./listing";
import { readable } from "./object-routes";
import { checkEntityTag, conditionNotMet, notModified } from "./preconditions";
import type { ObjectRecord } from "./records";
import { entityTag } from "./resources";
import type { StorageState } from "./storage-state";

/** The XML interface as far as it is public: `/BUCKET/OBJECT` to download, `/BUCKET` to list. Nothing is written through it. */
export function xmlRoutes(state: StorageState, guard: Guard): readonly Route[] {
  const read = async (call: Call) => {
    const { bucket, record } = readable(state, guard, call);
    checkHeaders(call, record);
    const isPublic = guard.mayOnObject(undefined, "storage.objects.get", bucket.name, record.name);
    return download(state, call, record, "xml", isPublic);
  };
  return [
    get("/{bucket}/{object+}", read),
    { method: "HEAD", pattern: "/{bucket}/{object+}", handler: read },
    get("/{bucket}", async (call) => list(state, guard, call)),
    ...["/{bucket}/{object+}", "/{bucket}"].flatMap((path) => [put, post, del].map((route) => route(path, notWritten))),
  ];
}

async function notWritten({ method }: Call): Promise<Reply> {
  throw googleError(501, "notImplemented", `The sandbox's XML interface has no ${method}: use the JSON interface.`);
}

/** The preconditions of the XML interface are headers. */
function checkHeaders({ headers }: Call, record: ObjectRecord): void {
  const wantedGeneration = headers["x-goog-if-generation-match"];
  const wantedMetageneration = headers["x-goog-if-metageneration-match"];
  if (wantedGeneration !== undefined && wantedGeneration !== record.generation) throw conditionNotMet();
  if (wantedMetageneration !== undefined && wantedMetageneration !== String(record.metageneration))
    throw conditionNotMet();
  checkEntityTag(headers, entityTag(record));
  const since = headers["if-none-match"] === undefined ? headers["if-modified-since"] : undefined;
  if (since !== undefined && Math.floor(Date.parse(record.updated) / 1000) * 1000 <= Date.parse(since)) {
    throw notModified(entityTag(record));
  }
}

function list(state: StorageState, guard: Guard, call: Call): Reply {
  const bucket = findBucket(state, call.param("bucket"));
  const isSecond = call.query.get("list-type") === "2";
  const after = call.query.get(isSecond ? "start-after" : "marker") ?? "";
  const query = listQuery(
    new URLSearchParams({
      prefix: call.query.get("prefix") ?? "",
      delimiter: call.query.get("delimiter") ?? "",
      maxResults: call.query.get("max-keys") ?? "1000",
      pageToken: call.query.get("continuation-token") ?? "",
      // The first name after the marker, in the order of bytes.
      startOffset: after === "" ? "" : `${after}\0`,
    }),
  );
  guard.onListing(call.principal, bucket.name, query.prefix);
  const { records, prefixes, nextPageToken } = listPage(state.live(bucket.name), query);
  const body = xmlDocument("ListBucketResult", [
    element("Name", bucket.name),
    element("Prefix", query.prefix),
    ...(isSecond ? [element("KeyCount", String(records.length + prefixes.length))] : [element("Marker", after)]),
    ...(query.delimiter === undefined ? [] : [element("Delimiter", query.delimiter)]),
    element("IsTruncated", String(nextPageToken !== undefined)),
    ...(nextPageToken === undefined
      ? []
      : [
          isSecond ? element("NextContinuationToken", nextPageToken) : element("NextMarker", lastOf(records, prefixes)),
        ]),
    ...records.map((record) => `<Contents>${contents(record)}</Contents>`),
    ...prefixes.map((prefix) => `<CommonPrefixes>${element("Prefix", prefix)}</CommonPrefixes>`),
  ]);
  return { status: 200, headers: { "content-type": "application/xml; charset=UTF-8" }, body };
}

function contents(record: ObjectRecord): string {
  return [
    element("Key", record.name),
    element("Generation", record.generation),
    element("MetaGeneration", String(record.metageneration)),
    element("LastModified", record.updated),
    element("ETag", entityTag(record)),
    element("Size", String(record.size)),
  ].join("");
}

function lastOf(records: readonly ObjectRecord[], prefixes: readonly string[]): string {
  const name = records.at(-1)?.name ?? "";
  const prefix = prefixes.at(-1) ?? "";
  if (name === "" && prefix === "") throw googleError(400, "invalid", "max-keys must be positive.");
  return [name, prefix].sort(compareUtf8).at(-1) ?? "";
}
