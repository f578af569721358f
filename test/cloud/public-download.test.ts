import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { tryDownload } from "../../lib/cloud/public-download";
import { contextAt, digestsOf } from "./support/s3-fixtures";

const bytes = Buffer.from("the release");
const expected = digestsOf(bytes);
const hash = { "x-goog-hash": `crc32c=${expected.crc32c},md5=abc` };

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Answers with a status, headers and, unless only headers are asked for, a body. */
function answer(status: number, headers: Record<string, string | number> = {}, body: Uint8Array = bytes): Answer {
  return (request, response) => {
    response.writeHead(status, { "content-length": body.length, ...headers });
    response.end(request.method === "HEAD" ? undefined : body);
  };
}

function chunked(body: Uint8Array): Answer {
  return (_, response) => response.writeHead(200, { "transfer-encoding": "chunked" }).end(body);
}

async function ask(
  serve: Answer,
  isDeep = false,
  what: object = expected,
  env: Record<string, string> = {},
  signal = AbortSignal.timeout(20_000),
) {
  const server = createServer(serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/kops`;
  try {
    const context = { ...contextAt(url), env };
    return await tryDownload(context, url, { ...expected, ...what }, isDeep, signal);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

test.each([
  { when: "length and CRC32C are right", serve: answer(200, hash), download: { state: "ok", evidence: "crc32c" } },
  { when: "only a length is told", serve: answer(200), download: { state: "ok", evidence: "length" } },
  { when: "no header tells of the bytes", serve: chunked(bytes), download: { state: "ok", evidence: "sha256" } },
  {
    when: "every name is answered with a page of unknown length",
    serve: chunked(Buffer.from("<html>")),
    download: { state: "wrong", what: "6 bytes, expected 11" },
  },
  { when: "the length is another one", serve: answer(200, hash, Buffer.from("x")), download: { state: "wrong" } },
  {
    when: "the CRC32C is another one",
    serve: answer(200, { "x-goog-hash": "crc32c=AAAAAA==" }),
    download: { state: "wrong" },
  },
  { when: "it is not there", serve: answer(404), download: { state: "wrong", what: "answers 404" } },
  { when: "the service is down for good", serve: answer(503), download: { state: "unreachable" } },
  { when: "it leads nowhere", serve: answer(302, { location: "/kops" }), download: { state: "unreachable" } },
  {
    when: "it leads out of the web",
    serve: answer(302, { location: "file:///etc/passwd" }),
    download: { state: "unreachable" },
  },
])("a public address when $when", async ({ serve, download }) => {
  expect(await ask(serve)).toMatchObject(download);
});

test.each([
  { when: "the bytes are right", serve: answer(200), download: { state: "ok", evidence: "sha256" } },
  {
    when: "a byte is wrong",
    serve: answer(200, hash, Buffer.from("the Release")),
    download: { state: "wrong", what: expect.stringContaining("sha256") },
  },
  { when: "it is refused", serve: answer(403), download: { state: "wrong", what: "answers 403" } },
])("a deep look at a public address when $when", async ({ serve, download }) => {
  expect(await ask(serve, true)).toMatchObject(download);
});

test("redirects are followed, and a busy service is asked again", async () => {
  let asked = 0;
  const download = await ask((request, response) => {
    asked += 1;
    if (request.url === "/kops") answer(307, { location: "/other" })(request, response);
    else answer(asked === 2 ? 503 : 200)(request, response);
  }, true);

  expect(download).toEqual({ state: "ok", evidence: "sha256" });
});

test("what is stored compressed is downloaded as it is stored", async () => {
  const zipped = gzipSync(bytes);
  const what = { ...digestsOf(zipped), contentEncoding: "gzip" };
  const download = await ask(
    (request, response) =>
      request.headers["accept-encoding"] === "gzip"
        ? answer(200, { "content-encoding": "gzip" }, zipped)(request, response)
        : answer(200)(request, response),
    true,
    what,
  );

  expect(download).toEqual({ state: "ok", evidence: "sha256" });
});

test("of an address that had not answered when the run was stopped nothing is known", async () => {
  const stop = new AbortController();
  const download = await ask(() => stop.abort(new Error("stopped by SIGINT")), false, {}, {}, stop.signal);

  expect(download).toEqual({ state: "stopped", what: expect.stringContaining("stopped by SIGINT") });
});

test("beside an emulator only addresses of Google are asked, and those of the emulator", async () => {
  const env = { STORAGE_EMULATOR_HOST: "http://127.0.0.1:9" };

  expect(await ask(answer(200), false, {}, env)).toEqual({ state: "not-checked", what: "not served by the emulator" });
});
