import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { TokenSource } from "../../lib/cloud/auth";
import { delegatedTokens } from "../../lib/cloud/delegated-tokens";
import { isPassing } from "../../lib/cloud/google-api-error";
import { googleCaller } from "../../lib/cloud/google-caller";

interface Asked {
  readonly url: string;
  readonly authorization: string | undefined;
  readonly body: string;
}

let server: Server;
let base: string;
let asked: Asked[];
let answers: Readonly<Record<string, { readonly status: number; readonly body: object }>>;

beforeEach(async () => {
  asked = [];
  answers = {
    sign: { status: 200, body: { signedJwt: "signed" } },
    token: { status: 200, body: { access_token: "granted" } },
  };
  server = createServer(async (request, response) => {
    let body = "";
    for await (const piece of request) body += piece;
    asked.push({ url: decodeURIComponent(request.url ?? ""), authorization: request.headers.authorization, body });
    const { status, body: answer } = answers[request.url === "/token" ? "token" : "sign"] ?? { status: 500, body: {} };
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(
  () =>
    new Promise((resolve) => {
      server.closeAllConnections();
      server.close(resolve);
    }),
);

const signer: TokenSource = { description: "ci", token: async () => "ci-token", renew: () => false };

const tokens = () =>
  delegatedTokens({
    env: { GOOGLE_IAM_CREDENTIALS_CUSTOM_ENDPOINT: `${base}/v1/` },
    scopes: ["scope-a", "scope-b"],
    serviceAccount: "groups@p.iam.gserviceaccount.com",
    subject: "bot@example.org",
    signer,
    tokenUrl: `${base}/token`,
  });

test("IAM signs for the service account, and the signature is traded for a token of the subject", async () => {
  expect(await tokens().token()).toBe("granted");
  const [sign, trade] = asked;
  expect(sign).toMatchObject({
    url: "/v1/projects/-/serviceAccounts/groups@p.iam.gserviceaccount.com:signJwt",
    authorization: "Bearer ci-token",
  });
  const claims = JSON.parse(JSON.parse(sign?.body ?? "").payload);
  expect(claims).toMatchObject({
    iss: "groups@p.iam.gserviceaccount.com",
    sub: "bot@example.org",
    scope: "scope-a scope-b",
    aud: `${base}/token`,
  });
  expect(claims.exp - claims.iat).toBe(3600);
  expect(new URLSearchParams(trade?.body).get("assertion")).toBe("signed");
});

test("a token is kept until it is refused", async () => {
  const source = tokens();
  await Promise.all([source.token(), source.token()]);
  await source.token();
  expect(asked).toHaveLength(2);
  source.renew("granted");
  await source.token();
  expect(asked).toHaveLength(4);
});

test.each([
  {
    when: "IAM refuses to sign",
    step: "sign",
    body: { error: { code: 403, message: "Permission denied.", status: "PERMISSION_DENIED" } },
    says: "sign for groups@p.iam.gserviceaccount.com: HTTP 403: Permission denied. Give whoever runs this roles/iam.serviceAccountTokenCreator on groups@p.iam.gserviceaccount.com, ",
  },
  {
    when: "Workspace does not trust the account",
    step: "token",
    body: { error: "unauthorized_client", error_description: "Client is unauthorized" },
    says: "act as bot@example.org through groups@p.iam.gserviceaccount.com: HTTP 403: Client is unauthorized. Allow the client id of groups@p.iam.gserviceaccount.com domain-wide delegation in the Workspace admin console, for scope-a, scope-b, ",
  },
])("fails with the reason and the repair when $when, and asks again the next time", async ({ step, body, says }) => {
  const source = tokens();
  answers = { ...answers, [step]: { status: 403, body } };
  await expect(source.token()).rejects.toThrow(says);
  answers = {
    sign: { status: 200, body: { signedJwt: "signed" } },
    token: { status: 200, body: { access_token: "granted" } },
  };
  expect(await source.token()).toBe("granted");
});

describe("a call whose token can't be had", () => {
  const failure = (source: TokenSource) =>
    googleCaller({ rootUrl: base, tokens: source })
      .call("directory.groups.get", async () => "called")
      .catch((error: Error) => error);

  test.each([429, 500, 503])("is made again when the token service answers %d", async (status) => {
    answers = { ...answers, token: { status, body: {} } };
    const error = await failure(tokens());
    expect(error).toMatchObject({ message: expect.stringMatching(`HTTP ${status}: no token: act as bot@example.org`) });
    expect(isPassing(error)).toBe(true);
  });

  test("is made again when the token service can't be reached, however deep the library hides it", async () => {
    const reset = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
    const token = () =>
      Promise.reject(new TypeError("fetch failed", { cause: new Error("fetch failed", { cause: reset }) }));
    const error = await failure({ description: "key file", token, renew: () => false });
    expect(error).toMatchObject({ message: "directory.groups.get: no answer: no token: read ECONNRESET" });
    expect(isPassing(error)).toBe(true);
  });

  test("is made again when the library's own time is up", async () => {
    const late = Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
    const token = () => Promise.reject(new Error("no answer", { cause: late }));
    expect(isPassing(await failure({ description: "key file", token, renew: () => false }))).toBe(true);
  });

  test.each([400, 401, 403])("is given up when the token service answers %d", async (status) => {
    answers = { ...answers, token: { status, body: { error: "unauthorized_client" } } };
    const error = await failure(tokens());
    expect(error).toMatchObject({
      reason: "noCredentials",
      says: expect.stringContaining(`HTTP ${status}: unauthorized_client. `),
    });
    expect(isPassing(error)).toBe(false);
  });
});
