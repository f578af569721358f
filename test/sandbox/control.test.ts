import { once } from "node:events";
import { connect } from "node:net";
import { withSandbox } from "./support";

const sandbox = withSandbox({
  buckets: [{ name: "shop", project: "estate" }],
  objects: [{ bucket: "shop", name: "o", text: "0123456789" }],
});
const O = "/storage/v1/b/shop/o";
const fault = (spec: object) => sandbox().owner.post("/sandbox/v1/faults", spec);
const statuses = async (count: number, path = `${O}/o`) => {
  const found: number[] = [];
  for (let index = 0; index < count; index += 1) found.push((await sandbox().owner.get(path)).status);
  return found;
};
afterEach(() => sandbox().owner.delete("/sandbox/v1/faults"));

describe("a fault", () => {
  test("answers with a status, headers and body of its own, as often as it was asked to", async () => {
    await fault({ times: 2, action: { status: 429, headers: { "retry-after": "7" }, body: { error: { code: 429 } } } });

    const first = await sandbox().owner.get(`${O}/o`);

    expect([first.status, first.headers.get("retry-after"), first.json]).toEqual([429, "7", { error: { code: 429 } }]);
    expect(await statuses(2)).toEqual([429, 200]);
    const { json } = await sandbox().owner.get("/sandbox/v1/faults");
    expect(json.faults).toMatchObject([{ matched: 3, struck: 2 }]);
  });

  test("strikes only what it matches", async () => {
    await fault({ match: { method: "POST" }, action: { status: 500 } });
    await fault({ match: { path: "o/none" }, action: { status: 501 } });
    await fault({ match: { principal: "user:alice@example.com" }, action: { status: 502 } });
    await fault({ match: { path: "alt=media" }, action: { status: 504 } });
    await fault({ match: { path: "o/v1/x$" }, action: { status: 505 } });

    expect((await sandbox().owner.upload("shop", "x", "x")).status).toBe(500);
    expect((await sandbox().owner.get(`${O}/none`)).status).toBe(501);
    expect((await sandbox().owner.as("alice@example.com").get(`${O}/o`)).status).toBe(502);
    expect((await sandbox().owner.get(`${O}/o?alt=media`)).status).toBe(504);
    expect((await sandbox().owner.get(`${O}/v1%2Fx`)).status).toBe(505);
    expect((await sandbox().owner.get(`${O}/o`)).status).toBe(200);
  });

  test("strikes after some, each nth, or at random but the same way each time", async () => {
    await fault({ skip: 1, every: 2, action: { status: 503 } });
    expect(await statuses(5)).toEqual([200, 200, 503, 200, 503]);
    await sandbox().owner.delete("/sandbox/v1/faults");

    const runs: number[][] = [];
    for (let run = 0; run < 2; run += 1) {
      await fault({ probability: 0.5, seed: 7, action: { status: 503 } });
      runs.push(await statuses(20));
      await sandbox().owner.delete("/sandbox/v1/faults");
    }
    expect(runs[0]).toEqual(runs[1]);
    expect(new Set(runs[0])).toEqual(new Set([200, 503]));
  });

  test("cuts the connection before the effect", async () => {
    await fault({ times: 1, action: { reset: "before" } });

    await expect(sandbox().owner.upload("shop", "cut-before", "x")).rejects.toThrow("fetch failed");
    expect((await sandbox().owner.get(`${O}/cut-before`)).status).toBe(404);
  });

  test("cuts the connection after the effect, in place of the answer", async () => {
    await fault({ times: 1, match: { method: "POST" }, action: { reset: "after" } });

    await expect(sandbox().owner.upload("shop", "cut-after", "x")).rejects.toThrow("fetch failed");
    expect((await sandbox().owner.get(`${O}/cut-after`)).status).toBe(200);
  });

  test("sends part of the body, then cuts", async () => {
    await fault({ times: 1, action: { truncateAfterBytes: 4 } });
    const response = await fetch(`${sandbox().sandbox.url}${O}/o?alt=media`, {
      headers: { authorization: "Bearer owner@example.org" },
    });
    const reader = response.body?.getReader();

    const first = await reader?.read();

    expect(response.headers.get("content-length")).toBe("10");
    expect(Buffer.from(first?.value ?? []).toString()).toBe("0123");
    await expect(reader?.read()).rejects.toThrow();
  });

  test("changes one byte of the body, in a small one and in a stream", async () => {
    await sandbox().owner.post("/sandbox/v1/seed", { objects: [{ bucket: "shop", name: "stream", size: 3 << 20 }] });
    const right = (await sandbox().owner.get(`${O}/stream?alt=media`)).bytes;
    await fault({ times: 1, match: { path: "o/o" }, action: { corruptByteAt: 3 } });
    await fault({ times: 1, match: { path: "stream" }, action: { corruptByteAt: 2_000_000 } });

    const small = (await sandbox().owner.get(`${O}/o?alt=media`)).bytes;
    const large = (await sandbox().owner.get(`${O}/stream?alt=media`)).bytes;

    expect([...small].filter((byte, index) => byte !== "0123456789".charCodeAt(index))).toHaveLength(1);
    expect(large.length).toBe(right.length);
    expect(large[2_000_000]).toBe(~(right[2_000_000] ?? 0) & 0xff);
    large[2_000_000] = right[2_000_000] ?? 0;
    expect(large.equals(right)).toBe(true);
  });

  test("delays an answer, or never gives one", async () => {
    await fault({ times: 1, action: { latencyMs: 120 } });
    const started = performance.now();
    await sandbox().owner.get(`${O}/o`);
    expect(performance.now() - started).toBeGreaterThanOrEqual(115);

    await fault({ times: 1, action: { stall: true } });
    const stalled = fetch(`${sandbox().sandbox.url}${O}/o`, { signal: AbortSignal.timeout(150) });
    await expect(stalled).rejects.toThrow(/timeout/);
  });

  test.each([
    [{}, "action: missing"],
    [{ action: {} }, "action: empty"],
    [{ action: { explode: true } }, "action.explode: unknown. Known are status"],
    [{ action: { reset: "during" } }, '"before" or "after"'],
    [{ match: { path: "(" }, action: { status: 500 } }, "is not a regular expression"],
    [{ match: { method: 7 }, action: { status: 500 } }, "Invalid value at 'match.method' (string): 7"],
    [{ times: "2", action: { status: 500 } }, "Invalid value at 'times' (number): \"2\""],
    [{ action: { headers: { "retry-after": 7 } } }, "Invalid value at 'action.headers.retry-after' (string): 7"],
    [{ action: { headers: { "a b": "c" } } }, "action.headers.a b"],
    [{ action: { headers: { a: "b\nc" } } }, 'action.headers.a: "b\\nc" can\'t be sent'],
    [{ action: { status: 99999 } }, "action.status: 99999 is not a whole number from 200 to 599"],
    [{ action: { status: 0 } }, "action.status: 0"],
    [{ action: { latencyMs: -5 } }, "action.latencyMs: -5 is not a number from 0 to 86400000"],
    [{ action: { latencyMs: 1e300 } }, "action.latencyMs: 1e+300"],
    [{ action: { truncateAfterBytes: -5 } }, "action.truncateAfterBytes: -5"],
    [{ action: { corruptByteAt: 1.5 } }, "action.corruptByteAt: 1.5"],
    [{ times: -1, action: { status: 500 } }, "times: -1"],
    [{ skip: 0.5, action: { status: 500 } }, "skip: 0.5"],
    [{ every: 0, action: { status: 500 } }, "every: 0"],
    [{ probability: 7, action: { status: 500 } }, "probability: 7 is not a number from 0 to 1"],
  ])("of %j is refused", async (spec, says) => {
    const { status, json } = await fault(spec);

    expect(status).toBe(400);
    expect(json.error.message).toContain(says);
  });

  test("of each answer is a latency that can be waited for", async () => {
    const { status, json } = await sandbox().owner.patch("/sandbox/v1/settings", { latencyMs: -5 });

    expect([status, json.error.message]).toEqual([400, "latencyMs: -5 is not a number from 0 to 86400000"]);
    expect((await sandbox().owner.get("/sandbox/v1/settings")).json).toEqual({ latencyMs: 0 });
  });

  test("is taken back one by one", async () => {
    const { id } = (await fault({ action: { status: 500 } })).json;

    expect((await sandbox().owner.delete(`/sandbox/v1/faults/${id}`)).status).toBe(204);
    expect((await sandbox().owner.delete(`/sandbox/v1/faults/${id}`)).status).toBe(404);
    expect(await statuses(1)).toEqual([200]);
  });
});

describe("the request log", () => {
  test("counts what each route answered, with the bytes that came in", async () => {
    await sandbox().owner.delete("/sandbox/v1/requests");
    await sandbox().owner.upload("shop", "counted", "12345");
    await sandbox().anonymous.get(`${O}?prefix=c`);
    await sandbox().owner.get(O);

    const { json } = await sandbox().owner.get("/sandbox/v1/requests?limit=2");

    expect(json.counts).toEqual({ "GET /storage/v1/b/{bucket}/o": 2, "POST /upload/storage/v1/b/{bucket}/o": 1 });
    expect(json.requestBytes).toEqual({ "POST /upload/storage/v1/b/{bucket}/o": 5 });
    expect(json.requests).toMatchObject([
      { method: "GET", path: O, query: "prefix=c", status: 401 },
      { method: "GET", path: O, status: 200, principal: "user:owner@example.org" },
    ]);
  });
});

describe("the clock", () => {
  test("is moved ahead or set, and generations go on growing when it goes back", async () => {
    await sandbox().owner.post("/sandbox/v1/clock", { set: "2030-01-01T00:00:00Z" });
    const late = (await sandbox().owner.upload("shop", "late", "x")).json;
    await sandbox().owner.post("/sandbox/v1/clock", { set: "2026-01-01T00:00:00Z" });
    const early = (await sandbox().owner.upload("shop", "early", "x")).json;

    expect([late.timeCreated.slice(0, 10), early.timeCreated.slice(0, 10)]).toEqual(["2030-01-01", "2026-01-01"]);
    expect(BigInt(early.generation) > BigInt(late.generation)).toBe(true);
  });

  test("is moved by whole milliseconds", async () => {
    const { status } = await sandbox().owner.post("/sandbox/v1/clock", { advanceSeconds: 0.3333333 });

    expect(status).toBe(200);
    expect((await sandbox().owner.upload("shop", "fraction", "x")).status).toBe(200);
  });

  test.each([
    [{ set: "soon" }, 'set: "soon"'],
    [{ set: 7 }, "'set' (string): 7"],
    [{ set: "+010000-01-01T00:00:00Z" }, "out of the years 1970 to 9999"],
    [{ advanceSeconds: "1" }, "'advanceSeconds' (number): \"1\""],
    [{ advanceSeconds: 1e300 }, "advanceSeconds: 1e+300 leads out of the years 1970 to 9999"],
    [{ advanceSeconds: -1e10 }, "out of the years 1970 to 9999"],
    [{ advanceSeconds: 86400, set: "soon" }, 'set: "soon"'],
    [{ advanceSecond: 86400 }, "clock: advanceSecond: unknown. Known are advanceSeconds, set"],
  ])("is not moved by %j", async (wanted, says) => {
    const before = Date.parse((await sandbox().owner.get("/sandbox/v1/clock")).json.now);

    const { status, json } = await sandbox().owner.post("/sandbox/v1/clock", wanted);

    expect([status, json.error.message]).toEqual([400, expect.stringContaining(says)]);
    const after = Date.parse((await sandbox().owner.get("/sandbox/v1/clock")).json.now);
    expect(Math.abs(after - before)).toBeLessThan(60_000);
  });
});

describe("a listener", () => {
  test("says who calls when a request doesn't", async () => {
    const { json } = await sandbox().owner.post("/sandbox/v1/listeners", { principal: "user:owner@example.org" });

    expect((await fetch(`${json.url}${O}/o`)).status).toBe(200);
    const asOther = await fetch(`${json.url}${O}/o`, { headers: { authorization: "Bearer bob@example.com" } });
    expect(asOther.status).toBe(403);
    expect((await sandbox().owner.get("/sandbox/v1/listeners")).json.listeners.at(-1)).toEqual(json);
  });

  test.each([
    [{ principal: "nobody" }, 'principal: "nobody"'],
    [{ principal: 7 }, "'principal' (string): 7"],
    [{ principal: "user:owner@example.org", port: [7] }, "'port' (number): [7]"],
    [{ principal: "user:owner@example.org", port: 65536 }, "port: 65536 is not a whole number"],
  ])("for %j is refused", async (wanted, says) => {
    const { status, json } = await sandbox().owner.post("/sandbox/v1/listeners", wanted);

    expect([status, json.error.message]).toEqual([400, expect.stringContaining(says)]);
  });
});

describe("a seed", () => {
  test("makes many objects of one pattern and tells their hashes", async () => {
    const objects = [{ bucket: "shop", name: "many/{i}", count: 3, size: 100, metadata: { a: "b" } }];
    const { json } = await sandbox().owner.post("/sandbox/v1/seed", { objects });

    expect(json.objects.map(({ name }: { name: string }) => name)).toEqual(["many/0", "many/1", "many/2"]);
    expect(new Set(json.objects.map(({ sha256 }: { sha256: string }) => sha256)).size).toBe(3);
    expect((await sandbox().owner.get(`${O}/many%2F1`)).json).toMatchObject({ size: "100", metadata: { a: "b" } });
  });

  test.each([
    [{ buckts: [] }, "buckts: unknown. Known are projects, groups, buckets, objects"],
    [{ objects: [{ bucket: "shop", name: "x" }] }, "no bytes. Give text, base64 or size"],
    [{ objects: [{ bucket: "shop", name: "x", size: -1 }] }, "size -1"],
    [{ objects: [{ bucket: "none-such", name: "x", text: "" }] }, "bucket does not exist"],
    [{ objects: [{ bucket: "shop", name: "x", size: 1, seed: 7 }] }, "Invalid value at 'objects[0].seed' (string): 7"],
    [{ objects: {} }, "Invalid value at 'objects' (list): {}"],
    [{ projects: ["estate", 7] }, "Invalid value at 'projects[1]' (object): 7"],
    [{ groups: [{ email: "g@example.org", members: [{ email: 7 }] }] }, "at 'groups[0].members[0].email' (string): 7"],
    [{ groups: [{ members: [] }] }, "seed: groups[].email: missing"],
    [{ groups: [{ email: "g@example.org", members: [{}] }] }, "seed: groups[].members[].email: missing"],
    [{ buckets: [{ name: "shop-2", project: "estate", bindings: [{ role: 7 }] }] }, "'buckets[0].bindings[0].role'"],
    [{ buckets: [{ name: "shop-2" }] }, "seed: buckets[].project: missing"],
  ])("of %j is refused", async (seed, says) => {
    const answer = await sandbox().owner.post("/sandbox/v1/seed", seed);

    expect([400, 404]).toContain(answer.status);
    expect(answer.json.error.message).toContain(says);
  });
});

test("the state tells what the sandbox holds", async () => {
  const { json } = await sandbox().owner.get("/sandbox/v1/state");

  expect(json).toMatchObject({ owner: "user:owner@example.org", projects: [{ projectId: "estate" }] });
  expect(json.buckets[0]).toMatchObject({
    name: "shop",
    project: "estate",
    isPublic: false,
    objects: expect.any(Number),
  });
});

test("pages of other sites can't control the sandbox through the user's browser", async () => {
  const { request } = await import("node:http");
  const status = await new Promise((resolve) => {
    request(`${sandbox().sandbox.url}/sandbox/v1/state`, { headers: { host: "evil.example.com" } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).end();
  });

  expect(status).toBe(403);
});

test("pages of other sites can't write as whom a port stands for", async () => {
  const emulator = sandbox().sandbox.env.STORAGE_EMULATOR_HOST ?? "";
  const write = (headers: Record<string, string>) =>
    sandbox().anonymous.post(`${emulator}/upload/storage/v1/b/shop/o?uploadType=media&name=page`, "x", headers);

  expect((await write({ origin: "http://evil.example.com" })).status).toBe(403);
  expect((await write({ origin: "null" })).status).toBe(403);
  expect((await write({ origin: emulator })).status).toBe(200);
});

test("pages of other sites can read as allUsers, and not act as anybody", async () => {
  const page = { origin: "http://evil.example.com", "content-type": "text/plain" };
  const media = "/upload/storage/v1/b/shop/o?uploadType=media&name=page";
  const token = "access_token=user:owner@example.org";

  expect((await sandbox().anonymous.post(`${media}&${token}`, "x")).status).toBe(200);
  expect((await sandbox().anonymous.post(`${media}&${token}`, "x", page)).status).toBe(403);
  expect((await sandbox().anonymous.post(media, "x", page)).status).toBe(403);
  expect((await sandbox().anonymous.get(`${O}/o?${token}`, page)).status).toBe(403);
  expect((await sandbox().anonymous.get(`${O}/o`, page)).status).toBe(401);
  expect((await sandbox().owner.post(media, "x", page)).status).toBe(200);
});

test("a body that is nested too deep is refused", async () => {
  const body = `{"labels": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`;

  expect((await sandbox().owner.send("PATCH", "/storage/v1/b/shop", body)).status).toBe(400);
});

test("a body that is too large is refused, also to clients that read nothing before all of it is sent", async () => {
  const length = 70 << 20;
  const socket = connect(Number(new URL(sandbox().sandbox.url).port), "127.0.0.1");
  socket.write(`PATCH /storage/v1/b/shop HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${length}\r\n\r\n`);

  socket.write(Buffer.alloc(length, " "));
  await once(socket, "drain", { signal: AbortSignal.timeout(10_000) });
  const [answer] = await once(socket, "data");
  socket.destroy();

  expect(String(answer)).toMatch(/^HTTP\/1.1 413 /);
});

describe("a batch", () => {
  const part = (id: string, request: string) =>
    `--b\r\nContent-Type: application/http\r\nContent-ID: <${id}>\r\n\r\n${request}\r\n`;
  const send = (requests: readonly string[], headers: Record<string, string> = {}) =>
    sandbox().owner.post("/batch/storage/v1", `${requests.map((text) => part("x", text)).join("")}--b--\r\n`, {
      "content-type": "multipart/mixed; boundary=b",
      ...headers,
    });
  const statuses = (text: string) => [...text.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => Number(status));

  test("answers each of its requests", async () => {
    const body = [
      part("one", `GET ${O}/o HTTP/1.1\r\n\r\n`),
      part("two", `PATCH ${O}/o HTTP/1.1\r\nContent-Type: application/json\r\n\r\n{"cacheControl":"no-cache"}`),
      part("three", `DELETE ${O}/none HTTP/1.1\r\n\r\n`),
      "--b--\r\n",
    ].join("");

    const { status, text } = await sandbox().owner.post("/batch/storage/v1", body, {
      "content-type": 'multipart/mixed; boundary="b"',
    });

    expect(status).toBe(200);
    expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(["HTTP/1.1 200", "HTTP/1.1 200", "HTTP/1.1 404"]);
    expect(text.match(/Content-ID: \S+/g)).toEqual(
      ["<response-one>", "<response-two>", "<response-three>"].map((id) => `Content-ID: ${id}`),
    );
    expect((await sandbox().owner.get(`${O}/o`)).json.cacheControl).toBe("no-cache");
  });

  test("is called by whom each of its requests names, or else by its own caller", async () => {
    const email = "robot-off@estate.iam.gserviceaccount.com";
    const accounts = "/iam/v1/projects/estate/serviceAccounts";
    await sandbox().owner.post(accounts, { accountId: "robot-off" });
    await sandbox().owner.post(`${accounts}/${email}:disable`);
    const get = (token: string) => `GET ${O}/o HTTP/1.1\r\nAuthorization: Bearer ${token}\r\n\r\n`;

    const { text } = await send([`GET ${O}/o HTTP/1.1\r\n\r\n`, get("x@example.org"), get("nobody"), get(email)]);

    expect(statuses(text)).toEqual([200, 403, 401, 401]);
  });

  test("can't control the sandbox, nor come from a page of another site", async () => {
    const advance = 'POST /sandbox/v1/clock HTTP/1.1\r\n\r\n{"advanceSeconds":86400}';
    const form = { "content-type": "multipart/form-data; boundary=b" };
    const page = { origin: "http://evil.example.com", authorization: "" };
    const { now } = (await sandbox().owner.get("/sandbox/v1/clock")).json;

    expect(statuses((await send([advance])).text)).toEqual([403]);
    expect((await send([advance], form)).status).toBe(400);
    expect((await send([advance], { ...form, ...page })).status).toBe(403);
    expect((await send([`GET ${O}/o HTTP/1.1\r\n\r\n`], page)).status).toBe(403);
    expect((await sandbox().owner.get("/sandbox/v1/clock")).json.now.slice(0, 13)).toBe(now.slice(0, 13));
  });
});

test.each([
  ["/storage/v1/nothing", 404],
  ["/iam/v9/x", 404],
])("a route that isn't there, %s, is a JSON error that no client retries", async (path, status) => {
  const answer = await sandbox().owner.get(path);

  expect([answer.status, answer.json.error.errors[0].reason]).toEqual([status, "notFound"]);
});
