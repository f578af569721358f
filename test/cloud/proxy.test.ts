import { createServer, request, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { readText, send, sendForBytes } from "../../lib/cloud/http";
import { proxyAgents } from "../../lib/cloud/s3-proxy";

// The connections of a process are made once, with the proxy it was started with: so is this file's.

const about = { subject: "read it", answerTimeoutSeconds: 5, idleTimeoutSeconds: 5 } as const;

function addressOf(server: Server): string {
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe("in a network that is left through a proxy only", () => {
  const passed: string[] = [];
  const service = createServer((_, response) => response.end("from the service"));
  const proxy = createServer((incoming, response) => {
    passed.push(`${incoming.method} ${incoming.url}`);
    request(incoming.url ?? "", (answer) => answer.pipe(response)).end();
  });
  proxy.on("connect", ({ url = "" }, client) => {
    passed.push(`CONNECT ${url}`);
    const [host = "", port] = url.split(":");
    const target = connect(Number(port), host, () => client.write("HTTP/1.1 200 Connection established\r\n\r\n"));
    target.pipe(client).pipe(target);
    for (const socket of [target, client]) socket.on("error", () => {});
  });
  const before = { ...process.env };

  beforeAll(async () => {
    for (const server of [service, proxy]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    for (const name of ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"])
      process.env[name] = `http://${addressOf(proxy)}`;
    process.env.NO_PROXY = process.env.no_proxy = "inside.example.org";
  });
  beforeEach(() => {
    passed.length = 0;
  });
  afterAll(() => {
    process.env = before;
    for (const server of [service, proxy]) {
      server.closeAllConnections();
      server.close();
    }
  });

  test("calls and bytes of Google's services pass through it", async () => {
    const url = `http://${addressOf(service)}/storage/v1/b`;
    const answer = await send({ ...about, method: "GET", url });
    expect(await readText(answer, about)).toBe("from the service");

    const { pieces } = await sendForBytes({ ...about, method: "GET", url });
    expect((await buffer(pieces)).toString()).toBe("from the service");
    expect(passed[0]).toBe(`CONNECT ${addressOf(service)}`);
  });

  test("so does S3, in plain text and with TLS", async () => {
    const url = `http://${addressOf(service)}/bucket`;
    const { httpAgent } = await proxyAgents(url);
    const text = await new Promise<string>((resolve, reject) => {
      const call = request(url, { agent: httpAgent }, (answer) => resolve(buffer(answer).then(String)));
      call.on("error", reject).end();
    });
    expect(text).toBe("from the service");
    expect(passed).toEqual([`GET ${url}`]);

    expect(await proxyAgents("https://s3.eu-west-1.amazonaws.com")).toEqual({ httpsAgent: expect.anything() });
  });

  test("what NO_PROXY names does not", async () => {
    expect(await proxyAgents("https://inside.example.org")).toEqual({});
  });
});
