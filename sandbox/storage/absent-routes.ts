import { googleError } from "../http/errors";
import { type Call, del, get, json, patch, post, put, type Reply, type Route } from "../http/service";
import { noAccessList } from "./access-lists";
import { findBucket } from "./buckets";
import type { Guard } from "./guard";
import { readable } from "./object-routes";
import type { StorageState } from "./storage-state";

const METHODS = [get, post, put, patch, del];

/** Parts of Cloud Storage that the sandbox has nothing of: clients that only ask take "none" for an answer. */
export function absentRoutes(state: StorageState, guard: Guard): readonly Route[] {
  const empty = (permission: string, kind: string) => async (call: Call) => {
    guard.onBucket(call.principal, permission, findBucket(state, call.param("bucket")).name);
    return json({ kind });
  };
  return [
    get("/v1/b/{bucket}/anywhereCaches", empty("storage.anywhereCaches.list", "storage#anywhereCaches")),
    get("/v1/b/{bucket}/notificationConfigs", empty("storage.buckets.get", "storage#notifications")),
    post("/v1/b/{bucket}/notificationConfigs", absent("notifications")),
    ...["", "/{key}"].flatMap((path) => atAll(`/v1/projects/{project}/hmacKeys${path}`, absent("HMAC keys"))),
    ...accessListRoutes(state, guard),
  ];
}

function accessListRoutes(state: StorageState, guard: Guard): readonly Route[] {
  const ofBucket = async (call: Call): Promise<Reply> => {
    const bucket = findBucket(state, call.param("bucket"));
    throw noAccessList(bucket, call.method === "GET" ? "readBucket" : "changeBucket");
  };
  const ofObject = async (call: Call): Promise<Reply> => {
    const { bucket } = readable(state, guard, call);
    throw noAccessList(bucket, call.method === "GET" ? "readObject" : "changeObject");
  };
  return ["", "/{entity}"].flatMap((path) => [
    ...atAll(`/v1/b/{bucket}/acl${path}`, ofBucket),
    ...atAll(`/v1/b/{bucket}/defaultObjectAcl${path}`, ofBucket),
    ...atAll(`/v1/b/{bucket}/o/{object}/acl${path}`, ofObject),
  ]);
}

function atAll(path: string, handler: Route["handler"]): readonly Route[] {
  return METHODS.map((route) => route(path, handler));
}

function absent(what: string): Route["handler"] {
  return async () => {
    throw googleError(501, "notImplemented", `The sandbox has no ${what}.`);
  };
}
