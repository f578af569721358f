import { mkdtempSync, rmSync } from "node:fs";
import { type ClientHttp2Session, createServer, type Http2Server } from "node:http2";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { GrpcError, grpcServerOptions, Status, serveGrpc, type UnaryHandler } from "../../lib/tfplugin/grpc";
import { call, openSession } from "./fixtures/grpc-client";

describe("a gRPC server", () => {
  const folder = mkdtempSync(join(tmpdir(), "grpc-"));
  const socket = join(folder, "s");
  let server: Http2Server;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    server = createServer(grpcServerOptions);
    serveGrpc(server, () => ({
      unary: new Map<string, UnaryHandler>([
        ["/t/echo", async (request) => request],
        ["/t/refuse", () => Promise.reject(new GrpcError(Status.invalidArgument, "no: 100 % 🙈"))],
        ["/t/break", () => Promise.reject(new Error("broken"))],
        ["/t/ramble", () => Promise.reject(new Error(`no: ${"🙈".repeat(100_000)}`))],
      ]),
      silent: new Set(["/t/silent"]),
    }));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    session = openSession(socket);
  });

  afterAll(async () => {
    session.close();
    await new Promise((resolve) => server.close(resolve));
    rmSync(folder, { recursive: true });
  });

  test.each([
    { what: "an empty message", size: 0 },
    { what: "a message of 40 MB, far above the usual limit of 4", size: 40_000_000 },
  ])("answers $what", async ({ size }) => {
    const message = Buffer.alloc(size, "x");
    const answer = await call(session, "/t/echo", message);
    expect(answer.status).toBe(Status.ok);
    expect(answer.body.equals(message)).toBe(true);
  });

  test("answers many calls at once on one connection", async () => {
    const messages = Array.from({ length: 200 }, (_, index) => Buffer.alloc(index * 500, String(index % 10)));
    const answers = await Promise.all(messages.map((message) => call(session, "/t/echo", message)));
    expect(answers.every(({ body }, index) => body.equals(messages[index] ?? Buffer.alloc(0)))).toBe(true);
  });

  test("passes on status and message of an error, any character in it", async () => {
    expect(await call(session, "/t/refuse", Buffer.alloc(0))).toMatchObject({ status: 3, message: "no: 100 % 🙈" });
    expect(await call(session, "/t/break", Buffer.alloc(0))).toMatchObject({ status: 13, message: "broken" });
  });

  test("cuts an error too long for the connection, which other calls go on using", async () => {
    expect((await call(session, "/t/ramble", Buffer.alloc(0))).message).toMatch(/^no: 🙈+/u);
    expect(await call(session, "/t/break", Buffer.alloc(0))).toMatchObject({ status: 13, message: "broken" });
  });

  test("says what it doesn't serve", async () => {
    expect(await call(session, "/t/none", Buffer.alloc(0))).toMatchObject({
      status: 12,
      message: "/t/none: not served by this provider",
    });
  });

  test("holds silent streams open", async () => {
    const stream = session.request({ ":method": "POST", ":path": "/t/silent" });
    const headers = await new Promise<Record<string, unknown>>((resolve) => stream.on("response", resolve));
    await call(session, "/t/echo", Buffer.from("meanwhile"));
    expect(headers[":status"]).toBe(200);
    expect(stream.closed).toBe(false);
    stream.close();
  });
});
