import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { googleGroups } from "../../lib/cloud/google-groups";

const root = join(__dirname, "..", "..");
const { build } = require(join(root, "bin", "build.cjs")) as { readonly build: () => number };

const account = "groups@p.iam.gserviceaccount.com";
const subject = "bot@example.org";

let server: Server;
let host: string;
let env: Record<string, string>;
let folder: string;
let machine: string;
let asked: { readonly path: string; readonly authorization: string | undefined; readonly body: string }[];

/** The metadata of a machine, IAM, the token services of Google and of workload identity, on one port. */
function answer(path: string): object | string {
  if (path.endsWith("/default/email")) return machine;
  if (path.includes("/default/token"))
    return { access_token: "of-the-machine", expires_in: 3600, token_type: "Bearer" };
  if (path === "/sts")
    return { access_token: "of-the-pool", expires_in: 3600, token_type: "Bearer", issued_token_type: "" };
  if (path.endsWith(":generateAccessToken"))
    return { accessToken: "of-the-workload", expireTime: new Date(Date.now() + 3.6e6).toISOString() };
  if (path.endsWith(":signJwt")) return { signedJwt: "signed" };
  return path === "/token" ? { access_token: "granted" } : {};
}

beforeAll(() => void build());
beforeEach(async () => {
  machine = account;
  asked = [];
  folder = mkdtempSync(join(tmpdir(), "delegation-"));
  server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    const path = decodeURIComponent(request.url ?? "");
    asked.push({ path, authorization: request.headers.authorization, body });
    const said = answer(path);
    const type = typeof said === "string" ? "application/text" : "application/json";
    response.writeHead(200, { "content-type": type, "metadata-flavor": "Google" });
    response.end(typeof said === "string" ? said : JSON.stringify(said));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  env = {
    HOME: folder,
    GCE_METADATA_HOST: host,
    METADATA_SERVER_DETECTION: "assume-present",
    GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT: `http://${host}/v1`,
  };
});
afterEach(async () => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

/** In a process of its own, as Google's library looks into the process's environment. */
function tokens(count = 1): Promise<string> {
  const program = `
    const { ambientDelegation } = require("./dist/lib/cloud/ambient-delegation.js");
    const source = ambientDelegation({ scopes: ["scope"], subject: "${subject}", tokenUrl: "http://${host}/token" });
    (async () => {
      for (let left = ${count}; left > 0; left--) {
        const token = await source.token().catch((error) => error.message);
        process.stdout.write(token);
        source.renew(token);
      }
    })();`;
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ["-e", program], { cwd: root, env }, (error, out) =>
      error ? reject(error) : resolve(out),
    );
  });
}

function credentials(content: object): void {
  const file = join(folder, "credentials.json");
  writeFileSync(file, JSON.stringify(content));
  env.GOOGLE_APPLICATION_CREDENTIALS = file;
}

const signing = () => asked.find(({ path }) => path.endsWith(":signJwt"));

test("the account of a machine signs for itself, and acts as the subject", async () => {
  expect(await tokens()).toBe("granted");
  expect(signing()).toMatchObject({
    path: `/v1/projects/-/serviceAccounts/${account}:signJwt`,
    authorization: "Bearer of-the-machine",
  });
  expect(JSON.parse(JSON.parse(signing()?.body ?? "").payload)).toMatchObject({ iss: account, sub: subject });
});

test("so does the account that stands behind a federated workload", async () => {
  writeFileSync(join(folder, "id-token"), "of-ci");
  credentials({
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/ci",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `http://${host}/sts`,
    credential_source: { file: join(folder, "id-token") },
    service_account_impersonation_url: `http://${host}/v1/projects/-/serviceAccounts/${account}:generateAccessToken`,
  });
  expect(await tokens()).toBe("granted");
  expect(signing()).toMatchObject({
    path: `/v1/projects/-/serviceAccounts/${account}:signJwt`,
    authorization: "Bearer of-the-workload",
  });
});

test("a refused token is asked for again", async () => {
  expect(await tokens(2)).toBe("grantedgranted");
  expect(asked.filter(({ path }) => path === "/token")).toHaveLength(2);
});

test("a person's credentials can act as nobody else, which is said and not passed over", async () => {
  credentials({ type: "authorized_user", client_id: "c", client_secret: "s", refresh_token: "r" });
  expect(await tokens()).toContain(`can't act as ${subject}: they are of no service account. Name the service account`);
  expect(signing()).toBeUndefined();
});

test("a workload without a service account is told what it is", async () => {
  machine = "p.svc.id.goog";
  expect(await tokens()).toContain(`can't act as ${subject}: they are of p.svc.id.goog.`);
  expect(signing()).toBeUndefined();
});

test("a token of the environment is not silently used as somebody else's", async () => {
  const { directory } = googleGroups({ env: { ...env, GOOGLE_OAUTH_ACCESS_TOKEN: "fixed" }, subject });
  await expect(directory.getGroup("crew@example.org")).rejects.toThrow(
    `GOOGLE_OAUTH_ACCESS_TOKEN is used as it is, so it can't be made to act as ${subject}`,
  );
});
