import { holds } from "../../sandbox/iam/condition";
import { withSandbox } from "./support";

const sandbox = withSandbox({
  projects: [{ projectId: "estate", parent: { type: "folder", id: "7" } }, "other-estate"],
  groups: [
    { email: "team@example.org", members: ["member@example.org", "inner@example.org"] },
    { email: "inner@example.org", members: ["nested@example.org", "team@example.org"] },
    { email: "robots@example.org", members: ["robot@estate.iam.gserviceaccount.com"] },
  ],
  buckets: [
    {
      name: "team-bucket",
      project: "estate",
      bindings: [{ role: "roles/storage.objectAdmin", members: ["group:team@example.org"] }],
    },
    { name: "plain-bucket", project: "estate" },
    { name: "acl-bucket", project: "estate", iamConfiguration: { uniformBucketLevelAccess: { enabled: false } } },
    { name: "shared-bucket", project: "estate" },
  ],
  objects: ["team-bucket", "plain-bucket", "acl-bucket"].map((bucket) => ({ bucket, name: "o", text: "x" })),
});
const as = (principal: string | undefined) => sandbox().owner.as(principal);
const read = async (principal: string | undefined, bucket: string, name = "o") =>
  (await as(principal).get(`/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`)).status;
const grant = (bucket: string, role: string, ...members: readonly string[]) =>
  sandbox().owner.put(`/storage/v1/b/${bucket}/iam`, { bindings: [{ role, members }] });
const grantOn = (resource: string, role: string, ...members: readonly string[]) =>
  sandbox().owner.post(`${resource}:setIamPolicy`, { policy: { bindings: [{ role, members }] } });

describe("a caller", () => {
  test("is named by its token, as a member or as an address", async () => {
    await grant(
      "plain-bucket",
      "roles/storage.objectViewer",
      "user:alice@example.com",
      "serviceAccount:robot@p.iam.gserviceaccount.com",
    );

    expect(await read("user:alice@example.com", "plain-bucket")).toBe(200);
    expect(await read("alice@example.com", "plain-bucket")).toBe(200);
    expect(await read("ALICE@example.com", "plain-bucket")).toBe(200);
    expect(await read("robot@p.iam.gserviceaccount.com", "plain-bucket")).toBe(200);
    expect(await read("user:robot@p.iam.gserviceaccount.com", "plain-bucket")).toBe(403);
    expect(await read("bob@example.com", "plain-bucket")).toBe(403);
    expect(await read(undefined, "plain-bucket")).toBe(401);
  });

  test("with a token that names nobody, or has expired, is refused", async () => {
    const answer = await as("ya29.something").get("/storage/v1/b/plain-bucket");

    expect([answer.status, answer.json.error.errors[0].reason]).toEqual([401, "authError"]);
    expect(answer.headers.get("www-authenticate")).toContain("invalid_token");
    expect(await read(`user:owner@example.org;expires=${Date.now() - 1}`, "plain-bucket")).toBe(401);
    expect(await read(`user:owner@example.org;expires=${Date.now() + 60_000}`, "plain-bucket")).toBe(200);
  });

  test("is refused in Google's words", async () => {
    const path = "/upload/storage/v1/b/plain-bucket/o?uploadType=media&name=new";
    const known = await as("user:bob@example.com").post(path, "x");
    const nobody = await as(undefined).post(path, "x");

    expect([known.status, known.json.error.errors[0].reason, known.json.error.message]).toEqual([
      403,
      "forbidden",
      "bob@example.com does not have storage.objects.create access to the Google Cloud Storage object. Permission 'storage.objects.create' denied on resource (or it may not exist).",
    ]);
    expect([nobody.status, nobody.json.error.errors[0]]).toMatchObject([
      401,
      { reason: "required", locationType: "header", location: "Authorization" },
    ]);
    expect(nobody.json.error.message).toMatch(/^Anonymous caller does not have storage\.objects\.create access/);
    const bucket = await as("user:bob@example.com").post("/storage/v1/b?project=estate", { name: "new-bucket" });
    expect(bucket.json.error.message).toContain(
      "does not have storage.buckets.create access to the Google Cloud project.",
    );
  });
});

describe("a grant", () => {
  test("to a group reaches members, members of members, and nobody else, cycles or not", async () => {
    const who = ["member@example.org", "nested@example.org", "stranger@example.org"];

    expect(await Promise.all(who.map((user) => read(user, "team-bucket")))).toEqual([200, 200, 403]);
  });

  test("to a group follows its membership at once", async () => {
    await grant("plain-bucket", "roles/storage.objectViewer", "group:robots@example.org");
    const robot = "robot@estate.iam.gserviceaccount.com";
    expect(await read(robot, "plain-bucket")).toBe(200);

    await sandbox().owner.delete(`/admin/directory/v1/groups/robots@example.org/members/${robot}`);

    expect(await read(robot, "plain-bucket")).toBe(403);
  });

  test.each([
    ["allUsers", [200, 200]],
    ["allAuthenticatedUsers", [401, 200]],
    ["domain:example.com", [401, 200]],
    ["domain:example.org", [401, 403]],
  ])("to %s", async (member, expected) => {
    await grant("plain-bucket", "roles/storage.objectViewer", member);

    expect([await read(undefined, "plain-bucket"), await read("bob@example.com", "plain-bucket")]).toEqual(expected);
  });

  test("on a project or the folder above it holds for its buckets", async () => {
    await grant("plain-bucket", "roles/storage.objectViewer", "user:nobody@example.com");
    await grantOn("/resource-manager/v1/projects/estate", "roles/storage.objectViewer", "user:projectwide@example.com");
    await grantOn("/resource-manager-v3/v3/folders/7", "roles/storage.objectViewer", "user:folderwide@example.com");

    const who = ["projectwide@example.com", "folderwide@example.com", "elsewhere@example.com"];
    expect((await Promise.all(who.map((user) => read(user, "plain-bucket")))).slice(0, 1)).toEqual([200]);
    expect(await read("elsewhere@example.com", "plain-bucket")).toBe(403);
  });

  test("to projectEditor reaches the project's editors, and basic roles alone give no objects", async () => {
    await grantOn("/resource-manager/v1/projects/estate", "roles/editor", "user:editor@example.com");
    await grant("plain-bucket", "roles/storage.objectViewer", "projectEditor:estate");
    expect(await read("editor@example.com", "plain-bucket")).toBe(200);

    await grant("plain-bucket", "roles/storage.objectViewer", "projectOwner:estate");

    expect(await read("editor@example.com", "plain-bucket")).toBe(403);
    // Without uniform access the project's editors come in by access lists.
    expect(await read("editor@example.com", "acl-bucket")).toBe(200);
  });

  test("of a custom role gives what the role includes, until it is deleted", async () => {
    const path = "/iam/v1/projects/estate/roles";
    await sandbox().owner.post(path, {
      roleId: "peek",
      role: { title: "Peek", includedPermissions: ["storage.objects.get"] },
    });
    await grant("plain-bucket", "projects/estate/roles/peek", "user:peeker@example.com");
    expect(await read("peeker@example.com", "plain-bucket")).toBe(200);
    expect((await as("peeker@example.com").get("/storage/v1/b/plain-bucket/o")).status).toBe(403);

    await sandbox().owner.delete(`${path}/peek`);

    expect(await read("peeker@example.com", "plain-bucket")).toBe(403);
  });

  test("of nothing the sandbox knows gives nothing", async () => {
    await grant("plain-bucket", "roles/storage.unheardOf", "user:bob@example.com");

    expect(await read("bob@example.com", "plain-bucket")).toBe(403);
  });

  test.each([
    [
      "roles/storage.objectCreator",
      { create: true, overwrite: false, read: false, list: false, delete: false, bucket: false, policy: false },
    ],
    [
      "roles/storage.objectViewer",
      { create: false, overwrite: false, read: true, list: true, delete: false, bucket: false, policy: false },
    ],
    [
      "roles/storage.objectUser",
      { create: true, overwrite: true, read: true, list: true, delete: true, bucket: false, policy: false },
    ],
    [
      "roles/storage.objectAdmin",
      { create: true, overwrite: true, read: true, list: true, delete: true, bucket: false, policy: false },
    ],
    [
      "roles/storage.admin",
      { create: true, overwrite: true, read: true, list: true, delete: true, bucket: true, policy: true },
    ],
    [
      "roles/storage.legacyObjectReader",
      { create: false, overwrite: false, read: true, list: false, delete: false, bucket: false, policy: false },
    ],
    [
      "roles/storage.legacyBucketReader",
      { create: false, overwrite: false, read: false, list: true, delete: false, bucket: true, policy: false },
    ],
    [
      "roles/storage.legacyBucketWriter",
      { create: true, overwrite: true, read: false, list: true, delete: true, bucket: true, policy: false },
    ],
    [
      "roles/storage.legacyBucketOwner",
      { create: true, overwrite: true, read: false, list: true, delete: true, bucket: true, policy: true },
    ],
  ])("of %s allows just that", async (role, expected) => {
    await grant("plain-bucket", role, "user:bob@example.com");
    const bob = as("user:bob@example.com");
    const ok = async (answer: Promise<{ status: number }>) => (await answer).status < 300;
    await sandbox().owner.upload("plain-bucket", "old", "x");
    await sandbox().owner.delete("/storage/v1/b/plain-bucket/o/new");

    expect({
      create: await ok(bob.upload("plain-bucket", "new", "x")),
      overwrite: await ok(bob.upload("plain-bucket", "old", "y")),
      read: await ok(bob.get("/storage/v1/b/plain-bucket/o/old")),
      list: await ok(bob.get("/storage/v1/b/plain-bucket/o")),
      bucket: await ok(bob.get("/storage/v1/b/plain-bucket")),
      policy: await ok(bob.get("/storage/v1/b/plain-bucket/iam")),
      delete: await ok(bob.delete("/storage/v1/b/plain-bucket/o/old")),
    }).toEqual(expected);
  });
});

describe("a policy", () => {
  const path = "/storage/v1/b/shared-bucket/iam";
  const viewer = { role: "roles/storage.objectViewer", members: ["user:v@example.com"] };

  test("is written only over the version that was read", async () => {
    const before = (await sandbox().owner.get(path)).json;
    const first = await sandbox().owner.put(path, { ...before, bindings: [viewer] });
    const second = await sandbox().owner.put(path, { ...before, bindings: [] });
    const blind = await sandbox().owner.put(path, { bindings: [viewer] });

    expect([first.status, second.status, blind.status]).toEqual([200, 412, 200]);
    expect(first.json.etag).not.toBe(before.etag);
    expect((await sandbox().owner.get(path)).json.etag).toBe(blind.json.etag);
  });

  test("has one binding for each role", async () => {
    const { json } = await sandbox().owner.put(path, {
      bindings: [
        viewer,
        { ...viewer, members: ["user:w@example.com", "user:v@example.com"] },
        { role: "roles/storage.admin", members: [] },
      ],
    });

    expect(json.bindings).toEqual([{ ...viewer, members: ["user:v@example.com", "user:w@example.com"] }]);
  });

  test.each([
    [[{ role: "roles/editor", members: ["user:v@example.com"] }], "not supported"],
    [[{ role: "roles/storage.admin", members: ["v@example.com"] }], "Invalid member"],
    [[{ ...viewer, condition: { title: "t", expression: "true" } }], "version must be 3"],
  ])("of %j is refused", async (bindings, says) => {
    const { status, json } = await sandbox().owner.put(path, { bindings });

    expect(status).toBe(400);
    expect(json.error.message).toContain(says);
  });

  test("with a condition holds where the condition does", async () => {
    const expression = 'resource.name.startsWith("projects/_/buckets/shared-bucket/objects/mine/")';
    const bindings = [{ ...viewer, condition: { title: "mine", expression } }];
    await sandbox().owner.put(path, { version: 3, bindings });
    for (const name of ["mine/o", "yours/o"]) await sandbox().owner.upload("shared-bucket", name, "x");

    expect(await read("v@example.com", "shared-bucket", "mine/o")).toBe(200);
    expect(await read("v@example.com", "shared-bucket", "yours/o")).toBe(403);
    expect((await sandbox().owner.get(`${path}?optionsRequestedPolicyVersion=3`)).json).toMatchObject({
      version: 3,
      bindings,
    });
    const old = (await sandbox().owner.get(path)).json;
    expect([old.version, old.bindings[0].role]).toEqual([
      1,
      expect.stringMatching(/^roles\/storage\.objectViewer_withcond_/),
    ]);
  });

  test("tells a caller what it holds", async () => {
    await sandbox().owner.put(path, { bindings: [viewer] });
    const query = "permissions=storage.objects.get&permissions=storage.objects.delete";

    const { json } = await as("v@example.com").get(`${path}/testPermissions?${query}`);

    expect(json).toEqual({ kind: "storage#testIamPermissionsResponse", permissions: ["storage.objects.get"] });
  });

  test("can't make public what public access prevention keeps, and what was public no longer is", async () => {
    await sandbox().owner.put(path, { bindings: [{ ...viewer, members: ["allUsers"] }] });
    await sandbox().owner.upload("shared-bucket", "o", "x");
    expect(await read(undefined, "shared-bucket")).toBe(200);

    await sandbox().owner.patch("/storage/v1/b/shared-bucket", {
      iamConfiguration: { publicAccessPrevention: "enforced" },
    });

    expect(await read(undefined, "shared-bucket")).toBe(401);
    expect((await sandbox().owner.put(path, { bindings: [{ ...viewer, members: ["allUsers"] }] })).status).toBe(412);
    await sandbox().owner.patch("/storage/v1/b/shared-bucket", {
      iamConfiguration: { publicAccessPrevention: "inherited" },
    });
  });
});

describe("a managed folder", () => {
  const folders = "/storage/v1/b/shared-bucket/managedFolders";

  test("has a policy for what is below it", async () => {
    await sandbox().owner.put("/storage/v1/b/shared-bucket/iam", { bindings: [] });
    expect((await sandbox().owner.post(folders, { name: "team-a/" })).json).toMatchObject({
      kind: "storage#managedFolder",
      name: "team-a/",
    });
    const bindings = [{ role: "roles/storage.objectAdmin", members: ["user:a@example.com"] }];
    await sandbox().owner.put(`${folders}/team-a%2F/iam`, { bindings });
    const a = as("user:a@example.com");

    expect((await a.upload("shared-bucket", "team-a/x", "x")).status).toBe(200);
    expect((await a.upload("shared-bucket", "team-b/x", "x")).status).toBe(403);
    expect((await a.get("/storage/v1/b/shared-bucket/o?prefix=team-a/")).status).toBe(200);
    expect((await a.get("/storage/v1/b/shared-bucket/o")).status).toBe(403);
    expect((await sandbox().owner.get(`${folders}/team-a%2F/iam`)).json.bindings).toEqual(bindings);
  });

  test("keeps its policy from those who may write what is in it", async () => {
    const a = as("user:a@example.com");

    expect((await a.get(`${folders}/team-a%2F`)).status).toBe(200);
    expect((await a.get(`${folders}/team-a%2F/iam`)).status).toBe(403);
    expect((await a.put(`${folders}/team-a%2F/iam`, { bindings: [] })).status).toBe(403);
    expect((await a.delete(`${folders}/team-a%2F?allowNonEmpty=true`)).status).toBe(403);
  });

  test("is public by itself, in a bucket that is not", async () => {
    await sandbox().owner.post(folders, { name: "team-p/" });
    await sandbox().owner.upload("shared-bucket", "team-p/x", "x");
    const bindings = [{ role: "roles/storage.objectViewer", members: ["allUsers"] }];
    await sandbox().owner.put(`${folders}/team-p%2F/iam`, { bindings });
    const anybody = as(undefined);
    const list = "/storage/v1/b/shared-bucket/o";

    expect((await anybody.get(`${list}?prefix=team-p/`)).json.items).toHaveLength(1);
    expect((await anybody.get(`${list}/team-p%2Fx?alt=media`)).status).toBe(200);
    expect((await anybody.get(list)).status).toBe(401);
    expect((await anybody.get(`${list}?prefix=team`)).status).toBe(401);
    expect((await anybody.get(`${list}?prefix=team-a/`)).status).toBe(401);
  });

  test("is listed, and deleted when it is empty or that doesn't matter", async () => {
    await sandbox().owner.post(folders, { name: "team-c/" });
    await sandbox().owner.upload("shared-bucket", "team-c/x", "x");

    expect((await sandbox().owner.post(folders, { name: "team-c" })).status).toBe(409);
    expect((await sandbox().owner.get(`${folders}?prefix=team-c`)).json.items).toHaveLength(1);
    expect((await sandbox().owner.delete(`${folders}/team-c%2F`)).status).toBe(409);
    expect((await sandbox().owner.delete(`${folders}/team-c%2F?allowNonEmpty=true`)).status).toBe(204);
    expect((await sandbox().owner.get(`${folders}/team-c%2F`)).status).toBe(404);
  });
});

describe("an access list", () => {
  const more = "Read more at https://cloud.google.com/storage/docs/uniform-bucket-level-access";
  const list = "/o/o/acl";

  test.each([
    ["GET", list, `Cannot get legacy ACL for an object when uniform bucket-level access is enabled. ${more}`],
    ["POST", list, `Cannot update access control for an object when uniform bucket-level access is enabled. ${more}`],
    ["DELETE", `${list}/allUsers`, expect.stringMatching(/^Cannot update access control for an object/)],
    ["PATCH", "/o/o?predefinedAcl=private", expect.stringMatching(/^Cannot update access control for an object/)],
    ["GET", "/acl", `Cannot get legacy ACL for a bucket that has uniform bucket-level access. ${more}`],
    ["PUT", "/defaultObjectAcl/allUsers", expect.stringMatching(/^Cannot use ACL API to update bucket policy/)],
  ])("fails with uniform access in Google's words: %s %s", async (method, path, message) => {
    const { status, json } = await sandbox().owner.send(method, `/storage/v1/b/team-bucket${path}`);

    expect([status, json.error.message]).toEqual([400, message]);
  });

  test.each([
    ["a bucket without uniform access", "acl-bucket", "o", 501],
    ["a missing object", "team-bucket", "missing", 404],
    ["a missing bucket", "missing-bucket", "o", 404],
  ])("fails for %s", async (_, bucket, name, expected) => {
    expect((await sandbox().owner.get(`/storage/v1/b/${bucket}/o/${name}/acl`)).status).toBe(expected);
  });

  test("is kept from who may not read the object", async () => {
    expect((await as("stranger@example.org").get(`/storage/v1/b/team-bucket${list}`)).status).toBe(403);
  });
});

test.each([
  ["GET", "projects/estate/hmacKeys", "The sandbox has no HMAC keys."],
  ["POST", "projects/estate/hmacKeys?serviceAccountEmail=a@b", "The sandbox has no HMAC keys."],
  ["DELETE", "projects/estate/hmacKeys/GOOG1", "The sandbox has no HMAC keys."],
  ["POST", "b/team-bucket/notificationConfigs", "The sandbox has no notifications."],
])("says what it doesn't play: %s %s", async (method, path, message) => {
  const { status, json } = await sandbox().owner.send(method, `/storage/v1/${path}`);

  expect([status, json.error.message]).toEqual([501, message]);
});

describe("a condition", () => {
  const subject = { resource: "buckets/b/objects/dir/name.txt", now: Date.parse("2026-01-01T00:00:00Z") };

  test.each([
    ['resource.name.startsWith("projects/_/buckets/b/objects/dir/")', true],
    ["resource.name.endsWith('.txt')", true],
    ['resource.name == "projects/_/buckets/b/objects/dir/name.txt"', true],
    ['resource.name != "x" && resource.type == "storage.googleapis.com/Object"', true],
    ['resource.service == "storage.googleapis.com"', true],
    ['resource.type == "storage.googleapis.com/Bucket" || resource.name.startsWith("x")', false],
    ['!resource.name.startsWith("x")', true],
    ["(true || false) && !(false)", true],
    ['request.time < timestamp("2026-02-01T00:00:00Z")', true],
    ['request.time > timestamp("2026-02-01T00:00:00Z")', false],
    // What isn't understood doesn't hold, negated or not.
    ['resource.matchTag("a", "b")', false],
    ['!resource.matchTag("a", "b")', false],
    ["", false],
    ["true &&", false],
    ['true || api.getAttribute("x", "y") == "z"', false],
  ])("%s: %s", (expression, expected) => {
    expect(holds(expression, subject)).toBe(expected);
  });
});
