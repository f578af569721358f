import { createHash } from "node:crypto";
import { withSandbox } from "./support";

const MEBIBYTE = 1 << 20;
const sandbox = withSandbox({
  buckets: [
    { name: "staging", project: "estate" },
    { name: "serving", project: "estate" },
    { name: "far-away", project: "estate", location: "EU" },
  ],
  objects: [
    { bucket: "staging", name: "rel/tool", text: "tool", contentType: "x/tool", metadata: { a: "1" } },
    { bucket: "staging", name: "large", size: 5 * MEBIBYTE + 7, seed: "large" },
    { bucket: "staging", name: "p1", text: "one " },
    { bucket: "staging", name: "p2", text: "two " },
  ],
});
const path = (source: string, destination: string, query = "") =>
  `/storage/v1/b/staging/o/${encodeURIComponent(source)}/rewriteTo/b/serving/o/${encodeURIComponent(destination)}?${query}`;
const rewrite = (source: string, destination: string, query = "", body?: object) =>
  sandbox().owner.post(path(source, destination, query), body);
const show = async (bucket: string, name: string) =>
  (await sandbox().owner.get(`/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`)).json;

describe("a rewrite", () => {
  test("copies bytes and metadata, and names what it made", async () => {
    const { json } = await rewrite("rel/tool", "tool");
    const source = await show("staging", "rel/tool");

    expect(json).toMatchObject({
      kind: "storage#rewriteResponse",
      done: true,
      totalBytesRewritten: "4",
      objectSize: "4",
      resource: {
        bucket: "serving",
        name: "tool",
        contentType: "x/tool",
        metadata: { a: "1" },
        md5Hash: source.md5Hash,
      },
    });
    expect(json.rewriteToken).toBeUndefined();
    expect(json.resource.generation).not.toBe(source.generation);
    expect((await sandbox().owner.get("/storage/v1/b/serving/o/tool?alt=media")).text).toBe("tool");
  });

  test("takes metadata from its body instead of the source if it has one", async () => {
    const { json } = await rewrite("rel/tool", "described", "", { metadata: { b: "2" }, contentType: "y/y" });

    expect(json.resource).toMatchObject({ metadata: { b: "2" }, contentType: "y/y" });
    expect(json.resource.metadata.a).toBeUndefined();
  });

  test("of many bytes goes on with a token, until it is done", async () => {
    const body = { metadata: { sha256: "x" } };
    const query = `maxBytesRewrittenPerCall=${2 * MEBIBYTE}&ifGenerationMatch=0`;
    const steps: unknown[] = [];
    let token = "";
    for (;;) {
      const { json } = await rewrite("large", "large", `${query}${token === "" ? "" : `&rewriteToken=${token}`}`, body);
      steps.push([json.totalBytesRewritten, json.done]);
      if (json.done) break;
      expect((await show("serving", "large")).error.code).toBe(404);
      token = encodeURIComponent(json.rewriteToken);
    }

    const size = 5 * MEBIBYTE + 7;
    expect(steps).toEqual([
      [String(2 * MEBIBYTE), false],
      [String(4 * MEBIBYTE), false],
      [String(size), true],
    ]);
    expect((await show("serving", "large")).metadata).toEqual({ sha256: "x" });
    const bytes = (await sandbox().owner.get("/storage/v1/b/serving/o/large?alt=media")).bytes;
    expect(createHash("md5").update(bytes).digest("base64")).toBe((await show("staging", "large")).md5Hash);
  });

  test("refuses a token of another rewrite, or of a source that has changed", async () => {
    const query = `maxBytesRewrittenPerCall=${MEBIBYTE}`;
    const { rewriteToken } = (await rewrite("large", "other", query)).json;

    expect((await rewrite("large", "elsewhere", `rewriteToken=${rewriteToken}`)).status).toBe(400);
    expect((await rewrite("large", "other", "rewriteToken=nonsense")).status).toBe(400);
    await sandbox().owner.post("/sandbox/v1/seed", {
      objects: [{ bucket: "staging", name: "large", size: 5 * MEBIBYTE + 7, seed: "large" }],
    });
    expect((await rewrite("large", "other", `rewriteToken=${rewriteToken}`)).status).toBe(400);
  });

  test.each([
    ["ifGenerationMatch=0", 412],
    ["ifGenerationMatch=G", 200],
    ["ifGenerationMatch=1", 412],
    ["ifGenerationNotMatch=G", 304],
    ["ifMetagenerationMatch=2", 412],
    ["ifSourceGenerationMatch=S", 200],
    ["ifSourceGenerationMatch=1", 412],
    ["ifSourceGenerationNotMatch=S", 304],
    ["ifSourceMetagenerationMatch=1", 200],
    ["ifSourceMetagenerationNotMatch=1", 304],
    ["sourceGeneration=S", 200],
    ["sourceGeneration=1", 404],
    ["sourceGeneration=abc", 400],
    ["maxBytesRewrittenPerCall=1000", 400],
  ])("with %s onto an object that is there answers %i", async (query, status) => {
    const { generation } = (await sandbox().owner.upload("serving", "occupied", "x")).json;
    const source = await show("staging", "rel/tool");

    const answer = await rewrite(
      "rel/tool",
      "occupied",
      query.replace("=G", `=${generation}`).replace("=S", `=${source.generation}`),
    );

    expect(answer.status).toBe(status);
  });

  test("lets exactly one of many win", async () => {
    const answers = await Promise.all(
      Array.from({ length: 16 }, () => rewrite("rel/tool", "race", "ifGenerationMatch=0")),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(15);
  });

  test("needs the right to read there and to write here", async () => {
    const policy = { bindings: [{ role: "roles/storage.objectCreator", members: ["user:writer@example.org"] }] };
    await sandbox().owner.put("/storage/v1/b/serving/iam", policy);
    const writer = sandbox().owner.as("user:writer@example.org");

    const blind = await writer.post(path("rel/tool", "by-writer"));
    await sandbox().owner.put("/storage/v1/b/staging/iam", {
      bindings: [{ role: "roles/storage.objectViewer", members: ["user:writer@example.org"] }],
    });
    const fresh = await writer.post(path("rel/tool", "by-writer"));
    const again = await writer.post(path("rel/tool", "by-writer"));

    expect([blind.status, blind.json.error.message]).toEqual([
      403,
      "writer@example.org does not have storage.objects.get access to the Google Cloud Storage object. Permission 'storage.objects.get' denied on resource (or it may not exist).",
    ]);
    expect(fresh.status).toBe(200);
    // Creating is not overwriting.
    expect(again.json.error.message).toContain("does not have storage.objects.delete access");
  });

  test("to another location needs a token for what is larger than 256 MiB", async () => {
    await sandbox().owner.post("/sandbox/v1/seed", {
      objects: [{ bucket: "staging", name: "huge", size: (256 << 20) + 1 }],
    });

    const near = await rewrite("huge", "huge");
    const far = await sandbox().owner.post("/storage/v1/b/staging/o/huge/rewriteTo/b/far-away/o/huge");

    expect(near.json.done).toBe(true);
    expect([far.json.done, far.json.totalBytesRewritten]).toEqual([false, String(256 << 20)]);
  });
});

test("a copy answers with the object itself", async () => {
  const { json } = await sandbox().owner.post("/storage/v1/b/staging/o/p1/copyTo/b/serving/o/p1");

  expect(json).toMatchObject({ kind: "storage#object", bucket: "serving", name: "p1", size: "4" });
});

describe("a move", () => {
  const move = (source: string, destination: string, query = "") =>
    sandbox().owner.post(`/storage/v1/b/staging/o/${source}/moveTo/o/${destination}${query}`);

  test("gives an object another name, with its bytes and metadata", async () => {
    expect((await move("rel%2Ftool", "moved")).json).toMatchObject({ name: "moved", size: "4", metadata: { a: "1" } });
    expect(await show("staging", "rel/tool")).toMatchObject({ error: { code: 404 } });
    expect((await move("moved", "rel%2Ftool", "?ifGenerationMatch=0")).status).toBe(200);
  });

  test("of an object that is retained moves nothing", async () => {
    const held = await sandbox().owner.patch("/storage/v1/b/staging/o/p1", { temporaryHold: true });
    expect(held.status).toBe(200);
    expect((await move("p1", "elsewhere")).status).toBe(403);
    expect(await show("staging", "elsewhere")).toMatchObject({ error: { code: 404 } });
    await sandbox().owner.patch("/storage/v1/b/staging/o/p1", { temporaryHold: false });
  });

  test("onto a name that is taken is refused where it must be free", async () => {
    expect((await move("p1", "p2", "?ifGenerationMatch=0")).status).toBe(412);
    expect((await move("p1", "p1")).status).toBe(400);
    expect(await show("staging", "p1")).toMatchObject({ name: "p1" });
  });
});

describe("composing", () => {
  const compose = (name: string, body: object, query = "") =>
    sandbox().owner.post(`/storage/v1/b/staging/o/${name}/compose${query}`, body);
  const parts = (...names: readonly string[]) => names.map((name) => ({ name }));

  test("joins objects, which leaves a CRC and no MD5", async () => {
    const { json } = await compose("joined", {
      sourceObjects: parts("p1", "p2", "p1"),
      destination: { contentType: "a/b" },
    });
    const whole = (await sandbox().owner.upload("staging", "whole", "one two one ")).json;

    expect(json).toMatchObject({ size: "12", componentCount: 3, contentType: "a/b", crc32c: whole.crc32c });
    expect(json.md5Hash).toBeUndefined();
    expect((await sandbox().owner.get("/storage/v1/b/staging/o/joined?alt=media")).text).toBe("one two one ");
    const range = await sandbox().owner.get("/storage/v1/b/staging/o/joined?alt=media", { range: "bytes=2-9" });
    expect(range.text).toBe("e two on");
  });

  test("takes null for a generation that doesn't matter", async () => {
    const { status } = await compose("nulls", { sourceObjects: [{ name: "p1", generation: null }] });

    expect(status).toBe(200);
  });

  test("counts components of components, and keeps bytes whose objects are deleted", async () => {
    await compose("inner", { sourceObjects: parts("p1", "p2") });
    const { json } = await compose("outer", { sourceObjects: parts("inner", "p1") });
    await sandbox().owner.patch("/storage/v1/b/staging", { softDeletePolicy: { retentionDurationSeconds: "0" } });
    await sandbox().owner.delete("/storage/v1/b/staging/o/inner");
    await sandbox().owner.delete("/storage/v1/b/staging/o/p2");

    expect(json.componentCount).toBe(3);
    expect((await sandbox().owner.get("/storage/v1/b/staging/o/outer?alt=media")).text).toBe("one two one ");
  });

  test.each([
    [{ sourceObjects: [] }, "", 400],
    [{ sourceObjects: Array.from({ length: 33 }, () => ({ name: "p1" })) }, "", 400],
    [{ sourceObjects: [{ name: "none" }] }, "", 404],
    [{ sourceObjects: [null] }, "", 400],
    [{ sourceObjects: [{}] }, "", 400],
    [{ sourceObjects: 5 }, "", 400],
    [{ sourceObjects: [{ name: "p1", generation: "abc" }] }, "", 400],
    [{ sourceObjects: [{ name: "p1", objectPreconditions: { ifGenerationMatch: "abc" } }] }, "", 400],
    [{ sourceObjects: [{ name: "p1", objectPreconditions: { ifGenerationMatch: "1" } }] }, "", 412],
    [{ sourceObjects: [{ name: "p1" }] }, "?ifGenerationMatch=1", 412],
  ])("refuses %j %s with %i", async (body, query, status) => {
    expect((await compose("refused", body, query)).status).toBe(status);
  });
});
