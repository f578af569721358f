import { withSandbox } from "./support";

const sandbox = withSandbox({ projects: ["estate", "other-estate"] });
const insert = (body: object, project = "estate") => sandbox().owner.post(`/storage/v1/b?project=${project}`, body);

describe("a bucket", () => {
  test("has Google's defaults when it is made", async () => {
    const { status, json } = await insert({ name: "plain-bucket" });

    expect(status).toBe(200);
    expect(json).toMatchObject({
      kind: "storage#bucket",
      id: "plain-bucket",
      location: "US",
      locationType: "multi-region",
      storageClass: "STANDARD",
      metageneration: "1",
      etag: "CAE=",
      rpo: "DEFAULT",
      iamConfiguration: { publicAccessPrevention: "inherited", uniformBucketLevelAccess: { enabled: false } },
      softDeletePolicy: { retentionDurationSeconds: "604800" },
    });
    expect(json.projectNumber).toMatch(/^\d+$/);
  });

  test("gives the members of its project the legacy roles", async () => {
    await insert({ name: "with-policy", iamConfiguration: { uniformBucketLevelAccess: { enabled: true } } });

    const { json } = await sandbox().owner.get("/storage/v1/b/with-policy/iam?optionsRequestedPolicyVersion=3");

    const owners = ["projectEditor:estate", "projectOwner:estate"];
    expect(json).toMatchObject({ kind: "storage#policy", resourceId: "projects/_/buckets/with-policy", etag: "CAE=" });
    expect(json.bindings).toEqual([
      { role: "roles/storage.legacyBucketOwner", members: owners },
      { role: "roles/storage.legacyBucketReader", members: ["projectViewer:estate"] },
      { role: "roles/storage.legacyObjectOwner", members: owners },
      { role: "roles/storage.legacyObjectReader", members: ["projectViewer:estate"] },
    ]);
  });

  test.each([
    { location: "us", expected: ["US", "multi-region"] },
    { location: "europe-west1", expected: ["EUROPE-WEST1", "region"] },
    { location: "nam4", expected: ["NAM4", "dual-region"] },
  ])("in $location knows what kind of place that is", async ({ location, expected }) => {
    const { json } = await insert({ name: `at-${location}`, location });

    expect([json.location, json.locationType]).toEqual(expected);
  });

  test.each([
    ["UPPER", "Invalid bucket name: 'UPPER'"],
    ["ab", "Invalid bucket name: 'ab'"],
    ["-dash", "Invalid bucket name: '-dash'"],
    ["x".repeat(64), `Invalid bucket name: '${"x".repeat(64)}'`],
    ["goog-mine", "Invalid bucket name: 'goog-mine'"],
    ["my-google-files", "Invalid bucket name: 'my-google-files'"],
    ["10.0.0.1", "Invalid bucket name: '10.0.0.1'"],
    ["a..b", "Invalid bucket name: 'a..b'"],
  ])("can't be called %s", async (name, message) => {
    const { status, json } = await insert({ name });

    expect([status, json.error.message, json.error.errors[0].reason]).toEqual([400, message, "invalid"]);
  });

  test("name is taken, whoever has it", async () => {
    await insert({ name: "taken-bucket" });

    const own = await insert({ name: "taken-bucket" });
    const foreign = await insert({ name: "taken-bucket" }, "other-estate");

    expect([own.status, own.json.error.message]).toEqual([
      409,
      "Your previous request to create the named bucket succeeded and you already own it.",
    ]);
    expect([foreign.status, foreign.json.error.errors[0].reason]).toEqual([409, "conflict"]);
    expect(foreign.json.error.message).toContain("The requested bucket name is not available.");
  });

  test("needs a project that exists, by id or number", async () => {
    const number = (await sandbox().owner.get("/sandbox/v1/state")).json.projects[0].projectNumber;

    expect((await insert({ name: "by-number" }, number)).status).toBe(200);
    expect((await insert({ name: "nowhere" }, "missing-project")).json.error).toMatchObject({
      code: 400,
      message: "Unknown project id: missing-project",
    });
  });

  test("that isn't there is a 404 in Google's shape", async () => {
    const { status, json } = await sandbox().owner.get("/storage/v1/b/no-such-bucket");

    const message = "The specified bucket does not exist.";
    expect(status).toBe(404);
    expect(json).toEqual({
      error: { code: 404, message, errors: [{ message, domain: "global", reason: "notFound" }] },
    });
  });
});

describe("changing a bucket", () => {
  test("by PATCH changes what it names, and null takes away", async () => {
    await insert({ name: "patched", labels: { keep: "1", drop: "2" } });

    const { json } = await sandbox().owner.patch("/storage/v1/b/patched", {
      labels: { drop: null, add: "3" },
      versioning: { enabled: true },
      website: { mainPageSuffix: "index.html" },
    });
    const again = await sandbox().owner.patch("/storage/v1/b/patched", { website: null });

    expect(json).toMatchObject({ labels: { keep: "1", add: "3" }, versioning: { enabled: true }, metageneration: "2" });
    expect(json.labels.drop).toBeUndefined();
    expect(again.json.website).toBeUndefined();
    expect(again.json.labels).toEqual({ keep: "1", add: "3" });
  });

  test("by PUT resets what it doesn't name, apart from class and access", async () => {
    await insert({
      name: "replaced",
      labels: { a: "1" },
      storageClass: "NEARLINE",
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    });

    const { json } = await sandbox().owner.put("/storage/v1/b/replaced", { versioning: { enabled: true } });

    expect(json).toMatchObject({
      storageClass: "NEARLINE",
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    });
    expect(json.labels).toBeUndefined();
  });

  test("does nothing when a precondition doesn't hold", async () => {
    await insert({ name: "guarded" });

    const { status, json } = await sandbox().owner.patch("/storage/v1/b/guarded?ifMetagenerationMatch=7", {
      labels: {},
    });

    expect(status).toBe(412);
    expect(json.error.errors[0]).toMatchObject({
      reason: "conditionNotMet",
      locationType: "header",
      location: "If-Match",
    });
    expect((await sandbox().owner.get("/storage/v1/b/guarded?ifMetagenerationNotMatch=1")).status).toBe(304);
    expect((await sandbox().owner.get("/storage/v1/b/guarded?ifMetagenerationMatch=1")).json.metageneration).toBe("1");
  });

  test.each([
    [{ labels: { UPPER: "x" } }, "Invalid label"],
    [{ labels: 5 }, "'labels' (object): 5"],
    [{ versioning: true }, "'versioning' (object): true"],
    [{ iamConfiguration: { uniformBucketLevelAccess: 7 } }, "'iamConfiguration.uniformBucketLevelAccess' (object): 7"],
    [{ cors: [null] }, "'cors[0]' (object): null"],
    [{ storageClass: ["STANDARD"] }, "'storageClass' (string)"],
    [{ softDeletePolicy: 5 }, "'softDeletePolicy' (object): 5"],
    [{ lifecycle: "x" }, "'lifecycle' (object): \"x\""],
    [{ lifecycle: { rule: {} } }, "'lifecycle.rule' (list): {}"],
    [{ lifecycle: { rule: [null] } }, "'lifecycle.rule[0]' (object): null"],
    [{ lifecycle: { rule: [{ action: 5 }] } }, "'lifecycle.rule[0].action' (object): 5"],
    [{ storageClass: "FAST" }, "storage class"],
    [{ softDeletePolicy: { retentionDurationSeconds: "60" } }, "neither 0 nor 7 to 90 days"],
    [{ retentionPolicy: { retentionPeriod: "-1" } }, "Retention period must be positive"],
    [{ lifecycle: { rule: [{ action: { type: "Burn" }, condition: { age: 1 } }] } }, "lifecycle action"],
    [{ lifecycle: { rule: [{ action: { type: "SetStorageClass" }, condition: { age: 1 } }] } }, 'storage class ""'],
    [
      { lifecycle: { rule: [{ action: { type: "SetStorageClass", storageClass: "FOO" }, condition: { age: 1 } }] } },
      'storage class "FOO"',
    ],
    [{ lifecycle: { rule: [{ action: { type: "Delete" }, condition: { aeg: 1 } }] } }, '"aeg" is unknown'],
    [{ lifecycle: { rule: [{ action: { type: "Delete" }, condition: {} }] } }, "at least one condition"],
  ])("to %j fails", async (change, message) => {
    await insert({ name: "unchanged" });

    const { status, json } = await sandbox().owner.patch("/storage/v1/b/unchanged", change);

    expect(status).toBe(400);
    expect(json.error.message).toContain(message);
    expect((await sandbox().owner.get("/storage/v1/b/unchanged")).json.metageneration).toBe("1");
  });

  test("turning uniform access on later gives nobody in the policy what access lists gave", async () => {
    await insert({ name: "made-uniform" });
    const iamConfiguration = { uniformBucketLevelAccess: { enabled: true } };
    await sandbox().owner.patch("/storage/v1/b/made-uniform", { iamConfiguration });

    const { json } = await sandbox().owner.get("/storage/v1/b/made-uniform/iam");

    expect(json.bindings.map(({ role }: { role: string }) => role)).toEqual([
      "roles/storage.legacyBucketOwner",
      "roles/storage.legacyBucketReader",
    ]);
  });
});

describe("deleting a bucket", () => {
  test("succeeds when it is empty, soft-deleted objects aside", async () => {
    await insert({ name: "emptied" });
    await sandbox().owner.upload("emptied", "o", "x");

    const full = await sandbox().owner.delete("/storage/v1/b/emptied");
    await sandbox().owner.delete("/storage/v1/b/emptied/o/o");
    const empty = await sandbox().owner.delete("/storage/v1/b/emptied");

    expect([full.status, full.json.error.message]).toEqual([409, "The bucket you tried to delete is not empty."]);
    expect(empty.status).toBe(204);
    expect((await sandbox().owner.get("/storage/v1/b/emptied")).status).toBe(404);
    expect((await insert({ name: "emptied" }, "other-estate")).json.metageneration).toBe("1");
  });
});

test("the buckets of a project are listed by prefix, in pages", async () => {
  for (const name of ["list-a", "list-b", "list-c"]) await insert({ name }, "other-estate");
  const path = "/storage/v1/b?project=other-estate&prefix=list-&maxResults=2";

  const first = (await sandbox().owner.get(path)).json;
  const second = (await sandbox().owner.get(`${path}&pageToken=${first.nextPageToken}`)).json;

  const names = [first, second].map(({ items }) => items.map(({ name }: { name: string }) => name));
  expect(names).toEqual([["list-a", "list-b"], ["list-c"]]);
  expect(second.nextPageToken).toBeUndefined();
  expect((await sandbox().owner.get(`${path}&softDeleted=true`)).json.items).toBeUndefined();
});
