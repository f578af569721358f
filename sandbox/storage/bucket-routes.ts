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
    ...emptyLists(state, guard),
  ];
}

function listBuckets(state: StorageState, guard: Guard, call: Call): Reply {
  const asked = call.query.get("project");
  if (asked === null || asked === "") throw googleError(400, "required", "Required parameter: project");
  guard.onProject(call.principal, "storage.buckets.list", asked);
  const { projectId } = findProject(state, asked);
  const own = state.buckets.values(call.query.get("prefix") ?? "").filter(({ project }) => project === projectId);
  const { items, nextPageToken } = pageOf(own, ({ name }) => name, call.query, "maxResults");
  return json({
    kind: "storage#buckets",
    ...(nextPageToken === undefined ? {} : { nextPageToken }),
    ...(items.length === 0 ? {} : { items: items.map((bucket) => bucketResource(bucket, call.origin)) }),
  });
}

/** Parts of Cloud Storage that the sandbox has nothing of; clients ask for them and take "none" for an answer. */
function emptyLists(state: StorageState, guard: Guard): readonly Route[] {
  const empty = (permission: string, kind: string) => async (call: Call) => {
    guard.onBucket(call.principal, permission, findBucket(state, call.param("bucket")).name);
    return json({ kind });
  };
  const noAcl = async (call: Call): Promise<Reply> => {
    const { settings } = findBucket(state, call.param("bucket"));
    if (settings.iamConfiguration.uniformBucketLevelAccess.enabled) {
      throw googleError(
        400,
        "invalid",
        "Cannot use ACL API for a bucket that has uniform bucket-level access. Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access",
      );
    }
    throw googleError(501, "notImplemented", "The sandbox has no access control lists: grant access by IAM.");
  };
  const acls = ["acl", "acl/{entity}", "defaultObjectAcl", "defaultObjectAcl/{entity}"];
  return [
    get("/v1/b/{bucket}/anywhereCaches", empty("storage.anywhereCaches.list", "storage#anywhereCaches")),
    get("/v1/b/{bucket}/notificationConfigs", empty("storage.buckets.get", "storage#notifications")),
    ...acls.flatMap((path) => [get, post, put, patch, del].map((route) => route(`/v1/b/{bucket}/${path}`, noAcl))),
    get("/v1/projects/{project}/serviceAccount", async (call) => {
      const { projectId, projectNumber } = findProject(state, call.param("project"));
      guard.onProject(call.principal, "resourcemanager.projects.get", projectId);
      const email = `service-${projectNumber}@gs-project-accounts.iam.gserviceaccount.com`;
      return json({ kind: "storage#serviceAccount", email_address: email });
    }),
  ];
}
