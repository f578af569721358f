/** Status line and headers of an answer, names in lower case. */
export interface ResponseHead {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  /** Of the body; undefined where the answer does not simply say it. */
  readonly contentLength: number | undefined;

  /** Whether the connection can take another request after this answer. */
  readonly keepsAlive: boolean;

  /** Where the body begins in what was parsed. */
  readonly bodyStart: number;
}

const MAX_HEAD_BYTES = 64 * 1024;

/** The head at the start of `bytes`; undefined while it is incomplete. Throws on anything but a plain HTTP/1.1 answer. */
export function parseHead(bytes: Buffer): ResponseHead | undefined {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0 && bytes.length <= MAX_HEAD_BYTES) return undefined;
  if (end < 0 || end > MAX_HEAD_BYTES) throw new Error("the answer's head has no end");
  const [statusLine = "", ...lines] = bytes.toString("latin1", 0, end).split("\r\n");
  const [, minor, code] = /^HTTP\/1\.([01]) ([1-5]\d\d)(?: |$)/.exec(statusLine) ?? [];
  if (minor === undefined || code === undefined) throw new Error("the answer is not HTTP/1.1");
  const headers = parseHeaders(lines);
  const status = Number(code);
  return {
    status,
    headers,
    contentLength: contentLengthOf(status, headers),
    keepsAlive: minor === "1" && !/\bclose\b/i.test(headers.connection ?? ""),
    bodyStart: end + 4,
  };
}

function parseHeaders(lines: readonly string[]): Readonly<Record<string, string>> {
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const line of lines) {
    const [, name, value = ""] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*(.*?)[ \t]*$/.exec(line) ?? [];
    if (name === undefined) throw new Error("the answer has a malformed header");
    const key = name.toLowerCase();
    const known = headers[key];
    // Two lengths that differ are how one answer is smuggled into another: joined, they are no number.
    headers[key] = known === undefined ? value : `${known}, ${value}`;
  }
  return headers;
}

function contentLengthOf(status: number, headers: Readonly<Record<string, string>>): number | undefined {
  if (status < 200 || status === 204 || status === 304) return 0;
  const length = headers["content-length"];
  if (length === undefined || headers["transfer-encoding"] !== undefined || !/^\d{1,15}$/.test(length))
    return undefined;
  return Number(length);
}
