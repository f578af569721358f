import { get as httpGet } from "node:http";
import { gzipSync } from "node:zlib";
import { seedInto, withSandbox } from "./support";

const allUsers = [{ role: "roles/storage.objectViewer", members: ["allUsers"] }];
const sandbox = withSandbox({
  buckets: [
    { name: "public-files", project: "estate", bindings: allUsers },
    { name: "private-files", project: "estate" },
    {
      name: "unlisted-files",
      project: "estate",
      bindings: [{ role: "roles/storage.legacyObjectReader", members: ["allUsers"] }],
    },
  ],
  objects: [
    { bucket: "public-files", name: "dir/ten", text: "0123456789", contentType: "text/plain", metadata: { Who: "me" } },
    { bucket: "public-files", name: "empty", text: "" },
    { bucket: "private-files", name: "secret", text: "secret" },
    { bucket: "unlisted-files", name: "known", text: "known" },
    { bucket: "public-files", name: "sixteen-mebibytes", size: 16 << 20, seed: "s" },
    {
      bucket: "public-files",
      name: "packed",
      base64: gzipSync("unpacked ".repeat(100)).toString("base64"),
      contentEncoding: "gzip",
      contentType: "text/plain",
    },
  ],
});
const media = (name: string, headers = {}) =>
  sandbox().owner.get(`/storage/v1/b/public-files/o/${encodeURIComponent(name)}?alt=media`, headers);

/** Without the headers that fetch adds of itself, and without unpacking. */
function plain(
  url: string,
  headers: Record<string, string> = {},
): Promise<{ headers: NodeJS.Dict<string | string[]>; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    httpGet(url, { headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk) => chunks.push(chunk));
      response.on("end", () => resolve({ headers: response.headersDistinct, bytes: Buffer.concat(chunks) }));
    }).on("error", reject);
  });
}

describe("a download", () => {
  test("tells generation and hashes in its headers", async () => {
    const { json } = await sandbox().owner.get("/storage/v1/b/public-files/o/dir%2Ften");
    const { headers } = await media("dir/ten");

    expect(Object.fromEntries(headers)).toMatchObject({
      "content-type": "text/plain",
      "content-length": "10",
      "x-goog-generation": json.generation,
      "x-goog-metageneration": "1",
      "x-goog-hash": `crc32c=${json.crc32c},md5=${json.md5Hash}`,
      "x-goog-stored-content-encoding": "identity",
      "x-goog-stored-content-length": "10",
      "x-goog-storage-class": "STANDARD",
      "x-goog-meta-who": "me",
      etag: json.etag,
    });
  });

  test.each([
    ["bytes=2-4", 206, "234", "bytes 2-4/10"],
    ["bytes=7-", 206, "789", "bytes 7-9/10"],
    ["bytes=-2", 206, "89", "bytes 8-9/10"],
    ["bytes=5-100", 206, "56789", "bytes 5-9/10"],
    ["bytes=-100", 206, "0123456789", "bytes 0-9/10"],
    ["bytes=0-0", 206, "0", "bytes 0-0/10"],
    ["bytes=10-", 416, undefined, "bytes */10"],
    ["bytes=-0", 416, undefined, "bytes */10"],
    ["bytes=4-2", 200, "0123456789", null],
    ["lines=1-2", 200, "0123456789", null],
  ])("of range %s answers %i", async (range, status, text, contentRange) => {
    const answer = await media("dir/ten", { range });

    expect([answer.status, answer.headers.get("content-range")]).toEqual([status, contentRange]);
    if (text !== undefined) expect(answer.text).toBe(text);
  });

  test("of no bytes has a length, and no range in it", async () => {
    expect((await media("empty")).headers.get("content-length")).toBe("0");
    expect((await media("empty", { range: "bytes=0-" })).status).toBe(416);
  });

  test("of a large object is the same in one piece and in ranges", async () => {
    const whole = (await media("sixteen-mebibytes")).bytes;
    const cut = (5 << 20) + 3;
    const first = (await media("sixteen-mebibytes", { range: `bytes=0-${cut - 1}` })).bytes;
    const second = (await media("sixteen-mebibytes", { range: `bytes=${cut}-` })).bytes;

    expect(whole.length).toBe(16 << 20);
    expect(Buffer.concat([first, second]).equals(whole)).toBe(true);
  });

  test("of gzip is unpacked for clients that can't, and untouched for those that can", async () => {
    const url = `${sandbox().sandbox.url}/public-files/packed`;

    const unpacked = await plain(url);
    const packed = await plain(url, { "accept-encoding": "gzip" });

    expect(unpacked.bytes.toString()).toBe("unpacked ".repeat(100));
    expect(unpacked.headers["content-encoding"]).toBeUndefined();
    expect(unpacked.headers["content-length"]).toBeUndefined();
    expect(unpacked.headers["x-goog-stored-content-encoding"]).toEqual(["gzip"]);
    expect(packed.bytes).toEqual(gzipSync("unpacked ".repeat(100)));
    expect(packed.headers["content-encoding"]).toEqual(["gzip"]);
  });

  test("of what only calls itself gzip is sent as it is", async () => {
    await sandbox().owner.upload("public-files", "not-packed", "plain text", "&contentEncoding=gzip");

    const { bytes, headers } = await plain(`${sandbox().sandbox.url}/public-files/not-packed`);

    expect([bytes.toString(), headers["content-encoding"]]).toEqual(["plain text", ["gzip"]]);
  });

  test("by its entity tag answers as the XML interface does", async () => {
    const { json } = await sandbox().owner.get("/storage/v1/b/public-files/o/dir%2Ften");
    const status = async (headers: Record<string, string>) => (await media("dir/ten", headers)).status;

    expect(await status({ "if-match": json.etag })).toBe(200);
    expect(await status({ "if-match": `"${json.etag}"` })).toBe(200);
    expect(await status({ "if-match": "other" })).toBe(412);
    expect(await status({ "if-none-match": json.etag })).toBe(304);
  });

  test("is not unpacked when the object must not be transformed", async () => {
    const path = "/storage/v1/b/public-files/o/packed";
    await sandbox().owner.patch(path, { cacheControl: "no-transform" });

    const { headers } = await plain(`${sandbox().sandbox.url}/public-files/packed`);

    expect(headers["content-encoding"]).toEqual(["gzip"]);
    await sandbox().owner.patch(path, { cacheControl: null });
  });

  test("goes by the third address as well", async () => {
    expect((await sandbox().anonymous.get("/download/storage/v1/b/public-files/o/dir%2Ften?alt=media")).text).toBe(
      "0123456789",
    );
  });
});

describe("a public URL", () => {
  test("needs no token and tells each hash in a header of its own", async () => {
    const { headers, bytes } = await plain(`${sandbox().sandbox.url}/public-files/dir/ten`);

    expect(bytes.toString()).toBe("0123456789");
    expect(headers["x-goog-hash"]).toEqual(["crc32c=KAwGng==", "md5=eB5eJF1ptWaXm4bijSPyxw=="]);
    expect(headers.etag).toEqual(['"781e5e245d69b566979b86e28d23f2c7"']);
    expect(headers["cache-control"]).toEqual(["public, max-age=3600"]);
  });

  test("answers HEAD with the headers alone", async () => {
    const { status, headers, bytes } = await sandbox().anonymous.send("HEAD", "/public-files/dir/ten");

    expect([status, headers.get("content-length"), bytes.length]).toEqual([200, "10", 0]);
  });

  test.each([
    ["/public-files/none", 404, "NoSuchKey", "No such object: public-files/none"],
    ["/no-bucket-here/x", 404, "NoSuchBucket", ""],
    ["/private-files/secret", 403, "AccessDenied", "Anonymous caller does not have storage.objects.get access"],
    ["/private-files/none", 403, "AccessDenied", "Anonymous caller does not have storage.objects.get access"],
    // Who may read but not list learns nothing of what isn't there.
    ["/unlisted-files/none", 403, "AccessDenied", "Anonymous caller does not have storage.objects.list access"],
  ])("%s answers %i %s", async (path, status, code, details) => {
    const answer = await sandbox().anonymous.get(path);

    expect(answer.status).toBe(status);
    expect(answer.headers.get("content-type")).toMatch(/xml/);
    expect(answer.text).toContain(`<Code>${code}</Code>`);
    expect(answer.text).toContain(details);
  });

  test("answers 304 to who has it already and 412 to who wants another", async () => {
    const etag = '"781e5e245d69b566979b86e28d23f2c7"';
    const status = async (headers: Record<string, string>) =>
      (await sandbox().anonymous.get("/public-files/dir/ten", headers)).status;

    expect(await status({ "if-none-match": etag })).toBe(304);
    expect(await status({ "if-none-match": '"other"' })).toBe(200);
    expect(await status({ "if-match": '"other"' })).toBe(412);
    expect(await status({ "if-modified-since": new Date(Date.now() + 60_000).toUTCString() })).toBe(304);
    expect(await status({ "x-goog-if-generation-match": "1" })).toBe(412);
  });

  test("of a bucket lists it as XML", async () => {
    const { text } = await sandbox().anonymous.get("/public-files?delimiter=/&max-keys=1");
    const second = await sandbox().anonymous.get("/public-files?list-type=2&delimiter=/&start-after=empty&prefix=");

    expect(text).toContain("<CommonPrefixes><Prefix>dir/</Prefix></CommonPrefixes>");
    expect(text).toContain("<IsTruncated>true</IsTruncated><NextMarker>dir/</NextMarker>");
    expect(second.text).toContain("<Key>packed</Key>");
    expect(second.text).not.toContain("<Key>empty</Key>");
  });

  test("takes no writes, and says so at once", async () => {
    const answer = await sandbox().owner.put("/public-files/dir/new", "x");

    expect([answer.status, answer.text]).toEqual([501, expect.stringContaining("<Code>NotImplemented</Code>")]);
  });

  test("is no answer to a client of an API that the sandbox doesn't play", async () => {
    const answer = await sandbox().owner.get("/dns/v1/projects/p/managedZones?alt=json");

    expect([answer.status, answer.json.error.status]).toEqual([404, "NOT_FOUND"]);
  });

  test("shows names that XML would mistake for its own", async () => {
    await seedInto(sandbox().owner, { objects: [{ bucket: "public-files", name: '<&>"x', text: "" }] });

    expect((await sandbox().anonymous.get("/public-files?prefix=<")).text).toContain("<Key>&lt;&amp;&gt;&quot;x</Key>");
  });
});
