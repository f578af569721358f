import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { ambient } from "../../lib/cloud/auth";
import { type StoredObject, StoreError } from "../../lib/cloud/object-store";
import { s3Store } from "../../lib/cloud/s3-store";
import { type CuttingProxy, type Seen, startCuttingProxy } from "./support/cutting-proxy";
import { bodyOf, contextAt, digestsOf, MiB, noise, properties, readAll, storeAt } from "./support/s3-fixtures";
import { type S3Server, s3Environment, s3Program, startS3Server } from "./support/s3-server";

process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = "true";
const program = s3Program();
if ("reason" in program) process.stderr.write(`\nSKIPPED: tests against a real S3 server: ${program.reason}\n`);
const describeS3 = "path" in program ? describe : describe.skip;

const bucket = "release-files";
const text = Buffer.from("the release\n");

describeS3("an S3 destination", () => {
  let server: S3Server;
  let proxy: CuttingProxy;
  let client: S3Client;

  beforeAll(async () => {
    server = await startS3Server("path" in program ? program.path : "");
    proxy = await startCuttingProxy(server.url);
    client = clientAt(server.url);
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  });

  afterAll(async () => {
    client?.destroy();
    await proxy?.close();
    await server?.stop();
  });

  const write = (name: string, bytes: Uint8Array, expected = digestsOf(bytes), url = server.url) =>
    storeAt(url).write({ bucket, name }, bodyOf(bytes), expected, properties, {});

  async function leftovers() {
    const { Uploads } = await client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
    return Uploads ?? [];
  }

  describe.each([
    { how: "in one request", size: 3 * MiB },
    { how: "in parts", size: 12 * MiB },
  ])("uploading $how", ({ how, size }) => {
    const folder = how.replaceAll(" ", "-");
    const bytes = noise(size);

    test("keeps the bytes and what is said about them", async () => {
      const name = `${folder}/kept`;
      const made = await write(name, bytes);

      expect(await storeAt(server.url).stat({ bucket, name }, {})).toMatchObject({
        generation: made.generation,
        size,
        contentType: "text/plain",
        cacheControl: "public, max-age=3600",
        metadata: { "content-hash-sha256": "recorded" },
      });
      expect((await readAll(storeAt(server.url), bucket, name))?.equals(bytes)).toBe(true);
    });

    test("never replaces an object", async () => {
      const name = `${folder}/once`;
      await write(name, bytes);

      await expect(write(name, noise(size, 2))).rejects.toMatchObject({ name: "StoreError", kind: "exists" });
      expect((await readAll(storeAt(server.url), bucket, name))?.equals(bytes)).toBe(true);
      expect(await leftovers()).toEqual([]);
    });

    test("fails when other bytes come than promised, and nothing is visible", async () => {
      const name = `${folder}/other-bytes`;

      await expect(write(name, noise(size, 2), digestsOf(bytes))).rejects.toMatchObject({ kind: "corrupt" });
      expect(await storeAt(server.url).stat({ bucket, name }, {})).toBeUndefined();
      expect(await leftovers()).toEqual([]);
    });

    test("fails when the source turns out wrong at its last byte, and nothing is visible", async () => {
      const name = `${folder}/late-failure`;
      const body = bodyOf(bytes, () => {
        throw new StoreError("corrupt", "read gs://staging/x: another crc32c");
      });

      await expect(
        storeAt(server.url).write({ bucket, name }, body, digestsOf(bytes), properties, {}),
      ).rejects.toMatchObject({ kind: "corrupt", message: expect.stringContaining("another crc32c") });
      expect(await storeAt(server.url).stat({ bucket, name }, {})).toBeUndefined();
      expect(await leftovers()).toEqual([]);
    });

    test("stops at the caller's signal, and nothing is visible", async () => {
      const name = `${folder}/stopped`;
      const stop = new AbortController();
      const body = bodyOf(bytes, () => stop.abort(new Error("stopped by the user")));

      await expect(
        storeAt(server.url).write({ bucket, name }, body, digestsOf(bytes), properties, { signal: stop.signal }),
      ).rejects.toMatchObject({ kind: "aborted" });
      expect(await storeAt(server.url).stat({ bucket, name }, {})).toBeUndefined();
      expect(await leftovers()).toEqual([]);
    });

    test("of two writers at the same time, one wins and the other hears so", async () => {
      const name = `${folder}/race`;
      const results = await Promise.allSettled([write(name, bytes), write(name, bytes)]);

      expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
      expect(results.find((result) => result.status === "rejected")?.reason).toMatchObject({ kind: "exists" });
      expect((await readAll(storeAt(server.url), bucket, name))?.equals(bytes)).toBe(true);
    });

    test("goes on after a connection is lost and after the service is busy", async () => {
      const name = `${folder}/retried`;
      proxy.breakNext("reset-before", ({ method, path }) => method === "PUT" && path.includes(name));
      proxy.breakNext({ status: 503, retryAfter: 0 }, ({ method, path }) => method === "PUT" && path.includes(name));
      await write(name, bytes, digestsOf(bytes), proxy.url);

      expect((await readAll(storeAt(server.url), bucket, name))?.equals(bytes)).toBe(true);
    });

    test("says that the object exists, or that it made it, when only the answer of its own write was lost", async () => {
      const name = `${folder}/answer-lost`;
      const isLast = ({ method, path }: Seen) =>
        path.includes(name) && (size > 5 * MiB ? method === "POST" && path.includes("uploadId=") : method === "PUT");
      proxy.breakNext("reset-after", isLast);
      const kind = await write(name, bytes, digestsOf(bytes), proxy.url).then(
        () => "made",
        (error: StoreError) => error.kind,
      );

      expect(["made", "exists"]).toContain(kind);
      expect(proxy.seen.filter(isLast).length).toBeGreaterThan(0);
      expect((await readAll(storeAt(server.url), bucket, name))?.equals(bytes)).toBe(true);
    });
  });

  test("an object from one request has a SHA-256 that the service itself computed; one in parts a CRC32C", async () => {
    const inParts = noise(6 * MiB);
    await write("digest/single", text);
    await write("digest/parts", inParts);

    const of = (name: string) => storeAt(server.url).stat({ bucket, name }, {});
    expect((await of("digest/single"))?.sha256).toBe(digestsOf(text).sha256);
    expect(await of("digest/parts")).toMatchObject({ crc32c: digestsOf(inParts).crc32c });
    expect((await of("digest/parts"))?.sha256).toBeUndefined();
  });

  test("an object in parts whose CRC32C is not the promised one never becomes visible", async () => {
    const bytes = noise(6 * MiB);

    await expect(write("digest/wrong", bytes, { ...digestsOf(bytes), crc32c: "AAAAAA==" })).rejects.toThrow("CRC32C");
    expect(await storeAt(server.url).stat({ bucket, name: "digest/wrong" }, {})).toBeUndefined();
  });

  test("a checksum of the checksums of parts says nothing of the object", async () => {
    const Key = "digest/composite";
    const { UploadId } = await client.send(
      new CreateMultipartUploadCommand({ Bucket: bucket, Key, ChecksumAlgorithm: "CRC32C", ChecksumType: "COMPOSITE" }),
    );
    const ChecksumCRC32C = digestsOf(text).crc32c;
    const part = { Bucket: bucket, Key, UploadId, PartNumber: 1, Body: text, ChecksumCRC32C };
    const { ETag } = await client.send(new UploadPartCommand(part));
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag, ChecksumCRC32C }] };
    await client.send(new CompleteMultipartUploadCommand({ Bucket: bucket, Key, UploadId, MultipartUpload }));

    const { crc32c } = (await storeAt(server.url).stat({ bucket, name: Key }, {})) ?? {};
    expect(crc32c).toBeUndefined();
  });

  test("metadata that is too long for S3 loses what says least", async () => {
    const metadata = { sha256: "a".repeat(64), source: "s".repeat(1500), manifest: "m".repeat(300) };
    await storeAt(server.url).write(
      { bucket, name: "metadata" },
      bodyOf(text),
      digestsOf(text),
      { ...properties, metadata },
      {},
    );

    const kept = (await storeAt(server.url).stat({ bucket, name: "metadata" }, {}))?.metadata;
    expect(kept).toMatchObject({ sha256: metadata.sha256, "content-hash-sha256": digestsOf(text).sha256 });
    expect(Object.keys(kept ?? {})).not.toContain("content-hash-sha512");
  });

  test("an empty file is a file", async () => {
    await write("empty", Buffer.alloc(0));

    expect((await readAll(storeAt(server.url), bucket, "empty"))?.length).toBe(0);
  });

  test.each(["a b", "a+b", "a%20b", "Größe/日本", "a&b<c>", "dots/..x", "q=1&r", "'single'"])(
    "the name %j is kept as it is",
    async (odd) => {
      const name = `odd/${odd}`;
      await write(name, text);

      expect((await readAll(storeAt(server.url), bucket, name))?.equals(text)).toBe(true);
      expect((await listed("odd/")).map((object) => object.name)).toContain(name);
    },
  );

  async function listed(prefix: string, range = {}): Promise<StoredObject[]> {
    const objects: StoredObject[] = [];
    for await (const page of storeAt(server.url).list(bucket, prefix, range, {})) objects.push(...page);
    return objects;
  }

  test("a listing follows every page, in the order of the names' bytes, and keeps to its range", async () => {
    const names = Array.from({ length: 1100 }, (_, index) => `pages/${String(index).padStart(5, "0")}`);
    const put = (Key: string) => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x" }));
    for (let at = 0; at < names.length; at += 50) await Promise.all(names.slice(at, at + 50).map(put));

    expect((await listed("pages/")).map(({ name }) => name)).toEqual(names);
    expect((await listed("pages/", { from: "pages/00998", before: "pages/01003" })).map(({ name }) => name)).toEqual(
      names.slice(998, 1003),
    );
    expect(await listed("pages/", { from: "pages/1" })).toEqual([]);
  });

  test("a listing tells size, time and a generation that a lookup tells too", async () => {
    const { generation } = await write("listed", text);

    expect(await listed("listed")).toEqual([
      { bucket, name: "listed", generation, size: text.length, created: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) },
    ]);
  });

  test("a read begins at its offset and fails once the object is another one", async () => {
    await write("read", text);
    const object = (await listed("read"))[0]!;
    const pieces: Uint8Array[] = [];
    for await (const piece of storeAt(server.url).openRead(object, 4, {})) pieces.push(piece);
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: "read", Body: "something else" }));
    const again = storeAt(server.url).openRead(object, 0, {})[Symbol.asyncIterator]();

    expect(Buffer.concat(pieces).toString()).toBe("release\n");
    await expect(again.next()).rejects.toMatchObject({ kind: "changed" });
  });

  describe("the question whether one may write", () => {
    test("is answered also when the answer to taking it back was lost", async () => {
      proxy.breakNext("reset-after", ({ method }) => method === "DELETE");
      await storeAt(proxy.url).checkWritable(bucket, "release/", {});
    });

    test("leaves nothing behind", async () => {
      const empty = "question-bucket";
      await client.send(new CreateBucketCommand({ Bucket: empty }));
      await storeAt(server.url).checkWritable(empty, "release/", {});

      expect((await client.send(new ListObjectsV2Command({ Bucket: empty }))).KeyCount ?? 0).toBe(0);
      expect((await client.send(new ListMultipartUploadsCommand({ Bucket: empty }))).Uploads ?? []).toEqual([]);
    });

    test("is answered before anything is written by someone who may only read", async () => {
      await client.send(
        new PutBucketPolicyCommand({
          Bucket: bucket,
          Policy: JSON.stringify({
            Statement: [
              {
                Effect: "Allow",
                Principal: "*",
                Action: ["s3:GetObject", "s3:ListBucket"],
                Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
              },
            ],
          }),
        }),
      );
      const anonymous = s3Store({ kind: "anonymous" }, contextAt(server.url));

      await expect(anonymous.checkWritable(bucket, "release/", {})).rejects.toMatchObject({ kind: "forbidden" });
      const readable = await anonymous.stat({ bucket, name: "listed" }, {});
      expect(readable?.size).toBe(text.length);
    });

    const credentials = { kind: "unauthenticated", repair: expect.stringContaining("renew them") };
    test.each([
      { when: "the key is unknown", env: { AWS_ACCESS_KEY_ID: "nobody" }, in: bucket, error: credentials },
      { when: "the secret is wrong", env: { AWS_SECRET_ACCESS_KEY: "guess" }, in: bucket, error: credentials },
      { when: "the bucket does not exist", env: {}, in: "no-such-bucket", error: { kind: "notFound" } },
    ])("fails as $error.kind when $when", async ({ env, in: where, error }) => {
      const context = contextAt(server.url);
      const store = s3Store(ambient, { ...context, env: { ...context.env, ...env } });

      await expect(store.checkWritable(where, "", {})).rejects.toMatchObject(error);
    });
  });
});

function clientAt(endpoint: string): S3Client {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = s3Environment;
  return new S3Client({
    endpoint,
    region: "us-east-1",
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
  });
}
