import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { ambient } from "../../lib/cloud/auth";
import type { StoreContext } from "../../lib/cloud/context";
import { gcsStore } from "../../lib/cloud/gcs-store";
import { createLimiter } from "../../lib/cloud/limiter";
import type { CopyingStore, ReadableVersion } from "../../lib/cloud/object-store";
import { resumingRead } from "../../lib/cloud/resuming-read";
import { check, promote } from "../../lib/promotion/engine";
import type { PromotionOptions } from "../../lib/promotion/types";
import { filestore, filestores, hasty, manifest, request, sha256, statuses } from "./support/requests";
import { PRODUCTION, PROMOTER, type SandboxWorld, STAGING, startSandboxWorld } from "./support/sandbox-world";

let world: SandboxWorld;
let context: StoreContext;
let store: CopyingStore;

beforeAll(async () => {
  // Loading them takes longer than these tests are patient.
  await Promise.all([import("google-auth-library"), import("undici")]);
  world = await startSandboxWorld();
  context = { env: world.sandbox.env, limiter: createLimiter(8), retry: hasty };
  store = gcsStore(ambient, context);
});
afterAll(() => world.close());
beforeEach(() => world.clearFaults());

async function text(pieces: AsyncIterable<Uint8Array>): Promise<string> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(Buffer.from(piece));
  return Buffer.concat(all).toString();
}

describe("a read", () => {
  test("is pinned to its generation, from any byte on", async () => {
    await world.put(STAGING, "read/a", "0123456789");
    const object = (await store.stat({ bucket: STAGING, name: "read/a" }, {})) as ReadableVersion;

    expect(await text(store.openRead(object, 0, {}))).toBe("0123456789");
    expect(await text(store.openRead(object, 7, {}))).toBe("789");
    await world.put(STAGING, "read/a", "replaced!!");
    await expect(text(store.openRead(object, 0, {}))).rejects.toMatchObject({ kind: "notFound", retriable: false });
  });

  test("gives stored bytes: what is stored compressed stays compressed", async () => {
    const zipped = gzipSync("hello hello hello");
    await world.put(STAGING, "read/gz", zipped, "&contentEncoding=gzip");
    const object = (await store.stat({ bucket: STAGING, name: "read/gz" }, {})) as ReadableVersion;
    const pieces: Uint8Array[] = [];
    for await (const piece of store.openRead(object, 0, {})) pieces.push(Buffer.from(piece));

    expect(object.contentEncoding).toBe("gzip");
    expect(Buffer.concat(pieces)).toEqual(zipped);
  });

  test("that breaks goes on at its byte, again and again", async () => {
    const content = Buffer.alloc(300_000, "abcdefg");
    await world.put(STAGING, "read/large", content);
    const object = (await store.stat({ bucket: STAGING, name: "read/large" }, {})) as ReadableVersion;
    await world.fault(/read%2Flarge\?alt=media/, "GET", { truncateAfterBytes: 100_000 }, { times: 2 });

    const read = await text(resumingRead(store, context, object, 0, {}));

    expect(sha256(read)).toBe(sha256(content));
    const ranges = (await world.takeRequests()).filter((line) => /large\?.*alt=media/.test(line));
    expect(ranges).toHaveLength(3);
  });
});

describe("a copy", () => {
  const properties = { contentType: "text/plain", metadata: {} };

  test("is made of the very generation that was hashed, or not at all", async () => {
    await world.put(STAGING, "copy/a", "hashed");
    const hashed = (await store.stat({ bucket: STAGING, name: "copy/a" }, {})) as ReadableVersion;
    await world.put(STAGING, "copy/a", "replaced");

    const copy = store.copy(hashed, { bucket: PRODUCTION, name: "copy/a" }, properties, {});

    await expect(copy).rejects.toMatchObject({ name: "StoreError", retriable: false });
    expect(await world.get(PRODUCTION, "copy/a")).toBeUndefined();
  });

  test("that takes several calls goes on by its token, through faults, with all preconditions in each", async () => {
    const asked: URLSearchParams[] = [];
    const server = createServer((request, response) => {
      asked.push(new URL(request.url ?? "", "http://test").searchParams);
      // The second call fails twice; the token it carried must come again.
      if (asked.length === 2) return response.writeHead(503).end();
      if (asked.length === 3) return response.end("{}");
      const step = asked.length === 1 ? 1 : asked.length - 2;
      const resource = { name: "copy/large", generation: "9", size: "3", metadata: {} };
      return response.end(
        JSON.stringify(
          step === 3
            ? { done: true, resource }
            : { done: false, rewriteToken: `token ${step}`, totalBytesRewritten: String(step) },
        ),
      );
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const far = gcsStore(ambient, { ...context, env: { STORAGE_EMULATOR_HOST: `http://127.0.0.1:${port}` } });
    const progress: number[] = [];

    const source = { bucket: STAGING, name: "large", generation: "7" };
    const created = await far.copy(source, { bucket: "abroad", name: "copy/large" }, properties, {
      onProgress: (bytes) => progress.push(bytes),
    });
    server.close();

    expect(created).toMatchObject({ generation: "9", size: 3 });
    expect(progress).toEqual([1, 2]);
    expect(asked.map((query) => query.get("rewriteToken"))).toEqual([null, "token 1", "token 1", "token 1", "token 2"]);
    for (const query of asked) {
      expect(query.get("ifGenerationMatch")).toBe("0");
      expect(query.get("ifSourceGenerationMatch")).toBe("7");
      expect(query.get("sourceGeneration")).toBe("7");
    }
  });

  test("names what it is not to have: a service that merges keeps none of a pusher's headers", async () => {
    let kept = {};
    const pushed = { name: "b", generation: "9", size: "3", contentEncoding: "gzip", contentDisposition: "attachment" };
    const server = createServer(async (request, response) => {
      const asked = JSON.parse(await text(request)) as Record<string, unknown>;
      kept = Object.fromEntries(Object.entries({ ...pushed, ...asked }).filter(([, value]) => value !== null));
      response.end(JSON.stringify({ done: true, resource: kept }));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const far = gcsStore(ambient, { ...context, env: { STORAGE_EMULATOR_HOST: `http://127.0.0.1:${port}` } });

    const created = await far.copy(
      { bucket: STAGING, name: "a", generation: "7" },
      { bucket: "abroad", name: "b" },
      properties,
      {},
    );
    server.close();

    expect(created).toMatchObject({ contentType: "text/plain" });
    expect(kept).not.toHaveProperty("contentEncoding");
    expect(kept).not.toHaveProperty("contentDisposition");
  });

  test("never replaces an object", async () => {
    await world.put(STAGING, "copy/b", "ours");
    await world.put(PRODUCTION, "copy/b", "theirs");
    const hashed = (await store.stat({ bucket: STAGING, name: "copy/b" }, {})) as ReadableVersion;

    const copy = store.copy(hashed, { bucket: PRODUCTION, name: "copy/b" }, properties, {});

    await expect(copy).rejects.toMatchObject({ kind: "exists" });
    expect(await world.content(PRODUCTION, "copy/b")).toBe("theirs");
  });
});

describe("a promotion", () => {
  const directory = filestores(
    `gs://${STAGING}/kops`,
    filestore(`gs://${PRODUCTION}/binaries`, { serviceAccount: PROMOTER }),
  );
  const options = (more: Partial<PromotionOptions> = {}): PromotionOptions => ({
    identity: "accounts",
    allowedServiceAccounts: [PROMOTER],
    connect: world.connect,
    retry: hasty,
    ...more,
  });

  test("uploads nothing: two calls per file, listings and a question about permissions", async () => {
    await world.put(STAGING, "kops/1.36.2/a.txt", "a");
    await world.put(STAGING, "kops/1.36.2/b.txt", "b");
    await world.takeRequests();

    const plan = await promote(request(directory, manifest({ "1.36.2/a.txt": "a", "1.36.2/b.txt": "b" })), options());

    expect(statuses(plan)).toEqual(["1.36.2/a.txt: copied", "1.36.2/b.txt: copied"]);
    const requests = (await world.takeRequests()).map((line) => line.replace(/\?.*$/, ""));
    expect(requests.filter((line) => line.includes("/upload/"))).toEqual([]);
    expect(requests.filter((line) => line.includes("/rewriteTo/"))).toHaveLength(2);
    expect(requests).toHaveLength(2 + 2 + 1 + 2 + 1);
    expect(await world.get(PRODUCTION, "binaries/1.36.2/a.txt")).toMatchObject({
      contentType: "text/plain; charset=utf-8",
      cacheControl: "public, max-age=31536000, immutable",
      metadata: { sha256: sha256("a"), manifest: "manifests/k8s-staging-kops/1.36.2.yaml" },
    });
  });

  test("keeps what is stored compressed, compressed", async () => {
    const zipped = gzipSync("hello hello hello");
    await world.put(STAGING, "kops/1.36.2/c.txt", zipped, "&contentEncoding=gzip");

    const plan = await promote(request(directory, manifest({ "1.36.2/c.txt": zipped })), options());

    expect(statuses(plan)).toEqual(["1.36.2/c.txt: copied"]);
    expect(await world.get(PRODUCTION, "binaries/1.36.2/c.txt")).toMatchObject({ contentEncoding: "gzip" });
  });

  test("gets a new token when its own expires in the middle", async () => {
    for (let n = 0; n < 20; n += 1) await world.put(STAGING, `kops/token/${n}`, `bytes ${n}`);
    const lines = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`token/${n}`, `bytes ${n}`]));
    let copied = 0;

    const plan = await promote(
      request(directory, manifest(lines)),
      options({
        maxRequests: 1,
        onEvent: (event) => {
          if (event.type !== "copied") return;
          copied += 1;
          if (copied === 5) void world.advanceClock(4000);
        },
      }),
    );

    expect(plan.summary).toMatchObject({ copied: 20, failed: 0 });
  });

  test("by an identity that may not write fails before the first copy and says which permission is missing", async () => {
    await world.put(STAGING, "kops/forbidden", "bytes");
    const closed = filestores(`gs://${STAGING}/kops`, filestore(`gs://${STAGING}/copy`, { serviceAccount: PROMOTER }));

    const plan = await promote(request(closed, manifest({ forbidden: "bytes" })), options());

    expect(plan.outcomes[0]?.outcome).toMatchObject({
      failure: {
        reason: "destination-refused",
        message: `gs://${STAGING}/copy/: ${PROMOTER} lacks storage.objects.create`,
      },
    });
  });

  const stale = "user:owner@example.org;expires=1";
  test.each<{ when: string; identity: PromotionOptions["identity"]; token?: string; refused?: RegExp; says: string }>([
    { when: "its own token has expired", identity: "ambient", token: stale, says: "in GOOGLE_OAUTH_ACCESS_TOKEN has" },
    { when: "its own token expires on the way", identity: "ambient", refused: /rewriteTo/, says: "get a fresh one" },
    { when: "the token to impersonate with has expired", identity: "accounts", token: stale, says: "get a fresh one" },
    { when: "its account is refused", identity: "accounts", refused: /rewriteTo/, says: "is not disabled" },
    { when: "nobody may read", identity: "anonymous", refused: /\/o\?/, says: "the right to list and read" },
  ])("says what helps when $when", async ({ identity, token, refused, says }) => {
    await world.put(STAGING, "kops/refused", "bytes");
    if (refused) for (const method of ["GET", "POST"]) await world.fault(refused, method, { status: 401 });
    const env = { ...world.sandbox.env, ...(token !== undefined && { GOOGLE_OAUTH_ACCESS_TOKEN: token }) };

    const plan = await promote(
      request(directory, manifest({ refused: "bytes" })),
      options({ identity, connect: (_scheme, who, own) => gcsStore(who, { ...own, env }) }),
    );

    expect(plan.outcomes).toMatchObject([{ outcome: { failure: { repair: expect.stringContaining(says) } } }]);
  });

  test("is checked without credentials", async () => {
    await world.put(STAGING, "kops/checked", "bytes");

    const plan = await check(request(directory, manifest({ checked: "bytes" })), options({ identity: "anonymous" }));

    expect(statuses(plan)).toEqual(["checked: verified"]);
  });
});
