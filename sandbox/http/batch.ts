import { STATUS_CODES } from "node:http";
import { Readable } from "node:stream";
import type { Incoming } from "./call";
import { googleError } from "./errors";
import { boundaryOf } from "./multipart";
import { encode } from "./send";
import { type Call, post, type Reply, type Service } from "./service";

/** As many as Google takes in one batch. */
const MAX_PARTS = 100;

/** Google's batch endpoint: many small requests in one, each answered for itself. */
export function batchService(answer: (incoming: Incoming) => Promise<Reply>): Service {
  const handler = async (call: Call) => {
    const contentType = call.headers["content-type"];
    if (contentType !== undefined && !/^multipart\/mixed *;/i.test(contentType)) {
      throw googleError(400, "badContent", `The content type of a batch is multipart/mixed, not ${contentType}.`);
    }
    const parts = split(await call.body(), boundaryOf(contentType));
    if (parts.length > MAX_PARTS) {
      throw googleError(400, "invalid", `The batch has ${parts.length} requests, which is more than ${MAX_PARTS}.`);
    }
    const boundary = `batch_${Buffer.from(call.origin).toString("hex").slice(0, 16)}`;
    let body = "";
    for (const part of parts) body += `--${boundary}\r\n${await perform(call, part, answer)}\r\n`;
    return {
      status: 200,
      headers: { "content-type": `multipart/mixed; boundary=${boundary}` },
      body: `${body}--${boundary}--\r\n`,
    };
  };
  return { name: "batch", prefix: "/batch", routes: [post("", handler), post("/{api}/{version}", handler)] };
}

function split(body: Buffer, boundary: string): readonly string[] {
  return body
    .toString("latin1")
    .split(new RegExp(`(?:^|\\r?\\n)--${boundary.replaceAll(/[^\w]/g, "\\$&")}(?:--)?[ \\t]*(?:\\r?\\n|$)`))
    .filter((part) => part.trim() !== "");
}

/** One part: headers of its own, an empty line, then a request as on the wire. */
async function perform(call: Call, part: string, answer: (incoming: Incoming) => Promise<Reply>): Promise<string> {
  const [outer, rest = ""] = cut(part);
  const [head, body = ""] = cut(rest);
  const [line = "", ...lines] = head.split(/\r?\n/);
  const [method = "", target = ""] = line.split(" ");
  const url = target.replace(/^https?:\/\/[^/]+/, "");
  const [path = "", search = ""] = url.split(/\?(.*)/s);
  const reply = await answer({
    method: method.toUpperCase(),
    path,
    query: new URLSearchParams(search),
    headers: Object.fromEntries(lines.map(header)),
    principal: call.principal,
    origin: call.origin,
    stream: Readable.from([Buffer.from(body, "latin1")]),
  });
  const id = /^content-id: *<?([^>\r\n]+)>?/im.exec(outer)?.[1];
  const content = reply.body instanceof Readable ? Buffer.alloc(0) : encode(reply.body);
  return [
    "Content-Type: application/http",
    ...(id === undefined ? [] : [`Content-ID: <response-${id}>`]),
    "",
    `HTTP/1.1 ${reply.status} ${STATUS_CODES[reply.status] ?? ""}`,
    "Content-Type: application/json; charset=UTF-8",
    `Content-Length: ${content.length}`,
    "",
    content.toString("utf8"),
  ].join("\r\n");
}

function cut(text: string): readonly [string, string?] {
  const found = /\r?\n\r?\n/.exec(text);
  return found === null ? [text] : [text.slice(0, found.index), text.slice(found.index + found[0].length)];
}

function header(line: string): readonly [string, string] {
  const colon = line.indexOf(":");
  return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()];
}
