import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

const root = join(__dirname, "../..");
const PROMOTER = "promoter@p.iam.gserviceaccount.com";

let server: Server;
let asked: string[];
let folder: string;

beforeEach(async () => {
  asked = [];
  server = createServer((request, response) => {
    const path = decodeURIComponent(request.url ?? "");
    asked.push(path);
    request.resume();
    const account = /serviceAccounts\/(\w+)/.exec(path)?.[1];
    const expireTime = new Date(Date.now() + 3_600_000).toISOString();
    const answer = { access_token: "federated", expires_in: 3600, accessToken: `token of ${account}`, expireTime };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  folder = mkdtempSync(join(tmpdir(), "auth-"));
  writeFileSync(join(folder, "subject"), "a token of the job");
  const federated = {
    type: "external_account",
    audience: "//iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/ci/providers/ci",
    subject_token_type: "urn:ietf:params:oauth:token-type:jwt",
    token_url: `${url()}/token`,
    service_account_impersonation_url: `${url()}/v1/projects/-/serviceAccounts/${PROMOTER}:generateAccessToken`,
    credential_source: { file: join(folder, "subject") },
  };
  writeFileSync(join(folder, "federated.json"), JSON.stringify(federated));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

/** In a process of its own, as Google's library loads a part of itself in a way that test runners do not support. */
async function tokenFor(email: string): Promise<string> {
  const script = `
    const { tokenSource } = require("./dist/lib/cloud/auth");
    tokenSource({ kind: "serviceAccount", email: "${email}" }).token().then(console.log, console.error);`;
  const env = {
    ...process.env,
    GOOGLE_APPLICATION_CREDENTIALS: join(folder, "federated.json"),
    GOOGLE_CLOUD_PROJECT: "p",
    GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT: `${url()}/v1`,
  };
  const { stdout, stderr } = await promisify(execFile)(process.execPath, ["-e", script], { cwd: root, env });
  return (stdout + stderr).trim();
}

test("another account is impersonated", async () => {
  expect(await tokenFor("other@p.iam.gserviceaccount.com")).toBe("token of other");
});

test("who is the account already impersonates nobody: that would take a right of its own", async () => {
  expect(await tokenFor(PROMOTER)).toBe("token of promoter");
  expect(asked.filter((path) => path.includes("serviceAccounts"))).toHaveLength(1);
});
