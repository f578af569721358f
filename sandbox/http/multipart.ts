import { googleError } from "./errors";

const MAX_HEADER_BYTES = 64 << 10;

/** The two parts of an upload: what the object is to be, and its bytes as they arrive. */
export interface RelatedUpload {
  readonly resource: Readonly<Record<string, unknown>>;

  /** Content-Type of the second part. */
  readonly mediaType?: string;
  readonly media: AsyncIterable<Buffer>;
}

/** The boundary that a multipart content type names. */
export function boundaryOf(contentType: string | undefined): string {
  const found = /^multipart\/[^;]+;.*?boundary=(?:"([^"]+)"|'([^']+)'|([^\s;]+))/is.exec(contentType ?? "");
  const boundary = found?.[1] ?? found?.[2] ?? found?.[3];
  if (boundary === undefined) throw malformed(`content type ${contentType ?? "(none)"} names no boundary`);
  return boundary;
}

/** Reads `multipart/related` without keeping the second part in memory. */
export async function readRelated(
  source: AsyncIterator<Buffer>,
  contentType: string | undefined,
): Promise<RelatedUpload> {
  const reader = new PartReader(source, boundaryOf(contentType));
  await reader.open();
  await reader.headers();
  const text = Buffer.concat(await collect(reader.body())).toString("utf8");
  const headers = await reader.headers();
  const mediaType = headers.get("content-type");
  return { resource: parse(text), ...(mediaType === undefined ? {} : { mediaType }), media: reader.body() };
}

async function collect(chunks: AsyncIterable<Buffer>): Promise<Buffer[]> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return all;
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = text.trim() === "" ? {} : JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // Said below.
  }
  throw googleError(400, "parseError", "Parse Error");
}

/** Walks through the parts of a multipart body. Python's clients end lines with a line feed only. */
class PartReader {
  private buffer: Buffer = Buffer.alloc(0);
  private hasEnded = false;
  private delimiter = Buffer.alloc(0);

  constructor(
    private readonly source: AsyncIterator<Buffer>,
    private readonly boundary: string,
  ) {}

  /** Skips to the first part. The end of its boundary line tells how this client ends lines. */
  async open(): Promise<void> {
    const opening = Buffer.from(`--${this.boundary}`);
    for (let found = this.buffer.indexOf(opening); ; found = this.buffer.indexOf(opening)) {
      const feed = found === -1 ? -1 : this.buffer.indexOf(10, found + opening.length);
      if (feed !== -1) {
        const ending = this.buffer[feed - 1] === 13 ? "\r\n" : "\n";
        this.delimiter = Buffer.from(`${ending}--${this.boundary}`);
        this.buffer = this.buffer.subarray(feed + 1);
        return;
      }
      if (this.buffer.length > MAX_HEADER_BYTES || !(await this.fill())) throw malformed("no first boundary");
    }
  }

  /** Headers of the part, names in lower case. */
  async headers(): Promise<ReadonlyMap<string, string>> {
    const headers = new Map<string, string>();
    for (;;) {
      const feed = this.buffer.indexOf(10);
      if (feed === -1) {
        if (this.buffer.length > MAX_HEADER_BYTES || !(await this.fill())) throw malformed("the body ends in headers");
        continue;
      }
      const line = this.buffer.subarray(0, feed).toString("latin1").trim();
      this.buffer = this.buffer.subarray(feed + 1);
      if (line === "") return headers;
      const colon = line.indexOf(":");
      headers.set(line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim());
    }
  }

  /** The part's bytes, up to the next boundary. Afterwards the reader stands at the next part's headers. */
  async *body(): AsyncGenerator<Buffer> {
    for (;;) {
      const found = this.buffer.indexOf(this.delimiter);
      if (found !== -1) {
        if (found > 0) yield this.buffer.subarray(0, found);
        this.buffer = this.buffer.subarray(found + this.delimiter.length);
        await this.endBoundaryLine();
        return;
      }
      // The last bytes may be the beginning of a boundary.
      const sure = this.buffer.length - this.delimiter.length;
      if (sure > 0) {
        const bytes = this.buffer.subarray(0, sure);
        this.buffer = this.buffer.subarray(sure);
        yield bytes;
      }
      if (!(await this.fill())) throw malformed("the body ends without its closing boundary");
    }
  }

  private async endBoundaryLine(): Promise<void> {
    while (this.buffer.indexOf(10) === -1 && !this.buffer.subarray(0, 2).equals(Buffer.from("--"))) {
      if (!(await this.fill())) return;
    }
    const feed = this.buffer.indexOf(10);
    this.buffer = this.buffer.subarray(feed + 1);
  }

  private async fill(): Promise<boolean> {
    if (this.hasEnded) return false;
    const { value, done } = await this.source.next();
    if (done === true) {
      this.hasEnded = true;
      return false;
    }
    this.buffer = this.buffer.length === 0 ? value : Buffer.concat([this.buffer, value]);
    return true;
  }
}

function malformed(what: string) {
  return googleError(400, "badContent", `Malformed multipart body: ${what}.`);
}
