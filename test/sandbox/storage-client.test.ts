import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bucket, Storage } from "@google-cloud/storage";
import { seedInto, temporaryFolder, withSandbox } from "./support";

const sandbox = withSandbox({ projects: ["estate"] });
const folder = temporaryFolder();

/** Google's own library, as one principal. */
function client(principal: string): Storage {
  const storage = new Storage({
    apiEndpoint: sandbox().sandbox.url,
    projectId: "estate",
    retryOptions: { autoRetry: false },
  });
  storage.interceptors.push({
    request: (options) => {
      options.headers = { ...options.headers, Authorization: `Bearer ${principal}` };
      return options as never;
    },
  });
  return storage;
}
const owner = () => client("user:owner@example.org");
let bucket: Bucket;
beforeAll(async () => {
  [bucket] = await owner().createBucket("by-library", {
    location: "US",
    iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
  } as never);
});

test("makes, changes and finds buckets", async () => {
  await bucket.setLabels({ team: "kops" });
  await bucket.addLifecycleRule({ action: { type: "Delete" }, condition: { age: 60 } });
  await bucket.setRetentionPeriod(1);
  await bucket.removeRetentionPeriod();
  const [metadata] = await bucket.getMetadata();
  const [all] = await owner().getBuckets();

  expect(metadata.labels).toEqual({ team: "kops" });
  expect(metadata.lifecycle?.rule).toHaveLength(1);
  expect(metadata.retentionPolicy).toBeUndefined();
  expect(all.map(({ name }) => name)).toEqual(["by-library"]);
});

test.each([
  { resumable: false, size: 1_000 },
  { resumable: true, size: 3_000_000 },
])("uploads $size bytes, resumable: $resumable, and downloads them checked", async ({ resumable, size }) => {
  const bytes = randomBytes(size);
  const file = bucket.file(`dir/some file ${size}`);
  await file.save(bytes, { resumable, validation: "crc32c", metadata: { contentType: "x/y", metadata: { a: "b" } } });

  const [downloaded] = await file.download({ validation: "crc32c" });
  const [part] = await file.download({ start: 10, end: 19 });
  const [metadata] = await file.getMetadata();

  expect(downloaded.equals(bytes)).toBe(true);
  expect(part.equals(bytes.subarray(10, 20))).toBe(true);
  expect(metadata).toMatchObject({ contentType: "x/y", metadata: { a: "b" }, size: String(size) });
});

test("uploads in chunks from a file on disk", async () => {
  const bytes = randomBytes(2_500_000);
  const path = join(folder, "local");
  writeFileSync(path, bytes);
  await bucket.upload(path, { destination: "chunked", resumable: true, chunkSize: 512 * 1024 });

  expect((await bucket.file("chunked").download())[0].equals(bytes)).toBe(true);
});

test("refuses bytes that were damaged on the way", async () => {
  await bucket.file("fragile").save("0123456789", { resumable: false });
  await sandbox().owner.post("/sandbox/v1/faults", {
    times: 1,
    match: { path: "fragile" },
    action: { corruptByteAt: 5 },
  });

  await expect(bucket.file("fragile").download({ validation: "crc32c" })).rejects.toThrow(/did not match|mismatch/i);
});

test("follows pages", async () => {
  await seedInto(sandbox().owner, { objects: [{ bucket: "by-library", name: "paged/{i}", count: 1_200, text: "" }] });

  const [files] = await bucket.getFiles({ prefix: "paged/" });

  expect(files).toHaveLength(1_200);
});

test("copies with tokens for as long as it takes", async () => {
  await owner().createBucket("far-library", { location: "EU" });
  await seedInto(sandbox().owner, { objects: [{ bucket: "by-library", name: "large", size: 300 << 20 }] });

  const [copy] = await bucket.file("large").copy(owner().bucket("far-library").file("copied"), {
    preconditionOpts: { ifGenerationMatch: 0 },
  });

  expect((await copy.getMetadata())[0].size).toBe(String(300 << 20));
  const { counts } = (await sandbox().owner.get("/sandbox/v1/requests?limit=0")).json;
  expect(counts["POST /storage/v1/b/{sourceBucket}/o/{sourceObject}/rewriteTo/b/{bucket}/o/{object}"]).toBe(2);
});

test("combines, patches and deletes", async () => {
  await bucket.file("c1").save("one ", { resumable: false });
  await bucket.file("c2").save("two", { resumable: false });
  const [combined] = await bucket.combine(["c1", "c2"], "c12");
  await bucket.file("c12").setMetadata({ metadata: { k: "v" } });
  const [metadata] = await bucket.file("c12").getMetadata();
  await bucket.file("c12").delete();

  expect(metadata).toMatchObject({ metadata: { k: "v" }, componentCount: 2 });
  expect(metadata.md5Hash).toBeUndefined();
  expect(await bucket.file(combined.name).exists()).toEqual([false]);
});

test("gets Google's errors: missing, refused, precondition", async () => {
  const code = (promise: Promise<unknown>) =>
    promise.then(
      () => 200,
      (error) => error.code,
    );
  await bucket.file("there").save("x", { resumable: false });
  const stranger = client("user:stranger@example.com").bucket("by-library");

  expect(await code(bucket.file("none").getMetadata())).toBe(404);
  expect(await code(bucket.file("none").download())).toBe(404);
  expect(await code(stranger.file("there").download())).toBe(403);
  expect(await code(stranger.file("there").save("y", { resumable: false }))).toBe(403);
  const again = bucket.file("there").save("y", { resumable: false, preconditionOpts: { ifGenerationMatch: 0 } });
  expect(await code(again)).toBe(412);
});

test("reads, changes and tests policies", async () => {
  const [policy] = await bucket.iam.getPolicy({ requestedPolicyVersion: 3 });
  policy.bindings.push({ role: "roles/storage.objectViewer", members: ["user:viewer@example.com"] });
  await bucket.iam.setPolicy(policy);
  const viewer = client("user:viewer@example.com").bucket("by-library");

  expect((await viewer.file("there").download())[0].toString()).toBe("x");
  expect(await viewer.iam.testPermissions(["storage.objects.get", "storage.objects.delete"])).toMatchObject([
    { "storage.objects.get": true, "storage.objects.delete": false },
    {},
  ]);
  await expect(bucket.iam.setPolicy(policy)).rejects.toMatchObject({ code: 412 });
});
