import { googleError } from "../http/errors";
import { flag } from "../http/flag";
import { type Call, del, get, json, noContent, patch, post, put, type Reply, type Route } from "../http/service";
import { Collection } from "../state/collection";
import { noAccessList } from "./access-lists";
import { findBucket } from "./buckets";
import { download } from "./download";
import type { Guard } from "./guard";
import { listPage, listQuery } from "./listing";
import { patchedSettings, replacedSettings } from "./object-settings";
import { checkWrite, deleteObject, findObject, restoreObject, updateObject } from "./objects";
import { checkEntityTag, checkPreconditions, preconditionsOf, wholeNumber } from "./preconditions";
import type { BucketRecord, ObjectRecord, ObjectSettings } from "./records";
import { objectEtag, objectResource } from "./resources";
import { checkRetentionChange } from "./retention";
import { checkStorageClass } from "./storage-class";
import { type StorageState, versionKey } from "./storage-state";

/** Objects of the JSON API, apart from uploads and copies. */
export function objectRoutes(state: StorageState, guard: Guard): readonly Route[] {
  return [
    get("/v1/b/{bucket}/o", async (call) => listObjects(state, guard, call)),
    get("/v1/b/{bucket}/o/{object}", async (call) => readObject(state, guard, call)),
    patch("/v1/b/{bucket}/o/{object}", (call) => changeObject(state, guard, call, patchedSettings)),
    put("/v1/b/{bucket}/o/{object}", (call) => changeObject(state, guard, call, replacedSettings)),
    del("/v1/b/{bucket}/o/{object}", async (call) => {
      const { bucket, name, generation } = address(state, call);
      guard.onObject(call.principal, "storage.objects.delete", bucket.name, name);
      const record = findObject(state, bucket.name, name, generation);
      checkPreconditions(preconditionsOf(call.query), record);
      deleteObject(state, bucket, record, generation !== undefined);
      return noContent();
    }),
    post("/v1/b/{bucket}/o/{object}/restore", async (call) => {
      const { bucket, name, generation } = address(state, call);
      guard.onObject(call.principal, "storage.objects.restore", bucket.name, name);
      guard.onObject(call.principal, "storage.objects.create", bucket.name, name);
      if (generation === undefined) throw googleError(400, "required", "Required parameter: generation");
      checkWrite(state, bucket, name, preconditionsOf(call.query), () =>
        guard.onObject(call.principal, "storage.objects.delete", bucket.name, name),
      );
      return json(objectResource(bucket, restoreObject(state, bucket, name, generation), call.origin));
    }),
  ];
}

/** `/download/storage/v1`: the same bytes as `alt=media`. */
export function downloadRoutes(state: StorageState, guard: Guard): readonly Route[] {
  return [get("/v1/b/{bucket}/o/{object}", async (call) => media(state, guard, call))];
}

function address(state: StorageState, call: Call) {
  const generation = wholeNumber("generation", call.query.get("generation"));
  return { bucket: findBucket(state, call.param("bucket")), name: call.param("object"), generation };
}

/** Whoever may not list learns of no object that isn't there. */
export function readable(
  state: StorageState,
  guard: Guard,
  call: Call,
): { bucket: BucketRecord; record: ObjectRecord } {
  const { bucket, name, generation } = address(state, call);
  guard.onObject(call.principal, "storage.objects.get", bucket.name, name);
  const isThere = state.live(bucket.name).has(name) || generation !== undefined;
  if (!isThere) guard.onListing(call.principal, bucket.name, name);
  const record = findSoftDeleted(state, bucket, name, call) ?? findObject(state, bucket.name, name, generation);
  checkPreconditions(preconditionsOf(call.query), record);
  return { bucket, record };
}

function findSoftDeleted(
  state: StorageState,
  bucket: BucketRecord,
  name: string,
  call: Call,
): ObjectRecord | undefined {
  if (!flag(call.query, "softDeleted")) return undefined;
  const generation = call.query.get("generation");
  if (generation === null) throw googleError(400, "required", "Required parameter: generation");
  return state.softDeleted(bucket.name).get(versionKey(name, generation));
}

async function readObject(state: StorageState, guard: Guard, call: Call): Promise<Reply> {
  if (call.query.get("alt") === "media") return media(state, guard, call);
  const { bucket, record } = readable(state, guard, call);
  checkEntityTag(call.headers, objectEtag(record));
  return json(objectResource(bucket, record, call.origin));
}

function media(state: StorageState, guard: Guard, call: Call): Reply {
  const { bucket, record } = readable(state, guard, call);
  checkEntityTag(call.headers, objectEtag(record));
  const isPublic = guard.mayOnObject(undefined, "storage.objects.get", bucket.name, record.name);
  return download(state, call, record, "json", isPublic);
}

function listObjects(state: StorageState, guard: Guard, call: Call): Reply {
  const bucket = findBucket(state, call.param("bucket"));
  const query = listQuery(call.query);
  guard.onListing(call.principal, bucket.name, query.prefix);
  const { records, prefixes, nextPageToken } = listPage(listed(state, bucket.name, call.query), query);
  return json({
    kind: "storage#objects",
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(prefixes.length === 0 ? {} : { prefixes }),
    ...(records.length === 0 ? {} : { items: records.map((record) => objectResource(bucket, record, call.origin)) }),
  });
}

function listed(state: StorageState, bucket: string, query: URLSearchParams): Collection<ObjectRecord> {
  const versions = flag(query, "versions");
  if (flag(query, "softDeleted")) {
    if (versions) throw googleError(400, "invalid", "versions and softDeleted can't be true at the same time.");
    return state.softDeleted(bucket);
  }
  if (!versions) return state.live(bucket);
  const all = new Collection<ObjectRecord>(() => {});
  for (const record of [...state.live(bucket).values(), ...state.noncurrent(bucket).values()]) {
    all.load(versionKey(record.name, record.generation), record);
  }
  return all;
}

async function changeObject(
  state: StorageState,
  guard: Guard,
  call: Call,
  settingsOf: (record: ObjectRecord, body: Readonly<Record<string, unknown>>) => ObjectSettings,
): Promise<Reply> {
  const body = await call.json();
  const { bucket, name, generation } = address(state, call);
  guard.onObject(call.principal, "storage.objects.update", bucket.name, name);
  guard.onRetention(call.principal, bucket.name, name, body);
  const overrides = flag(call.query, "overrideUnlockedRetention");
  if (overrides) guard.onObject(call.principal, "storage.objects.overrideUnlockedRetention", bucket.name, name);
  const record = findObject(state, bucket.name, name, generation);
  if ("acl" in body || call.query.has("predefinedAcl")) throw noAccessList(bucket, "changeObject");
  checkPreconditions(preconditionsOf(call.query), record);
  checkStorageClass(body.storageClass ?? undefined);
  const settings = settingsOf(record, body);
  checkRetentionChange(bucket, record.settings, settings, overrides, state.world.clock.now());
  const isReleased = record.settings.eventBasedHold === true && settings.eventBasedHold !== true;
  const changed = updateObject(state, bucket.name, record, {
    settings,
    ...(isReleased ? { holdReleased: state.world.clock.timestamp() } : {}),
  });
  return json(objectResource(bucket, changed, call.origin));
}
