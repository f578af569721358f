import { type RunningSandbox, type SandboxOptions, startSandbox } from "../../sandbox/server";

export interface Answer {
  readonly status: number;

  /** The JSON of the answer, or its text; tests know what they asked for. */
  // biome-ignore lint/suspicious/noExplicitAny: answers are JSON of many shapes, looked into by tests only
  readonly body: any;
}

export const OWNER = "user:owner@example.org";

/** A sandbox of its own with a plain HTTP client. */
export class SandboxClient {
  static async start(options: SandboxOptions = {}): Promise<SandboxClient> {
    return new SandboxClient(await startSandbox(options));
  }

  private constructor(readonly sandbox: RunningSandbox) {}

  get url(): string {
    return this.sandbox.url;
  }

  /** Options of a client of `googleapis`. */
  options(principal: string = OWNER) {
    // Jest can't load the library's own transport, which is an ES module.
    return {
      rootUrl: `${this.url}/`,
      headers: { Authorization: `Bearer ${principal}` },
      fetchImplementation: fetch,
    };
  }

  /** One request as `principal`; null asks without credentials. */
  async call(method: string, path: string, body?: unknown, principal: string | null = OWNER): Promise<Answer> {
    const response = await fetch(this.url + path, {
      method,
      headers: {
        ...(principal === null ? {} : { authorization: `Bearer ${principal}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith("{") ? JSON.parse(text) : text };
  }

  get(path: string, principal?: string | null): Promise<Answer> {
    return this.call("GET", path, undefined, principal);
  }

  post(path: string, body: unknown = {}, principal?: string | null): Promise<Answer> {
    return this.call("POST", path, body, principal);
  }

  async project(projectId: string, more: object = {}): Promise<Answer> {
    return this.post("/resource-manager/v1/projects", { projectId, name: projectId, ...more });
  }

  /** Adds one grant to the policy that `path` has, the way clients do it. */
  async grant(path: string, role: string, member: string): Promise<void> {
    const { body: policy } = await this.post(`${path}:getIamPolicy`);
    const bindings = [...(policy.bindings ?? []), { role, members: [member] }];
    const { status } = await this.post(`${path}:setIamPolicy`, { policy: { ...policy, bindings } });
    if (status !== 200) throw new Error(`${path}: granting ${role} answered ${status}`);
  }

  async behave(change: object): Promise<void> {
    const { status, body } = await this.call("PATCH", "/sandbox/v1/behaviour", change);
    if (status !== 200) throw new Error(JSON.stringify(body));
  }

  async advance(seconds: number): Promise<void> {
    await this.post("/sandbox/v1/clock", { advanceSeconds: seconds });
  }

  async close(): Promise<void> {
    await this.sandbox.close();
  }
}
