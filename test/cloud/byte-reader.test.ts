import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { fetchBytes } from "../../lib/cloud/byte-reader";
import { parseHead } from "../../lib/cloud/http-head";

/** A server that writes exactly what a test wants, one script per connection. */
class Script {
  readonly requests: string[] = [];
  connections = 0;
  private server: Server | undefined;
  private readonly sockets = new Set<Socket>();

  constructor(private readonly answer: (socket: Socket, request: number, connection: number) => void) {}

  async start(): Promise<string> {
    this.server = createServer((socket) => {
      this.connections += 1;
      const connection = this.connections;
      this.sockets.add(socket);
      socket.on("error", () => {});
      let received = "";
      let request = 0;
      socket.on("data", (piece) => {
        received += piece.toString();
        for (let end = received.indexOf("\r\n\r\n"); end >= 0; end = received.indexOf("\r\n\r\n")) {
          this.requests.push(received.slice(0, end));
          received = received.slice(end + 4);
          request += 1;
          this.answer(socket, request, connection);
        }
      });
    });
    this.server.listen(0, "127.0.0.1");
    await once(this.server, "listening");
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  stop(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server?.close();
  }
}

let script: Script | undefined;
afterEach(() => script?.stop());

async function serve(answer: ConstructorParameters<typeof Script>[0]): Promise<string> {
  script = new Script(answer);
  return script.start();
}

const ask = (origin: string, more: Partial<Parameters<typeof fetchBytes>[0]> = {}) =>
  fetchBytes({ origin, path: "/a", headers: {}, answerTimeoutMs: 300, idleTimeoutMs: 300, ...more });

async function text(origin: string, more: Partial<Parameters<typeof fetchBytes>[0]> = {}): Promise<string | undefined> {
  const answer = await ask(origin, more);
  if (answer === undefined) return undefined;
  const pieces: Uint8Array[] = [];
  for await (const piece of answer.body) pieces.push(Buffer.from(piece));
  return Buffer.concat(pieces).toString();
}

const answerWith = (body: string) => `HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`;

test("a connection serves one request after the other", async () => {
  const origin = await serve((socket, request) => socket.write(answerWith(`answer ${request}`)));

  expect([await text(origin), await text(origin), await text(origin)]).toEqual(["answer 1", "answer 2", "answer 3"]);
  expect(script?.connections).toBe(1);
});

test("an answer may come byte by byte, behind another that does not count", async () => {
  const whole = `HTTP/1.1 100 Continue\r\n\r\n${answerWith("bytes")}`;
  const origin = await serve((socket) => {
    socket.setNoDelay(true);
    let at = 0;
    const next = (): void => {
      if (at < whole.length) socket.write(whole[at++] ?? "", () => setImmediate(next));
    };
    next();
  });

  expect(await text(origin)).toBe("bytes");
});

test("the request carries its headers and stays one request whatever it is about", async () => {
  const origin = await serve((socket) => socket.write(answerWith("")));
  await text(origin, { path: "/b/o/a%20b?alt=media", headers: { range: "bytes=5-" } });

  expect(script?.requests[0]).toBe(
    `GET /b/o/a%20b?alt=media HTTP/1.1\r\nhost: ${new URL(origin).host}\r\nrange: bytes=5-`,
  );
  await expect(ask(origin, { path: "/a HTTP/1.1\r\nx: y" })).rejects.toThrow("malformed request");
  await expect(ask(origin, { headers: { authorization: "Bearer x\r\nhost: evil" } })).rejects.toThrow("malformed");
});

test.each([
  ["ends before its length", (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort")],
  ["is cut off in its head", (socket: Socket) => socket.end("HTTP/1.1 200 OK\r\ncontent-le")],
  ["is longer than it said", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nlong")],
  ["is reset", (socket: Socket) => socket.resetAndDestroy()],
  ["is no HTTP", (socket: Socket) => socket.write("SSH-2.0-OpenSSH\r\n\r\n")],
  ["has a malformed header", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\nfoo bar\r\n\r\n")],
  ["has a head without end", (socket: Socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${"y".repeat(70_000)}`)],
  ["never comes", () => {}],
  ["stops coming", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsho")],
])("an answer that %s is an error", async (_, answer) => {
  const origin = await serve(answer);

  await expect(text(origin)).rejects.toThrow();
});

test.each([
  ["in chunks", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
  ["with two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab"],
  [
    "with a length and in chunks",
    "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
  ],
  ["until the connection ends", "HTTP/1.1 200 OK\r\n\r\nbytes"],
])("an answer %s is left to the general client", async (_, answer) => {
  const origin = await serve((socket) => socket.end(answer));

  expect(await ask(origin)).toBeUndefined();
});

test("what comes after an answer is never taken for the next one", async () => {
  const origin = await serve((socket, _request, connection) => {
    socket.write(answerWith(`connection ${connection}`));
    setImmediate(() => socket.write(answerWith("smuggled")));
  });

  // The stray bytes may come with the answer, before the next request or after it: a refusal or another connection.
  for (let round = 0; round < 10; round += 1) {
    expect(await text(origin).catch(() => "refused")).toMatch(/^(connection \d+|refused)$/);
  }
});

test("a connection that the other side closed meanwhile is replaced without a word", async () => {
  const origin = await serve((socket, _request, connection) => {
    socket.write(answerWith(`connection ${connection}`), () => socket.end());
  });

  expect(await text(origin)).toBe("connection 1");
  expect(await text(origin)).toBe("connection 2");
});

test("a server that says it closes is believed", async () => {
  const origin = await serve((socket, _request, connection) =>
    socket.write(`HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\n${connection}`),
  );

  expect([await text(origin), await text(origin)]).toEqual(["1", "2"]);
});

test("a receiver that takes its time slows the sender down and is no silence", async () => {
  const body = Buffer.alloc(8 * 1024 * 1024, "x");
  const origin = await serve((socket) => {
    socket.write(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n`);
    socket.write(body);
  });
  const answer = await ask(origin, { idleTimeoutMs: 400 });
  let bytes = 0;
  for await (const piece of answer?.body ?? []) {
    // Once, for longer than the silence that is allowed.
    if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 900));
    bytes += piece.length;
  }

  expect(bytes).toBe(body.length);
});

test("a signal ends a request in its head and in its body", async () => {
  const origin = await serve((socket, request) => {
    if (request === 1) return;
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nsho");
  });
  const stop = new AbortController();
  setImmediate(() => stop.abort());
  await expect(ask(origin, { signal: stop.signal, answerTimeoutMs: 60_000 })).rejects.toThrow("aborted");
  await expect(ask(origin, { signal: stop.signal })).rejects.toThrow();
});

test("an answer that is given up closes its connection", async () => {
  const origin = await serve((socket, _request, connection) => socket.write(answerWith(`connection ${connection}`)));
  (await ask(origin))?.giveUp();

  expect(await text(origin)).toBe("connection 2");
});

test("a head is parsed to the last letter", () => {
  expect(
    parseHead(Buffer.from("HTTP/1.1 206 Partial Content\r\nX-Goog-Generation:\t7 \r\nContent-Length: 3\r\n\r\nabc")),
  ).toEqual({
    status: 206,
    headers: Object.assign(Object.create(null), { "x-goog-generation": "7", "content-length": "3" }),
    contentLength: 3,
    keepsAlive: true,
    bodyStart: 74,
  });
  expect(parseHead(Buffer.from("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"))).toBeUndefined();
  expect(parseHead(Buffer.from("HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\n"))?.keepsAlive).toBe(false);
  expect(parseHead(Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: +3\r\n\r\n"))?.contentLength).toBeUndefined();
  expect(parseHead(Buffer.from("HTTP/1.1 200 OK\r\n__proto__: x\r\n\r\n"))?.headers.polluted).toBeUndefined();
});

test("an answer of which a byte comes now and then is given up", async () => {
  const origin = await serve((socket) => {
    socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n");
    const timer = setInterval(() => socket.write("."), 50);
    socket.on("close", () => clearInterval(timer));
  });

  await expect(text(origin)).rejects.toThrow("hardly anything came");
});
