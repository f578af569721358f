import { iam_v1 } from "googleapis/build/src/apis/iam/v1";
import { iamcredentials_v1 } from "googleapis/build/src/apis/iamcredentials/v1";
import { OWNER, SandboxClient } from "./sandbox-client";

const PROJECT = "/iam/v1/projects/k8s-staging-kops";
const EMAIL = "promoter@k8s-staging-kops.iam.gserviceaccount.com";

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
  await client.project("k8s-staging-kops");
});
afterEach(() => client.close());

function makeAccount() {
  return client.post(`${PROJECT}/serviceAccounts`, {
    accountId: "promoter",
    serviceAccount: { displayName: "Promoter" },
  });
}

describe("a service account", () => {
  test("is made, changed, disabled, deleted and brought back", async () => {
    const api = new iam_v1.Iam(client.options());
    const accounts = api.projects.serviceAccounts;
    const { data: made } = await accounts.create({
      name: "projects/k8s-staging-kops",
      requestBody: { accountId: "promoter", serviceAccount: { displayName: "Promoter" } },
    });
    const name = `projects/-/serviceAccounts/${made.uniqueId}`;
    expect(made).toMatchObject({ email: EMAIL, projectId: "k8s-staging-kops", displayName: "Promoter" });

    await accounts.patch({
      name: made.name ?? "",
      requestBody: { serviceAccount: { displayName: "P", description: "not named" }, updateMask: "display_name" },
    });
    await accounts.disable({ name });
    const { data: changed } = await accounts.get({ name });
    expect(changed).toMatchObject({ displayName: "P", disabled: true });
    expect(changed.description).toBeUndefined();

    await accounts.delete({ name });
    await expect(accounts.get({ name: made.name ?? "" })).rejects.toMatchObject({ status: 404 });
    const { data: restored } = await accounts.undelete({ name });
    expect(restored.restoredAccount?.email).toBe(EMAIL);
  });

  test("that is disabled is nobody", async () => {
    await makeAccount();
    await client.grant("/resource-manager/v1/projects/k8s-staging-kops", "roles/viewer", `serviceAccount:${EMAIL}`);
    const list = async () => (await client.get("/storage/v1/b?project=k8s-staging-kops", EMAIL)).status;

    await client.post(`${PROJECT}/serviceAccounts/${EMAIL}:disable`);
    expect(await list()).toBe(401);
    await client.post(`${PROJECT}/serviceAccounts/${EMAIL}:enable`);
    expect(await list()).toBe(200);
  });

  test("exists once, and has a proper name", async () => {
    await makeAccount();

    expect((await makeAccount()).status).toBe(409);
    for (const accountId of ["short", "Upper-case", "ends-with-", "x".repeat(31)]) {
      expect((await client.post(`${PROJECT}/serviceAccounts`, { accountId })).status).toBe(400);
    }
  });
});

describe("a custom role", () => {
  const role = { title: "Lister", includedPermissions: ["serviceusage.services.list"], stage: "GA" };

  test("grants what it includes until it is deleted", async () => {
    await client.post(`${PROJECT}/roles`, { roleId: "Lister", role });
    const name = "projects/k8s-staging-kops/roles/Lister";
    await client.grant("/resource-manager/v1/projects/k8s-staging-kops", name, "user:alice@example.org");
    const list = async () =>
      (await client.get("/service-usage/v1/projects/k8s-staging-kops/services", "user:alice@example.org")).status;

    expect(await list()).toBe(200);
    await client.call("DELETE", `${PROJECT}/roles/Lister`);
    expect(await list()).toBe(403);
  });

  test("stays behind when deleted, so its id is not free", async () => {
    await client.post(`${PROJECT}/roles`, { roleId: "Lister", role });
    await client.call("DELETE", `${PROJECT}/roles/Lister`);

    expect((await client.get(`${PROJECT}/roles/Lister`)).body.deleted).toBe(true);
    expect((await client.get(`${PROJECT}/roles`)).body.roles).toBeUndefined();
    expect((await client.post(`${PROJECT}/roles`, { roleId: "Lister", role })).status).toBe(409);
    expect((await client.call("PATCH", `${PROJECT}/roles/Lister`, role)).status).toBe(400);
    await client.post(`${PROJECT}/roles/Lister:undelete`);
    expect((await client.call("PATCH", `${PROJECT}/roles/Lister`, { title: "L" })).body.title).toBe("L");
  });
});

test("a workload identity pool and its provider live and are kept after deletion", async () => {
  const pools = `${PROJECT}/locations/global/workloadIdentityPools`;
  const { body: made } = await client.post(`${pools}?workloadIdentityPoolId=github`, { displayName: "GitHub" });
  expect(made.response.name).toMatch(/^projects\/\d+\/locations\/global\/workloadIdentityPools\/github$/);
  const provider = `${pools}/github/providers`;
  const oidc = { issuerUri: "https://token.example.org" };
  await client.post(`${provider}?workloadIdentityPoolProviderId=actions`, {
    oidc,
    attributeMapping: { "google.subject": "x" },
  });
  await client.call("PATCH", `${provider}/actions?updateMask=attributeCondition`, { attributeCondition: "true" });
  expect((await client.get(`${provider}/actions`)).body).toMatchObject({
    oidc,
    attributeCondition: "true",
    state: "ACTIVE",
  });

  await client.call("DELETE", `${pools}/github`);
  expect((await client.get(`${pools}/github`)).body.state).toBe("DELETED");
  expect((await client.get(pools)).body).toEqual({});
  expect((await client.post(`${pools}?workloadIdentityPoolId=github`)).status).toBe(409);
  await client.post(`${pools}/github:undelete`);
  expect((await client.get(`${pools}/github`)).body.state).toBe("ACTIVE");
});

describe("impersonation", () => {
  const scope = ["https://www.googleapis.com/auth/cloud-platform"];
  const generate = (principal: string | null, body: object = { scope }, email = EMAIL) =>
    client.post(`/iam-credentials/v1/projects/-/serviceAccounts/${email}:generateAccessToken`, body, principal);

  beforeEach(() => makeAccount());

  test("gives token creators a token of the account, which ends by the clock", async () => {
    await client.post("/admin/directory/v1/groups", { email: "promoters@example.org" });
    await client.post("/admin/directory/v1/groups/promoters@example.org/members", { email: "alice@example.org" });
    await client.grant(
      `${PROJECT}/serviceAccounts/${EMAIL}`,
      "roles/iam.serviceAccountTokenCreator",
      "group:promoters@example.org",
    );
    await client.grant("/resource-manager/v1/projects/k8s-staging-kops", "roles/viewer", `serviceAccount:${EMAIL}`);

    const api = new iamcredentials_v1.Iamcredentials(client.options("user:alice@example.org"));
    const { data } = await api.projects.serviceAccounts.generateAccessToken({
      name: `projects/-/serviceAccounts/${EMAIL}`,
      requestBody: { scope, lifetime: "60s" },
    });
    const use = async () =>
      (await client.get("/resource-manager/v1/projects/k8s-staging-kops", data.accessToken ?? null)).status;

    expect((await client.get("/resource-manager/v1/projects/k8s-staging-kops", "user:alice@example.org")).status).toBe(
      403,
    );
    expect(await use()).toBe(200);
    await client.advance(61);
    expect(await use()).toBe(401);
  });

  test("is refused to everybody else, project editors included", async () => {
    await client.grant("/resource-manager/v1/projects/k8s-staging-kops", "roles/editor", "user:editor@example.org");

    expect((await generate("user:editor@example.org")).status).toBe(403);
    expect((await generate("user:eve@example.org")).status).toBe(403);
    expect((await generate(null)).status).toBe(401);
    expect((await generate(OWNER, { scope }, "nobody@k8s-staging-kops.iam.gserviceaccount.com")).status).toBe(403);
  });

  test("refuses lifetimes beyond an hour, and a request without scope", async () => {
    expect((await generate(OWNER, { scope, lifetime: "3601s" })).status).toBe(400);
    expect((await generate(OWNER, {})).status).toBe(400);
  });

  test("goes over delegates only if each may impersonate the next", async () => {
    await client.post(`${PROJECT}/serviceAccounts`, { accountId: "between" });
    const between = "between@k8s-staging-kops.iam.gserviceaccount.com";
    const delegates = [`projects/-/serviceAccounts/${between}`];
    const role = "roles/iam.serviceAccountTokenCreator";
    await client.grant(`${PROJECT}/serviceAccounts/${between}`, role, "user:alice@example.org");
    expect((await generate("user:alice@example.org", { scope, delegates })).status).toBe(403);

    await client.grant(`${PROJECT}/serviceAccounts/${EMAIL}`, role, `serviceAccount:${between}`);
    expect((await generate("user:alice@example.org", { scope, delegates })).status).toBe(200);
    expect((await generate("user:alice@example.org", { scope })).status).toBe(403);
  });
});
