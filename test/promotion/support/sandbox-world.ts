import { gcsStore } from "../../../lib/cloud/gcs-store";
import type { Connect } from "../../../lib/promotion/types";
import type { FaultAction, FaultSpec } from "../../../sandbox/control/faults";
import { type RunningSandbox, startSandbox } from "../../../sandbox/server";

export const STAGING = "k8s-staging-kops";
export const PRODUCTION = "artifacts-prod";
export const PROMOTER = "promoter@artifacts-prod.iam.gserviceaccount.com";

export interface PlacedObject {
  readonly name: string;
  readonly generation: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly cacheControl?: string;
  readonly md5Hash?: string;
}

/** A sandbox with a staging and a production bucket, and a promoter who may write to the second. */
export interface SandboxWorld {
  readonly sandbox: RunningSandbox;
  readonly connect: Connect;
  put(bucket: string, name: string, content: string | Buffer, query?: string): Promise<void>;

  /** Replaces an object and gives the new one the metadata of the old. */
  forge(bucket: string, name: string, content: string): Promise<void>;
  remove(bucket: string, name: string): Promise<void>;
  get(bucket: string, name: string): Promise<PlacedObject | undefined>;
  content(bucket: string, name: string): Promise<string>;
  names(bucket: string): Promise<readonly string[]>;
  fault(path: RegExp, method: string, action: FaultAction, more?: Partial<FaultSpec>): Promise<void>;
  clearFaults(): Promise<void>;

  /** Requests since the last call, `METHOD path` each. */
  takeRequests(): Promise<readonly string[]>;

  /** Names of the objects that rewrites have created since the last call, one entry per rewrite that succeeded. */
  takeWrites(): Promise<readonly string[]>;
  advanceClock(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startSandboxWorld(): Promise<SandboxWorld> {
  const sandbox = await startSandbox();
  const call = caller(sandbox);
  const promoters = [{ role: "roles/storage.objectCreator", members: [`serviceAccount:${PROMOTER}`] }];
  await call("POST", "/sandbox/v1/seed", {
    projects: ["artifacts-prod", "k8s-staging-kops"],
    buckets: [bucket("k8s-staging-kops", STAGING, []), bucket("artifacts-prod", PRODUCTION, promoters)],
  });
  await call("POST", "/iam/v1/projects/artifacts-prod/serviceAccounts", { accountId: "promoter" });
  const takeLog = async () => {
    const { requests } = (await (await call("GET", "/sandbox/v1/requests")).json()) as { requests: LoggedRequest[] };
    await call("DELETE", "/sandbox/v1/requests");
    return requests;
  };
  const objectPath = (bucket: string, name: string) => `/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}`;

  return {
    sandbox,
    connect: (_scheme, identity, context) => gcsStore(identity, { ...context, env: sandbox.env }),
    async put(bucket, name, content, query = "") {
      const path = `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}${query}`;
      await call("POST", path, Buffer.from(content));
    },
    async forge(bucket, name, content) {
      const { metadata } = (await (await call("GET", objectPath(bucket, name))).json()) as PlacedObject;
      const path = `/upload/storage/v1/b/${bucket}/o?uploadType=media&name=${encodeURIComponent(name)}`;
      await call("POST", path, Buffer.from(content));
      await call("PATCH", objectPath(bucket, name), { metadata });
    },
    remove: async (bucket, name) => void (await call("DELETE", objectPath(bucket, name))),
    async get(bucket, name) {
      const answer = await call("GET", objectPath(bucket, name), undefined, [404]);
      return answer.status === 404 ? undefined : ((await answer.json()) as PlacedObject);
    },
    content: async (bucket, name) => (await call("GET", `${objectPath(bucket, name)}?alt=media`)).text(),
    async names(bucket) {
      const answer = await call("GET", `/storage/v1/b/${bucket}/o`);
      const { items = [] } = (await answer.json()) as { items?: { name: string }[] };
      return items.map(({ name }) => name);
    },
    async fault(path, method, action, more = {}) {
      await call("POST", "/sandbox/v1/faults", { ...more, match: { method, path: path.source }, action });
    },
    clearFaults: async () => void (await call("DELETE", "/sandbox/v1/faults")),
    async takeWrites() {
      const made = (await takeLog()).filter(({ path, status }) => path.includes("/rewriteTo/") && status === 200);
      return made.map(({ path }) => decodeURIComponent(path.split("/o/").at(-1) ?? ""));
    },
    async takeRequests() {
      return (await takeLog())
        .map(({ method, path, query }) => `${method} ${path}?${query.replace(/^\?/, "")}`)
        .filter((line) => !line.includes("/sandbox/"));
    },
    advanceClock: async (seconds) => void (await call("POST", "/sandbox/v1/clock", { advanceSeconds: seconds })),
    close: () => sandbox.close(),
  };
}

interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly status: number;
}

function bucket(project: string, name: string, bindings: readonly object[]) {
  return {
    project,
    name,
    bindings: [{ role: "roles/storage.objectViewer", members: ["allUsers"] }, ...bindings],
  };
}

function caller({ url, env }: RunningSandbox) {
  return async (method: string, path: string, body?: object | Buffer, fine: readonly number[] = []) => {
    const headers = {
      authorization: `Bearer ${env.GOOGLE_OAUTH_ACCESS_TOKEN}`,
      "content-type": Buffer.isBuffer(body) ? "application/octet-stream" : "application/json",
    };
    const sent = body === undefined ? null : Buffer.isBuffer(body) ? new Uint8Array(body) : JSON.stringify(body);
    const answer = await fetch(url + path, { method, headers, body: sent });
    if (!answer.ok && !fine.includes(answer.status)) {
      throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    }
    return answer;
  };
}
