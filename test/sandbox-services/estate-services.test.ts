import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OWNER, SandboxClient } from "./sandbox-client";

const P = "k8s-staging-kops";
const ACCOUNT = "billingAccounts/012345-567890-ABCDEF";

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
  await client.project(P);
});
afterEach(() => client.close());

test("a project is linked to a billing account by who may use the account, and unlinked again", async () => {
  const path = `/billing/v1/projects/${P}/billingInfo`;
  const link = { billingAccountName: ACCOUNT };
  expect((await client.get(path)).body).toMatchObject({ billingEnabled: false, billingAccountName: "" });

  await client.grant(`/resource-manager/v1/projects/${P}`, "roles/owner", "user:alice@example.org");
  expect((await client.call("PUT", path, link, "user:alice@example.org")).status).toBe(403);
  const { body: policy } = await client.get(`/billing/v1/${ACCOUNT}:getIamPolicy`);
  const bindings = [{ role: "roles/billing.user", members: ["user:alice@example.org"] }];
  await client.post(`/billing/v1/${ACCOUNT}:setIamPolicy`, { policy: { ...policy, bindings } });
  expect((await client.call("PUT", path, link, "user:alice@example.org")).body.billingEnabled).toBe(true);
  const linked = (await client.get(`/billing/v1/${ACCOUNT}/projects`)).body.projectBillingInfo;
  expect(linked).toMatchObject([{ projectId: P }]);

  await client.call("PUT", path, {});
  expect((await client.get(`/core-billing/v1/projects/${P}/billingInfo`)).body.billingEnabled).toBe(false);
});

test("the right to link projects is echoed to the estate's owner", async () => {
  const permissions = ["billing.resourceAssociations.create"];
  const path = `/billing/v1/${ACCOUNT}:testIamPermissions`;

  expect((await client.post(path, { permissions })).body).toEqual({ permissions });
  expect((await client.post(path, { permissions }, "user:eve@example.org")).body).toEqual({});
});

test.each([
  {
    what: "a budget",
    parent: `/budgets/v1/${ACCOUNT}/budgets`,
    body: { displayName: "b", amount: { specifiedAmount: { units: "100" } } },
    id: ({ name }: Named) => name.split("/").at(-1),
    change: { mask: "displayName", body: { displayName: "c", amount: null } },
    after: { displayName: "c", amount: { specifiedAmount: { units: "100" } } },
  },
  {
    what: "a contact",
    parent: `/essential-contacts/v1/projects/${P}/contacts`,
    body: { email: "ops@example.org", notificationCategorySubscriptions: ["ALL"] },
    id: ({ name }: Named) => name.split("/").at(-1),
    change: { mask: "languageTag", body: { languageTag: "de", email: "other@example.org" } },
    after: { email: "ops@example.org", languageTag: "de", notificationCategorySubscriptions: ["ALL"] },
  },
  {
    what: "a notification channel",
    parent: `/monitoring/v3/projects/${P}/notificationChannels`,
    body: { type: "email", labels: { email_address: "ops@example.org" } },
    id: ({ name }: Named) => name.split("/").at(-1),
    change: { mask: "displayName", body: { displayName: "Ops" } },
    after: { displayName: "Ops", type: "email", enabled: true },
  },
  {
    what: "a build trigger",
    parent: `/cloud-build/v1/projects/${P}/locations/global/triggers`,
    body: { name: "push", filename: "cloudbuild.yaml" },
    id: ({ id }: Named) => id,
    change: { mask: "", body: { name: "push", filename: "other.yaml" } },
    after: { name: "push", filename: "other.yaml" },
  },
])("$what is made, read, listed, changed and deleted", async ({ parent, body, id, change, after }) => {
  const { status, body: made } = await client.post(parent, body);
  expect(status).toBe(200);
  const path = `${parent}/${id(made)}`;
  expect((await client.get(path)).body).toEqual(made);
  expect(Object.values((await client.get(parent)).body)).toEqual([[made]]);

  await client.call("PATCH", `${path}?updateMask=${change.mask}`, change.body);
  expect((await client.get(path)).body).toMatchObject(after);

  expect((await client.call("DELETE", path)).status).toBe(200);
  expect((await client.get(path)).status).toBe(404);
});

interface Named {
  readonly name: string;
  readonly id: string;
}

test("a repository keeps its cleanup policies and its own access", async () => {
  const parent = `/artifact-registry/v1/projects/${P}/locations/us/repositories`;
  const cleanupPolicies = { old: { id: "old", action: "DELETE", condition: { olderThan: "5184000s" } } };
  await client.post(`${parent}?repositoryId=images`, { format: "DOCKER", cleanupPolicies });
  const path = `${parent}/images`;
  expect((await client.get(path)).body).toMatchObject({ mode: "STANDARD_REPOSITORY", cleanupPolicies });
  const { projectNumber } = (await client.get(`/resource-manager/v1/projects/${P}`)).body;
  expect((await client.get(path.replace(P, projectNumber))).body).toMatchObject({ cleanupPolicies });

  const { body: policy } = await client.get(`${path}:getIamPolicy`);
  const bindings = [{ role: "roles/artifactregistry.writer", members: ["user:alice@example.org"] }];
  await client.post(`${path}:setIamPolicy`, { policy: { ...policy, bindings } });
  expect((await client.get(path, "user:alice@example.org")).status).toBe(200);
  expect((await client.call("DELETE", path, undefined, "user:alice@example.org")).status).toBe(403);

  const { body: operation } = await client.call("DELETE", path);
  expect((await client.get(`/artifact-registry/v1/${operation.name}`)).body.done).toBe(true);
  await client.post(`${parent}?repositoryId=images`, { format: "DOCKER" });
  expect((await client.get(path, "user:alice@example.org")).status).toBe(403);
});

test("every project has a default log bucket, and may have its own", async () => {
  const parent = `/logging/v2/projects/${P}/locations/global/buckets`;
  expect((await client.get(`${parent}/_Default`)).body.retentionDays).toBe(30);
  await client.call("PATCH", `${parent}/_Default?updateMask=retentionDays`, { retentionDays: 60 });
  expect((await client.get(`${parent}/_Default`)).body.retentionDays).toBe(60);
  expect(
    (await client.call("PATCH", `${parent}/_Required?updateMask=retentionDays`, { retentionDays: 1 })).status,
  ).toBe(400);

  expect((await client.post(`${parent}:createAsync?bucketId=own`, { retentionDays: 90 })).body.done).toBe(true);
  expect((await client.get(parent)).body.buckets).toHaveLength(3);
});

test("a load balancer's parts refer to each other and go in order", async () => {
  const path = `/compute/compute/v1/projects/${P}/global`;
  const link = (what: string) => `${client.url}/compute/compute/v1/projects/${P}/global/${what}/lb`;
  await client.post(`${path}/addresses`, { name: "lb" });
  await client.post(`${path}/backendBuckets`, { name: "lb", bucketName: P });
  await client.post(`${path}/urlMaps`, { name: "lb", defaultService: link("backendBuckets") });
  await client.post(`${path}/forwardingRules`, { name: "lb", IPAddress: link("addresses"), portRange: "443" });

  const { body: map } = await client.get(`${path}/urlMaps/lb`);
  expect(map.defaultService).toBe(`https://www.googleapis.com/compute/v1/projects/${P}/global/backendBuckets/lb`);
  const { body: rule } = await client.get(`${path}/forwardingRules/lb`);
  expect(rule).toMatchObject({ IPAddress: "203.0.113.1", portRange: "443-443" });

  const refused = await client.call("DELETE", `${path}/backendBuckets/lb`);
  expect(refused.body.error.errors[0].reason).toBe("resourceInUseByAnotherResource");
  await client.call("DELETE", `${path}/urlMaps/lb`);
  const { body: operation } = await client.call("DELETE", `${path}/backendBuckets/lb`);
  expect((await client.get(`${path}/operations/${operation.name}`)).body.status).toBe("DONE");
});

test("a build waits for ever, and says that the sandbox doesn't run builds", async () => {
  const { body } = await client.post(`/cloud-build/v1/projects/${P}/builds`, { steps: [{ name: "gcr.io/x" }] });
  const build = await client.get(`/cloud-build/v1/projects/${P}/builds/${body.metadata.build.id}`);

  expect(build.body).toMatchObject({ status: "QUEUED", statusDetail: expect.stringContaining("does not run") });
  expect((await client.post(`/cloud-build/v1/projects/${P}/builds`, {}, "user:eve@example.org")).status).toBe(403);
});

test("doubled versions, as Google's provider asks them over http, are folded", async () => {
  expect((await client.get(`/resource-manager/v1/v1/projects/${P}`)).body.projectId).toBe(P);
  expect((await client.get(`/service-usage/v1/v1/projects/${P}/services?filter=state:ENABLED`)).status).toBe(200);
});

test("clients that take a host and no path reach every service", async () => {
  expect((await client.get(`/v1/projects/${P}`)).body.projectId).toBe(P);
  expect((await client.get(`/v3/projects/${P}`)).body.displayName).toBe(P);
  expect((await client.get(`/compute/v1/projects/${P}`)).body.name).toBe(P);
});

test.each(["/resource-manager/v1/nonsense", "/iam/v1/projects/p/unknown", "/nothing/v9/here/at/all"])(
  "%s, which Google doesn't have, is not found",
  async (path) => {
    expect((await client.get(path)).status).toBe(404);
  },
);

test("everything is there again after a restart", async () => {
  const state = mkdtempSync(join(tmpdir(), "sandbox-state-"));
  const first = await SandboxClient.start({ state });
  await first.project(P, { labels: { env: "staging" } });
  await first.post("/admin/directory/v1/groups", { email: "kops@example.org" });
  await first.post("/admin/directory/v1/groups/kops@example.org/members", { email: "alice@example.org" });
  await first.grant(`/resource-manager/v1/projects/${P}`, "roles/viewer", "group:kops@example.org");
  const { body: operation } = await first.post(
    `/service-usage/v1/projects/${P}/services/cloudkms.googleapis.com:enable`,
  );
  await first.close();

  const second = await SandboxClient.start({ state });
  const { body } = await second.get(`/resource-manager/v1/projects/${P}`, "user:alice@example.org");
  expect(body.labels).toEqual({ env: "staging" });
  expect((await second.get(`/service-usage/v1/${operation.name}`, OWNER)).body.done).toBe(true);
  await second.close();
  rmSync(state, { recursive: true });
});
