import { SandboxClient } from "./sandbox-client";

const PROJECT = "/resource-manager/v1/projects/k8s-staging-kops";

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
  await client.project("k8s-staging-kops");
});
afterEach(() => client.close());

async function policy() {
  return (await client.post(`${PROJECT}:getIamPolicy`)).body;
}

test("of two writers with the same etag the second is told to start again", async () => {
  const before = await policy();
  const first = await client.post(`${PROJECT}:setIamPolicy`, { policy: before });
  const second = await client.post(`${PROJECT}:setIamPolicy`, { policy: before });

  expect(first.status).toBe(200);
  expect(first.body.etag).not.toBe(before.etag);
  expect(second).toMatchObject({ status: 409, body: { error: { status: "ABORTED" } } });
});

test("audit configurations change only when the mask names them", async () => {
  const auditConfigs = [{ service: "storage.googleapis.com", auditLogConfigs: [{ logType: "DATA_WRITE" }] }];
  const { bindings } = await policy();
  await client.post(`${PROJECT}:setIamPolicy`, {
    policy: { bindings, auditConfigs },
    updateMask: "bindings,etag,auditConfigs",
  });
  await client.post(`${PROJECT}:setIamPolicy`, { policy: { bindings } });
  expect((await policy()).auditConfigs).toEqual(auditConfigs);

  await client.post(`${PROJECT}:setIamPolicy`, { policy: { bindings }, updateMask: "bindings,auditConfigs" });
  expect((await policy()).auditConfigs).toBeUndefined();
});

test.each([
  { what: "a member without type", binding: { role: "roles/viewer", members: ["alice@example.org"] } },
  { what: "a member of an unknown type", binding: { role: "roles/viewer", members: ["team:a@example.org"] } },
  { what: "a role without its prefix", binding: { role: "viewer", members: ["allUsers"] } },
  { what: "a member that is a number", binding: { role: "roles/viewer", members: [7] } },
  {
    what: "a condition without title",
    binding: { role: "roles/viewer", members: ["user:a@example.org"], condition: { expression: "true" } },
  },
])("a policy with $what is refused and changes nothing", async ({ binding }) => {
  const before = await policy();

  expect((await client.post(`${PROJECT}:setIamPolicy`, { policy: { bindings: [binding] } })).status).toBe(400);
  expect(await policy()).toEqual(before);
});

test("viewers may read a policy, and only owners may change it", async () => {
  await client.grant(PROJECT, "roles/viewer", "user:viewer@example.org");
  await client.grant(PROJECT, "roles/editor", "user:editor@example.org");
  const before = await policy();
  const set = (principal: string | null) => client.post(`${PROJECT}:setIamPolicy`, { policy: before }, principal);

  expect((await client.post(`${PROJECT}:getIamPolicy`, {}, "user:viewer@example.org")).status).toBe(200);
  expect((await client.post(`${PROJECT}:getIamPolicy`, {}, "user:eve@example.org")).status).toBe(403);
  expect((await set("user:viewer@example.org")).status).toBe(403);
  expect((await set("user:editor@example.org")).status).toBe(403);
  expect((await set(null)).status).toBe(401);
});

test("everybody may ask which permissions they have", async () => {
  await client.grant(PROJECT, "roles/viewer", "user:viewer@example.org");
  const permissions = ["resourcemanager.projects.get", "resourcemanager.projects.setIamPolicy"];
  const { body } = await client.post(`${PROJECT}:testIamPermissions`, { permissions }, "user:viewer@example.org");

  expect(body).toEqual({ permissions: ["resourcemanager.projects.get"] });
});

test("a strict sandbox refuses groups and service accounts that don't exist", async () => {
  await client.behave({ checkPrincipals: true });
  const set = async (member: string) => {
    const { bindings } = await policy();
    const wanted = [...bindings, { role: "roles/viewer", members: [member] }];
    return (await client.post(`${PROJECT}:setIamPolicy`, { policy: { bindings: wanted } })).status;
  };

  expect(await set("group:kops@example.org")).toBe(400);
  await client.post("/admin/directory/v1/groups", { email: "kops@example.org" });
  expect(await set("group:kops@example.org")).toBe(200);

  expect(await set("serviceAccount:builder@k8s-staging-kops.iam.gserviceaccount.com")).toBe(400);
  await client.post("/iam/v1/projects/k8s-staging-kops/serviceAccounts", { accountId: "builder" });
  expect(await set("serviceAccount:builder@k8s-staging-kops.iam.gserviceaccount.com")).toBe(200);
  // Accounts of projects elsewhere can't be checked.
  expect(await set("serviceAccount:builder@elsewhere.iam.gserviceaccount.com")).toBe(200);
});

test("a grant to a group reaches members of the groups in it", async () => {
  for (const email of ["outer@example.org", "inner@example.org"]) {
    await client.post("/admin/directory/v1/groups", { email });
  }
  await client.post("/admin/directory/v1/groups/outer@example.org/members", { email: "inner@example.org" });
  await client.post("/admin/directory/v1/groups/inner@example.org/members", { email: "Alice@Example.org" });
  await client.grant(PROJECT, "roles/viewer", "group:outer@example.org");
  const ask = async () => (await client.get(PROJECT, "user:alice@example.org")).status;

  expect(await ask()).toBe(200);
  await client.call("DELETE", "/admin/directory/v1/groups/inner@example.org/members/alice@example.org");
  expect(await ask()).toBe(403);
});

test.each([
  {
    what: "group",
    member: "group:kops@example.org",
    principal: "user:alice@example.org",
    make: async () => {
      await client.post("/admin/directory/v1/groups", { email: "kops@example.org" });
      await client.post("/admin/directory/v1/groups/kops@example.org/members", { email: "alice@example.org" });
    },
    remove: "/admin/directory/v1/groups/kops@example.org",
  },
  {
    what: "service account",
    member: "serviceAccount:builder@k8s-staging-kops.iam.gserviceaccount.com",
    principal: "serviceAccount:builder@k8s-staging-kops.iam.gserviceaccount.com",
    make: () => client.post("/iam/v1/projects/k8s-staging-kops/serviceAccounts", { accountId: "builder" }),
    remove: "/iam/v1/projects/k8s-staging-kops/serviceAccounts/builder@k8s-staging-kops.iam.gserviceaccount.com",
  },
])(
  "a $what made anew inherits nothing from the deleted one of its name",
  async ({ member, principal, make, remove }) => {
    await make();
    await client.grant(PROJECT, "roles/viewer", member);
    expect((await client.get(PROJECT, principal)).status).toBe(200);

    await client.call("DELETE", remove);
    await make();

    expect((await client.get(PROJECT, principal)).status).toBe(403);
    expect(JSON.stringify((await policy()).bindings)).toContain(`deleted:${member}?uid=`);
  },
);
