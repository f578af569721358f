import { once } from "node:events";
import { createServer, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { anonymous } from "../../lib/cloud/auth";
import type { StoreContext } from "../../lib/cloud/context";
import { gcsClient } from "../../lib/cloud/gcs-client";
import { gcsStore } from "../../lib/cloud/gcs-store";
import { createLimiter } from "../../lib/cloud/limiter";
import type { ObjectStore } from "../../lib/cloud/object-store";
import { tryDownload } from "../../lib/cloud/public-download";

/** Tries again at once, and not often. */
const retry: StoreContext["retry"] = {
  maxAttempts: 2,
  firstDelaySeconds: 0.01,
  maxDelaySeconds: 0.01,
  maxRetryAfterSeconds: 1,
  idleTimeoutSeconds: 5,
  answerTimeoutSeconds: 5,
};

const source = { bucket: "bucket", name: "a", generation: "1" };
const object = { bucket: "bucket", name: "b", generation: "1", size: "3" };

let server: Server | undefined;
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

/** A service that answers everything in one way. */
async function serving(answer: (response: ServerResponse, call: number) => void): Promise<StoreContext> {
  let calls = 0;
  server = createServer((request, response) => {
    request.resume();
    calls += 1;
    answer(response, calls);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const env = { STORAGE_EMULATOR_HOST: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
  return { env, limiter: createLimiter(4), retry };
}

async function names(store: ObjectStore): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const page of store.list("bucket", "a/", {}, {})) found.push(...page.map(({ name }) => name));
  return found;
}

test.each(["", "[]", "null", "<html>", '{"items": [', '{"error": {"code": 503}}', '{"items": [{}], "name": "a"}'])(
  "a success whose body is %j is no empty listing, and no missing object",
  async (body) => {
    const store = gcsStore(anonymous, await serving((response) => response.end(body)));

    await expect(names(store)).rejects.toMatchObject({ kind: "unavailable" });
    await expect(store.stat({ bucket: "bucket", name: "a" }, {})).rejects.toMatchObject({ kind: "unavailable" });
  },
);

test.each([
  { what: "never answers", error: new Error("unable to impersonate: Error: The operation was aborted due to timeout") },
  {
    what: "asks for patience",
    error: Object.assign(new Error("busy"), {
      response: { status: 503, headers: new Headers({ "retry-after": "7" }) },
    }),
    wait: { retryAfterSeconds: 7 },
  },
])("a token service that $what is asked again", async ({ error, wait = {} }) => {
  const tokens = { description: "promoter@example.org", token: () => Promise.reject(error), renew: () => false };
  const client = gcsClient(await serving((response) => response.end()), tokens);

  await expect(client.json({ subject: "list", method: "GET", path: "/storage/v1/b" })).rejects.toMatchObject({
    kind: "unavailable",
    retriable: true,
    ...wait,
  });
});

test("an object without a size is empty: some services leave out what is nothing", async () => {
  const { size: _, ...empty } = object;
  const store = gcsStore(anonymous, await serving((response) => response.end(JSON.stringify(empty))));

  expect(await store.stat({ bucket: "bucket", name: "b" }, {})).toMatchObject({ name: "b", size: 0 });
});

test("a listing whose pages lead in a circle ends", async () => {
  const store = gcsStore(
    anonymous,
    await serving((response, call) =>
      response.end(JSON.stringify({ items: [{ ...object, name: "a/x" }], nextPageToken: `page ${call % 3}` })),
    ),
  );

  await expect(names(store)).rejects.toThrow("a page leads to itself");
});

test("an answer about another object is believed in nothing", async () => {
  const store = gcsStore(
    anonymous,
    await serving((response) => response.end(JSON.stringify({ ...object, done: true, resource: object }))),
  );
  const copy = store.copy(source, { bucket: "other", name: "a" }, { contentType: "text/plain", metadata: {} }, {});

  await expect(copy).rejects.toMatchObject({ kind: "unavailable", message: expect.stringContaining("about") });
  await expect(store.stat({ bucket: "bucket", name: "a" }, {})).rejects.toMatchObject({ kind: "unavailable" });
});

test("a copy that never gets anywhere ends", async () => {
  const answer = JSON.stringify({ done: false, rewriteToken: "again", totalBytesRewritten: "5" });
  const store = gcsStore(anonymous, await serving((response) => response.end(answer)));
  const copy = store.copy(source, { bucket: "other", name: "a" }, { contentType: "text/plain", metadata: {} }, {});

  await expect(copy).rejects.toMatchObject({
    kind: "unavailable",
    message: expect.stringContaining("no byte more than 5"),
  });
});

test("an explanation that is no text is told as it came", async () => {
  const store = gcsStore(
    anonymous,
    await serving((response) => {
      response.statusCode = 403;
      response.end(JSON.stringify({ error: { message: { error: { message: "Caused a 403" } } } }));
    }),
  );

  await expect(names(store)).rejects.toThrow("Caused a 403");
});

test("a download that never ends is left when it is longer than the file", async () => {
  const context = await serving((response) => {
    const timer = setInterval(() => response.write("more and more "), 1);
    response.on("close", () => clearInterval(timer));
  });
  const url = "https://storage.googleapis.com/bucket/a";
  const expected = { size: 40, sha256: "0".repeat(64) };

  expect(await tryDownload(context, url, expected, true, AbortSignal.timeout(20_000))).toEqual({
    state: "wrong",
    what: "more than 40 bytes",
  });
});
