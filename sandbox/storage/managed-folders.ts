import { googleError } from "../http/errors";
import { flag } from "../http/flag";
import { type Call, del, get, json, noContent, post, type Route } from "../http/service";
import { forgetPolicies } from "../iam/policy";
import type { Collection } from "../state/collection";
import { findBucket } from "./buckets";
import type { Guard } from "./guard";
import { pageOf } from "./pages";
import { checkPreconditions, preconditionsOf } from "./preconditions";
import type { BucketRecord } from "./records";
import type { StorageState } from "./storage-state";

/** `managedFolders/BUCKET`, by name. */
export interface FolderRecord {
  /** Ends in a slash. */
  readonly name: string;
  readonly metageneration: number;
  readonly createTime: string;
  readonly updateTime: string;
}

/** Prefixes of a bucket that carry a policy of their own. */
export function managedFolderRoutes(state: StorageState, guard: Guard): readonly Route[] {
  return [
    post("/v1/b/{bucket}/managedFolders", async (call) => {
      const { name = "" } = await call.json<FolderRecord>();
      const bucket = findBucket(state, call.param("bucket"));
      return json(resource(bucket, create(state, guard, call, bucket, name), call.origin));
    }),
    get("/v1/b/{bucket}/managedFolders", async (call) => {
      const bucket = findBucket(state, call.param("bucket"));
      const prefix = call.query.get("prefix") ?? "";
      guard.onFolder(call.principal, "storage.managedFolders.list", bucket.name, prefix);
      const { items, nextPageToken } = pageOf(
        folders(state, bucket).values(prefix),
        ({ name }) => name,
        call.query,
        "pageSize",
      );
      return json({
        kind: "storage#managedFolders",
        ...(nextPageToken === undefined ? {} : { nextPageToken }),
        ...(items.length === 0 ? {} : { items: items.map((folder) => resource(bucket, folder, call.origin)) }),
      });
    }),
    get("/v1/b/{bucket}/managedFolders/{folder}", async (call) => {
      const bucket = findBucket(state, call.param("bucket"));
      guard.onFolder(call.principal, "storage.managedFolders.get", bucket.name, call.param("folder"));
      return json(resource(bucket, findFolder(state, bucket, call.param("folder")), call.origin));
    }),
    del("/v1/b/{bucket}/managedFolders/{folder}", async (call) => {
      const bucket = findBucket(state, call.param("bucket"));
      const needed = flag(call.query, "allowNonEmpty") ? ["delete", "setIamPolicy"] : ["delete"];
      for (const verb of needed)
        guard.onFolder(call.principal, `storage.managedFolders.${verb}`, bucket.name, call.param("folder"));
      remove(state, bucket, findFolder(state, bucket, call.param("folder")), call.query);
      return noContent();
    }),
  ];
}

/** Throws 404 for a folder that isn't there. Its name may come without the slash at the end. */
export function findFolder(state: StorageState, bucket: BucketRecord, name: string): FolderRecord {
  const folder = folders(state, bucket).get(name.endsWith("/") ? name : `${name}/`);
  if (folder === undefined) throw googleError(404, "notFound", "The specified managed folder does not exist.");
  return folder;
}

function create(state: StorageState, guard: Guard, call: Call, bucket: BucketRecord, written: string): FolderRecord {
  const name = written.endsWith("/") ? written : `${written}/`;
  if (name === "/" || name.startsWith("/") || name.includes("//") || Buffer.byteLength(name) > 1024) {
    throw googleError(400, "invalid", `Invalid managed folder name: '${written}'`);
  }
  guard.onFolder(call.principal, "storage.managedFolders.create", bucket.name, name);
  if (!bucket.settings.iamConfiguration.uniformBucketLevelAccess.enabled) {
    throw googleError(412, "conditionNotMet", "Managed folders need uniform bucket-level access.");
  }
  if (folders(state, bucket).has(name))
    throw googleError(409, "conflict", "The specified managed folder already exists.");
  const now = state.world.clock.timestamp();
  const folder = { name, metageneration: 1, createTime: now, updateTime: now };
  folders(state, bucket).put(name, folder);
  return folder;
}

function remove(state: StorageState, bucket: BucketRecord, folder: FolderRecord, query: URLSearchParams): void {
  checkPreconditions(preconditionsOf(query), { ...folder, generation: "0" });
  const isEmpty = state.live(bucket.name).keys(folder.name).length === 0;
  if (!isEmpty && !flag(query, "allowNonEmpty")) {
    throw googleError(409, "conflict", "The managed folder you tried to delete is not empty.");
  }
  folders(state, bucket).delete(folder.name);
  forgetPolicies(state.world, `buckets/${bucket.name}/managedFolders/${folder.name}`);
}

function folders(state: StorageState, { name }: BucketRecord): Collection<FolderRecord> {
  return state.world.store.collection(`managedFolders/${name}`);
}

function resource({ name: bucket }: BucketRecord, folder: FolderRecord, origin: string): object {
  return {
    kind: "storage#managedFolder",
    id: `${bucket}/${folder.name}`,
    selfLink: `${origin}/storage/v1/b/${bucket}/managedFolders/${encodeURIComponent(folder.name)}`,
    bucket,
    ...folder,
    metageneration: String(folder.metageneration),
  };
}
