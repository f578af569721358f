import { googleError } from "../http/errors";
import { flag } from "../http/flag";
import { type Call, del, get, json, noContent, patch, post, put, type Reply, type Route } from "../http/service";
import {
  createBucket,
  deleteBucket,
  findBucket,
  findProject,
  lockRetention,
  patchBucket,
  replaceBucket,
} from "./buckets";
import type { Guard } from "./guard";
import { pageOf } from "./pages";
import { checkEntityTag, checkPreconditions, preconditionsOf } from "./preconditions";
import type { BucketRecord } from "./records";
import { bucketResource, etagOf } from "./resources";
import type { StorageState } from "./storage-state";

/** Buckets of the JSON API. */
export function bucketRoutes(state: StorageState, guard: Guard): readonly Route[] {
  const show = (bucket: BucketRecord, call: Call): Reply => json(bucketResource(bucket, call.origin));
  const change = (make: typeof patchBucket) => async (call: Call) => {
    const body = await call.json();
    const bucket = findBucket(state, call.param("bucket"));
    guard.onBucket(call.principal, "storage.buckets.update", bucket.name);
    checkPreconditions(preconditionsOf(call.query), bucket);
    return show(make(state, bucket, body), call);
  };
  return [
    get("/v1/b", async (call) => listBuckets(state, guard, call)),
    post("/v1/b", async (call) => {
      const body = await call.json();
      const project = call.query.get("project");
      if (project === null || project === "") throw googleError(400, "required", "Required parameter: project");
      guard.onProject(call.principal, "storage.buckets.create", project);
      const objectRetention = flag(call.query, "enableObjectRetention");
      return show(createBucket(state, findProject(state, project), body, objectRetention), call);
    }),
    get("/v1/b/{bucket}", async (call) => {
      const bucket = findBucket(state, call.param("bucket"));
      guard.onBucket(call.principal, "storage.buckets.get", bucket.name);
      checkPreconditions(preconditionsOf(call.query), bucket);
      checkEntityTag(call.headers, etagOf(bucket.metageneration));
      return show(bucket, call);
    }),
    patch("/v1/b/{bucket}", change(patchBucket)),
    put("/v1/b/{bucket}", change(replaceBucket)),
    del("/v1/b/{bucket}", async (call) => {
      const bucket = findBucket(state, call.param("bucket"));
      guard.onBucket(call.principal, "storage.buckets.delete", bucket.name);
      checkPreconditions(preconditionsOf(call.query), bucket);
      deleteBucket(state, bucket);
      return noContent();
    }),
    post("/v1/b/{bucket}/lockRetentionPolicy", async (call) => {
      const bucket = findBucket(state, call.param("bucket"));
      guard.onBucket(call.principal, "storage.buckets.update", bucket.name);
      const preconditions = preconditionsOf(call.query);
      if (preconditions.metagenerationMatch === undefined) {
        throw googleError(400, "required", "Required parameter: ifMetagenerationMatch");
      }
      checkPreconditions(preconditions, bucket);
      return show(lockRetention(state, bucket), call);
    }),
    get("/v1/projects/{project}/serviceAccount", async (call) => {
      const { projectId, projectNumber } = findProject(state, call.param("project"));
      guard.onProject(call.principal, "resourcemanager.projects.get", projectId);
      const email = `service-${projectNumber}@gs-project-accounts.iam.gserviceaccount.com`;
      return json({ kind: "storage#serviceAccount", email_address: email });
    }),
  ];
}

function listBuckets(state: StorageState, guard: Guard, call: Call): Reply {
  const asked = call.query.get("project");
  if (asked === null || asked === "") throw googleError(400, "required", "Required parameter: project");
  guard.onProject(call.principal, "storage.buckets.list", asked);
  const { projectId } = findProject(state, asked);
  // A deleted bucket is gone: there is none that could be restored.
  const listed = flag(call.query, "softDeleted") ? [] : state.buckets.values(call.query.get("prefix") ?? "");
  const own = listed.filter(({ project }) => project === projectId);
  const { items, nextPageToken } = pageOf(own, ({ name }) => name, call.query, "maxResults");
  return json({
    kind: "storage#buckets",
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(items.length === 0 ? {} : { items: items.map((bucket) => bucketResource(bucket, call.origin)) }),
  });
}
