import { createHash } from "node:crypto";
import { withSandbox } from "./support";

const sandbox = withSandbox({ buckets: [{ name: "things", project: "estate" }] });
const O = "/storage/v1/b/things/o";

describe("an object", () => {
  test("shows what was uploaded, 64-bit numbers as texts", async () => {
    const { json } = await sandbox().owner.upload("things", "dir/hello.txt", "hello");

    expect(json).toMatchObject({
      kind: "storage#object",
      id: `things/dir/hello.txt/${json.generation}`,
      name: "dir/hello.txt",
      bucket: "things",
      size: "5",
      metageneration: "1",
      contentType: "text/plain",
      storageClass: "STANDARD",
      md5Hash: createHash("md5").update("hello").digest("base64"),
      crc32c: "mnG7TA==",
    });
    expect(json.generation).toMatch(/^\d{16}$/);
    expect((await sandbox().owner.get(json.mediaLink)).text).toBe("hello");
    expect((await sandbox().owner.get(json.selfLink)).json).toEqual(json);
  });

  test("gets a higher generation each time it is written", async () => {
    const generations: bigint[] = [];
    for (let round = 0; round < 20; round += 1) {
      generations.push(BigInt((await sandbox().owner.upload("things", "again", "same")).json.generation));
    }

    expect(generations).toEqual([...new Set(generations)].sort((a, b) => (a < b ? -1 : 1)));
  });

  test.each([
    "a/b",
    "a b+c",
    "100%",
    "ümläut/日本",
    "😀",
    "a:b",
    "x?y#z",
    "'quoted\"",
    "a//b",
    "/leading",
    "-",
    "a%2Fb",
  ])("may be called %s", async (name) => {
    expect((await sandbox().owner.upload("things", name, name)).json.name).toBe(name);
    expect((await sandbox().owner.get(`${O}/${encodeURIComponent(name)}?alt=media`)).text).toBe(name);
    const path = `/things/${name.split("/").map(encodeURIComponent).join("/")}`;
    expect((await sandbox().owner.get(path)).text).toBe(name);
    expect((await sandbox().owner.delete(`${O}/${encodeURIComponent(name)}`)).status).toBe(204);
  });

  test.each([
    ["", "Required"],
    [".", "Invalid object name: '.'"],
    ["..", "Invalid object name: '..'"],
    ["a\nb", "Disallowed unicode characters present in object name 'a\nb'"],
    ["x".repeat(1025), "The maximum object length is 1024 characters, but got a name with 1025 characters"],
    ["é".repeat(513), "got a name with 1026 characters"],
  ])("can't be called %j", async (name, message) => {
    const { status, json } = await sandbox().owner.upload("things", name, "x");

    expect(status).toBe(400);
    expect(json.error.message).toContain(message);
  });

  test("that isn't there is a 404: in JSON for metadata, in plain text for its bytes", async () => {
    const metadata = await sandbox().owner.get(`${O}/none`);
    const media = await sandbox().owner.get(`${O}/none?alt=media`);

    expect(metadata.json.error).toMatchObject({ code: 404, message: "No such object: things/none" });
    expect([media.status, media.text]).toEqual([404, "No such object: things/none"]);
  });
});

describe("metadata of an object", () => {
  test("is changed by PATCH where named, null takes away", async () => {
    await sandbox().owner.upload("things", "meta", "x");
    const path = `${O}/meta`;
    await sandbox().owner.patch(path, { metadata: { a: "1", b: "2" }, cacheControl: "no-cache", contentType: "a/b" });

    const { json } = await sandbox().owner.patch(path, { metadata: { a: null, c: "3" }, cacheControl: null });

    expect(json).toMatchObject({ metadata: { b: "2", c: "3" }, contentType: "a/b", metageneration: "3" });
    expect(json.metadata.a).toBeUndefined();
    expect(json.cacheControl).toBeUndefined();
  });

  test("may have any key", async () => {
    await sandbox().owner.upload("things", "keys", "x");
    await sandbox().owner.send("PATCH", `${O}/keys`, '{"metadata": {"__proto__": "1"}}');

    expect((await sandbox().owner.get(`${O}/keys`)).text).toContain('"metadata":{"__proto__":"1"}');
  });

  test("is replaced by PUT", async () => {
    await sandbox().owner.upload("things", "put", "x");
    await sandbox().owner.patch(`${O}/put`, { metadata: { a: "1" }, contentLanguage: "en" });

    const { json } = await sandbox().owner.put(`${O}/put`, { contentType: "c/d", metadata: { z: "9" } });

    expect(json).toMatchObject({ metadata: { z: "9" }, contentType: "c/d" });
    expect(json.contentLanguage).toBeUndefined();
  });

  test("changes neither bytes nor generation", async () => {
    const before = (await sandbox().owner.upload("things", "bytes", "x")).json;
    const after = (await sandbox().owner.patch(`${O}/bytes`, { size: "9", generation: "1", name: "other" })).json;

    expect([after.size, after.generation, after.name]).toEqual([before.size, before.generation, "bytes"]);
  });

  test.each([
    [{ metadata: { a: 1 } }, "metadata.a"],
    [{ metadata: ["x"] }, "metadata"],
    [{ contentType: 5 }, "contentType"],
    [{ contentType: "a\nb" }, "contentType"],
    [{ cacheControl: "no-cache\n" }, "cacheControl"],
    [{ temporaryHold: "yes" }, "temporaryHold"],
    [{ customTime: "soon" }, "customTime"],
    [{ customTime: 5 }, "customTime"],
    [{ retention: 5 }, "retention: 5"],
    [{ retention: [] }, "retention: []"],
    [{ retention: { mode: 5 } }, "retention.mode: 5"],
    [{ retention: { mode: "Unlocked" } }, "retention.retainUntilTime"],
    [{ retention: { mode: "Unlocked", retainUntilTime: "soon" } }, 'retention.retainUntilTime: "soon"'],
    [{ metadata: { a: "x".repeat(9000) } }, "exceeds the maximum of 8192 bytes"],
  ])("can't be %j", async (change, says) => {
    await sandbox().owner.upload("things", "strict", "x");

    const { status, json } = await sandbox().owner.patch(`${O}/strict`, change);

    expect(status).toBe(400);
    expect(json.error.message).toContain(says);
    expect((await sandbox().owner.get(`${O}/strict`)).json.metageneration).toBe("1");
  });

  test("has a custom time that only moves forward", async () => {
    await sandbox().owner.upload("things", "timed", "x");
    await sandbox().owner.patch(`${O}/timed`, { customTime: "2026-02-01T00:00:00Z" });

    expect((await sandbox().owner.patch(`${O}/timed`, { customTime: "2026-01-01T00:00:00Z" })).status).toBe(400);
    expect((await sandbox().owner.patch(`${O}/timed`, { customTime: null })).status).toBe(400);
    expect((await sandbox().owner.patch(`${O}/timed`, { customTime: "2026-03-01T00:00:00Z" })).status).toBe(200);
  });
});

describe("preconditions", () => {
  test.each([
    { query: "ifGenerationMatch=G", write: 200, read: 200 },
    { query: "ifGenerationMatch=1", write: 412, read: 412 },
    { query: "ifGenerationMatch=0", write: 412, read: 412 },
    { query: "ifGenerationNotMatch=G", write: 304, read: 304 },
    { query: "ifGenerationNotMatch=1", write: 200, read: 200 },
    { query: "ifGenerationNotMatch=0", write: 200, read: 200 },
    { query: "ifMetagenerationMatch=1", write: 200, read: 200 },
    { query: "ifMetagenerationMatch=2", write: 412, read: 412 },
    { query: "ifMetagenerationNotMatch=1", write: 304, read: 304 },
    { query: "ifMetagenerationNotMatch=2", write: 200, read: 200 },
  ])("$query on an object that is there", async ({ query, write, read }) => {
    const { generation } = (await sandbox().owner.upload("things", "conditional", "x")).json;
    const asked = query.replace("=G", `=${generation}`);

    expect((await sandbox().owner.get(`${O}/conditional?${asked}`)).status).toBe(read);
    expect((await sandbox().owner.patch(`${O}/conditional?${asked}`, {})).status).toBe(write);
  });

  test.each([
    ["ifGenerationMatch=0", 200],
    ["ifGenerationMatch=1", 412],
    ["ifGenerationNotMatch=0", 304],
    ["ifMetagenerationMatch=1", 412],
  ])("%s on an object that isn't there", async (query, status) => {
    await sandbox().owner.delete(`${O}/fresh`);

    expect((await sandbox().owner.upload("things", "fresh", "x", `&${query}`)).status).toBe(status);
  });

  test("let exactly one of many writers at once win", async () => {
    const answers = await Promise.all(
      Array.from({ length: 20 }, (_, index) =>
        sandbox().owner.upload("things", "race", `${index}`, "&ifGenerationMatch=0"),
      ),
    );

    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
  });

  test("that are not numbers are refused", async () => {
    expect((await sandbox().owner.upload("things", "x", "x", "&ifGenerationMatch=abc")).status).toBe(400);
  });
});
