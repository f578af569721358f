import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { Socket } from "node:net";
import fc from "fast-check";
import { readRelated } from "../../sandbox/http/multipart";
import { withSandbox } from "./support";

const sandbox = withSandbox({ buckets: [{ name: "inbox", project: "estate" }] });
const UPLOAD = "/upload/storage/v1/b/inbox/o";
const md5 = (bytes: string | Buffer) => createHash("md5").update(bytes).digest("base64");

function related(resource: object, media: string, type = "text/plain"): string {
  return [
    "--sep",
    "Content-Type: application/json; charset=UTF-8",
    "",
    JSON.stringify(resource),
    "--sep",
    `Content-Type: ${type}`,
    "",
    media,
    "--sep--",
    "",
  ].join("\r\n");
}

const multipart = (body: string, query = "") =>
  sandbox().owner.post(`${UPLOAD}?uploadType=multipart${query}`, body, {
    "content-type": "multipart/related; boundary=sep",
  });

describe("a multipart upload", () => {
  test("takes metadata from its first part and bytes from its second", async () => {
    const resource = { name: "m", metadata: { k: "v" }, cacheControl: "no-store" };
    const { json } = await multipart(related(resource, "some\r\nbytes--sep"));

    expect(json).toMatchObject({ ...resource, contentType: "text/plain", md5Hash: md5("some\r\nbytes--sep") });
  });

  test("prefers the name of the query", async () => {
    const { json } = await multipart(
      related({ name: "from-resource", contentType: "x/y" }, "a", "x/y"),
      "&name=from-query",
    );

    expect(json).toMatchObject({ name: "from-query", contentType: "x/y" });
  });

  test("fails when its parts name different content types", async () => {
    const { status, json } = await multipart(related({ name: "torn", contentType: "x/y" }, "a"));

    expect([status, json.error.message]).toEqual([
      400,
      "Content-Type specified in the upload (text/plain) does not match Content-Type specified in metadata (x/y).",
    ]);
  });

  test("fails when its bytes are not those that were announced", async () => {
    const byMd5 = await multipart(related({ name: "bad", md5Hash: md5("other") }, "bytes"));
    const byCrc = await multipart(related({ name: "bad", crc32c: "AAAAAA==" }, "bytes"));

    expect(byMd5.status).toBe(400);
    expect(byMd5.json.error.message).toContain("doesn't match calculated MD5 hash");
    expect(byCrc.json.error.message).toContain(`Provided CRC32C "AAAAAA==" doesn't match calculated CRC32C`);
    expect((await sandbox().owner.get("/storage/v1/b/inbox/o/bad")).status).toBe(404);
  });

  test.each([
    "",
    "--sep\r\n\r\n{}\r\n",
    "no boundary at all",
    "--sep\r\n\r\n{\r\n--sep\r\n\r\nx\r\n--sep--",
    related({ name: "odd-type" }, "x", "a\u0001b"),
  ])("that is malformed is refused: %j", async (body) => {
    expect((await multipart(body)).status).toBe(400);
  });

  test("is read the same however the network cuts it, with either kind of line end", async () => {
    const media = fc.string({ unit: fc.constantFrom("a", "\r", "\n", "-", "s", "e", "p"), maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(media, fc.integer({ min: 1, max: 20 }), fc.boolean(), async (bytes, size, isUnix) => {
        // A part that contains its own boundary can't be told apart by anybody.
        fc.pre(!bytes.includes("\n--sep"));
        const lines = related({ name: "n" }, "MEDIA", "x/y");
        const body = (isUnix ? lines.replaceAll("\r\n", "\n") : lines).replace("MEDIA", () => bytes);
        async function* pieces() {
          for (let start = 0; start < body.length; start += size) yield Buffer.from(body.slice(start, start + size));
        }
        const upload = await readRelated(pieces(), "multipart/related; boundary='sep'");
        let read = "";
        for await (const chunk of upload.media) read += chunk.toString();
        expect([upload.resource, upload.mediaType, read]).toEqual([{ name: "n" }, "x/y", bytes]);
      }),
    );
  });
});

describe("a simple upload", () => {
  test("checks the hashes of its headers", async () => {
    const path = `${UPLOAD}?uploadType=media&name=checked`;

    expect((await sandbox().owner.post(path, "x", { "x-goog-hash": `crc32c=AAAAAA==,md5=${md5("x")}` })).status).toBe(
      400,
    );
    expect((await sandbox().owner.post(path, "x", { "content-md5": md5("y") })).status).toBe(400);
    expect((await sandbox().owner.post(path, "x", { "x-goog-hash": `md5=${md5("x")}` })).status).toBe(200);
  });

  test("of no bytes makes an empty object", async () => {
    const { json } = await sandbox().owner.upload("inbox", "empty", "");

    expect([json.size, json.crc32c, json.md5Hash]).toEqual(["0", "AAAAAA==", md5("")]);
    expect((await sandbox().owner.get("/storage/v1/b/inbox/o/empty?alt=media")).text).toBe("");
  });

  test("larger than what fits in memory at once comes back byte for byte", async () => {
    const bytes = randomBytes(5_000_011);
    const { json } = await sandbox().owner.upload("inbox", "larger", bytes);

    expect([json.size, json.md5Hash]).toEqual(["5000011", md5(bytes)]);
    expect((await sandbox().owner.get("/storage/v1/b/inbox/o/larger?alt=media")).bytes.equals(bytes)).toBe(true);
  });

  test("that is broken off leaves nothing", async () => {
    const socket = new Socket();
    socket.connect(sandbox().sandbox.port, "127.0.0.1");
    await once(socket, "connect");
    const head = [
      `POST ${UPLOAD}?uploadType=media&name=broken HTTP/1.1`,
      "Host: localhost",
      "Authorization: Bearer owner@example.org",
      "Content-Length: 1000",
    ];
    await new Promise<void>((resolve) => socket.write(`${head.join("\r\n")}\r\n\r\nonly this`, () => resolve()));
    socket.destroy();

    expect((await sandbox().owner.get("/storage/v1/b/inbox/o/broken")).status).toBe(404);
  });

  test("of an unknown type is refused", async () => {
    expect((await sandbox().owner.post(`${UPLOAD}?uploadType=magic&name=x`, "x")).status).toBe(400);
  });
});

describe("a resumable upload", () => {
  const piece = randomBytes(256 << 10);
  const open = async (name: string, body: object = {}, query = "", headers = {}) => {
    const path = `${UPLOAD}?uploadType=resumable&name=${name}${query}`;
    const answer = await sandbox().owner.post(path, body, { "x-upload-content-type": "x/y", ...headers });
    return { status: answer.status, session: answer.headers.get("location") ?? "" };
  };
  const send = (session: string, bytes: Buffer | string | undefined, range: string, headers = {}) =>
    // Whoever knows the session's address may go on: no token.
    sandbox().anonymous.put(session, bytes, { "content-range": `bytes ${range}`, ...headers });

  test("goes piece by piece", async () => {
    const { session } = await open("pieces", { metadata: { a: "b" } });

    const first = await send(session, piece, `0-${piece.length - 1}/*`);
    const asked = await send(session, undefined, "*/*");
    const last = await send(session, "tail", `${piece.length}-${piece.length + 3}/${piece.length + 4}`);

    expect([first.status, first.headers.get("range"), asked.status, asked.headers.get("range")]).toEqual([
      308,
      `bytes=0-${piece.length - 1}`,
      308,
      `bytes=0-${piece.length - 1}`,
    ]);
    expect(last.json).toMatchObject({ name: "pieces", metadata: { a: "b" }, contentType: "x/y" });
    expect(last.json.md5Hash).toBe(md5(Buffer.concat([piece, Buffer.from("tail")])));
    expect((await send(session, undefined, "*/*")).json.generation).toBe(last.json.generation);
  });

  test("of one request without a range is complete", async () => {
    const { session } = await open("whole");

    expect((await sandbox().anonymous.put(session, "all of it")).json.size).toBe("9");
  });

  test("continues by POST as well, with the answer that old proxies let pass", async () => {
    const { session } = await open("by-post");
    const headers = { "content-range": `bytes 0-${piece.length - 1}/*`, "x-guploader-no-308": "yes" };

    const answer = await sandbox().owner.post(session, piece, headers);

    expect([answer.status, answer.headers.get("x-http-status-code-override"), answer.headers.get("range")]).toEqual([
      200,
      "308",
      `bytes=0-${piece.length - 1}`,
    ]);
  });

  test("counts bytes that are sent twice once", async () => {
    const { session } = await open("twice");
    await send(session, piece, `0-${piece.length - 1}/*`);

    const { json } = await send(
      session,
      Buffer.concat([piece, Buffer.from("x")]),
      `0-${piece.length}/${piece.length + 1}`,
    );

    expect(json.md5Hash).toBe(md5(Buffer.concat([piece, Buffer.from("x")])));
  });

  test("ends with no bytes at all", async () => {
    const { session } = await open("nothing");

    expect((await send(session, undefined, "*/0")).json.size).toBe("0");
  });

  test("refuses a piece that leaves a gap, and one that is too small", async () => {
    const { session } = await open("gap");

    expect((await send(session, piece, `${piece.length}-${2 * piece.length - 1}/*`)).status).toBe(503);
    expect((await send(session, "small", "0-4/*")).status).toBe(400);
    expect((await send(session, piece, "nonsense")).status).toBe(400);
  });

  test("keeps nothing of a piece that is longer than its range says", async () => {
    const { session } = await open("overlong");

    expect((await send(session, "123456789", "0-4/5")).status).toBe(400);
    expect((await send(session, undefined, "*/5")).headers.get("range")).toBeNull();
    expect((await send(session, "12345", "0-4/5")).json.size).toBe("5");
  });

  test.each(["0-9/5", "5-9/9", "5-2/10"])("refuses bytes %s, a range that can't be", async (range) => {
    const { session } = await open("beyond");

    expect((await send(session, "0123456789", range)).status).toBe(400);
    expect((await send(session, undefined, "*/*")).headers.get("range")).toBeNull();
  });

  test("checks preconditions at its beginning and at its end", async () => {
    const { session } = await open("contested", {}, "&ifGenerationMatch=0");
    await sandbox().owner.upload("inbox", "contested", "somebody was faster");

    expect((await sandbox().anonymous.put(session, "late")).status).toBe(412);
    expect((await open("contested", {}, "&ifGenerationMatch=0")).status).toBe(412);
    expect((await sandbox().owner.get("/storage/v1/b/inbox/o/contested?alt=media")).text).toBe("somebody was faster");
  });

  test("is as long as was announced", async () => {
    const { session } = await open("long", {}, "", { "x-upload-content-length": "5" });

    expect((await send(session, "abc", "0-2/3")).status).toBe(400);
    expect((await send(session, "abcde", "0-4/5")).json.size).toBe("5");
  });

  test("with a key of the client's own is refused, not stored in the clear", async () => {
    expect((await open("secret", {}, "", { "x-goog-encryption-key": "a2V5" })).status).toBe(501);
    expect((await open("secret", {}, "&kmsKeyName=projects/p/locations/us/keyRings/r/cryptoKeys/k")).status).toBe(501);
  });

  test("checks the hash that was announced", async () => {
    const { session } = await open("announced", { crc32c: "AAAAAA==" });

    expect((await sandbox().anonymous.put(session, "x")).status).toBe(400);
  });

  test("can be cancelled, and is gone after a week", async () => {
    const { session } = await open("cancelled");
    const late = await open("expired");

    const cancelled = await sandbox().anonymous.delete(session);
    await sandbox().owner.post("/sandbox/v1/clock", { advanceSeconds: 8 * 24 * 3600 });

    expect(cancelled.status).toBe(499);
    expect((await sandbox().anonymous.put(session, "x")).status).toBe(404);
    expect((await sandbox().anonymous.put(late.session, "x")).status).toBe(404);
  });
});
