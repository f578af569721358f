import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../sandbox/server";

export const OWNER = "user:owner@example.org";

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
  readonly text: string;

  /** The body as JSON; a test that asks for a field of something else fails. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of every shape.
  readonly json: any;
}

/** Plain HTTP as one principal; undefined is anonymous. */
export class Caller {
  constructor(
    readonly url: string,
    readonly principal: string | undefined,
  ) {}

  as(principal: string | undefined): Caller {
    return new Caller(this.url, principal);
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("GET", path, undefined, headers);
  }

  post(path: string, body?: object | string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("POST", path, body, headers);
  }

  put(path: string, body?: object | string | Buffer, headers: Record<string, string> = {}): Promise<Answer> {
    return this.send("PUT", path, body, headers);
  }

  patch(path: string, body: object): Promise<Answer> {
    return this.send("PATCH", path, body);
  }

  delete(path: string): Promise<Answer> {
    return this.send("DELETE", path);
  }

  async send(
    method: string,
    path: string,
    body?: object | string | Buffer,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    const isObject = typeof body === "object" && !Buffer.isBuffer(body);
    const response = await fetch(path.startsWith("http") ? path : this.url + path, {
      method,
      headers: {
        ...(this.principal === undefined ? {} : { authorization: `Bearer ${this.principal}` }),
        ...(isObject ? { "content-type": "application/json" } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { body: isObject ? JSON.stringify(body) : new Uint8Array(Buffer.from(body)) }),
      redirect: "manual",
    });
    const bytes = Buffer.from(await response.arrayBuffer());
    const text = bytes.toString("utf8");
    return {
      status: response.status,
      headers: response.headers,
      bytes,
      text,
      get json() {
        return JSON.parse(text);
      },
    };
  }

  /** A simple upload. */
  upload(bucket: string, name: string, body: string | Buffer, query = ""): Promise<Answer> {
    const path = `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}${query}`;
    return this.post(path, body, { "content-type": "text/plain" });
  }
}

export interface Running {
  readonly sandbox: RunningSandbox;
  readonly owner: Caller;
  readonly anonymous: Caller;
}

/** Starts a sandbox before the tests of a file and stops it after them. */
export function withSandbox(seed: object = {}, options: SandboxOptions = {}): () => Running {
  let running: Running | undefined;
  beforeAll(async () => {
    const sandbox = await startSandbox(options);
    const owner = new Caller(sandbox.url, OWNER);
    running = { sandbox, owner, anonymous: owner.as(undefined) };
    await seedInto(owner, seed);
  });
  afterAll(async () => running?.sandbox.close());
  return () => {
    if (running === undefined) throw new Error("the sandbox is not running yet");
    return running;
  };
}

export async function seedInto(caller: Caller, seed: object): Promise<Answer> {
  const answer = await caller.post("/sandbox/v1/seed", seed);
  if (answer.status !== 200) throw new Error(`seed: ${answer.text}`);
  return answer;
}

/** A folder that is deleted after the tests of a file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "sandbox-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
