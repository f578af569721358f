import { SandboxClient } from "./sandbox-client";

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
});
afterEach(() => client.close());

const GROUP = {
  parent: "customers/C00000000",
  displayName: "kops",
  description: "ACL",
  groupKey: { id: "kops@example.org" },
  labels: { "cloudidentity.googleapis.com/groups.discussion_forum": "" },
};

test("groups and memberships are the Directory's, in other words", async () => {
  const { body: made } = await client.post("/cloud-identity/v1/groups?initialGroupConfig=EMPTY", GROUP);
  const path = `/cloud-identity/v1/${made.response.name}`;
  expect((await client.get(path)).body).toMatchObject(GROUP);

  const membership = { preferredMemberKey: { id: "alice@example.com" }, roles: [{ name: "MEMBER" }] };
  const { body: added } = await client.post(`${path}/memberships`, membership);
  const modify = `/cloud-identity/v1/${added.response.name}:modifyMembershipRoles`;
  const { body: modified } = await client.post(modify, { addRoles: [{ name: "MANAGER" }] });
  expect(modified.membership.roles).toEqual([{ name: "MEMBER" }, { name: "MANAGER" }]);

  const { body: members } = await client.get("/admin/directory/v1/groups/kops@example.org/members");
  expect(members.members).toMatchObject([{ email: "alice@example.com", role: "MANAGER" }]);
  await client.post(modify, { removeRoles: ["MANAGER"] });
  expect((await client.get(`${path}/memberships`)).body.memberships[0].roles).toEqual([{ name: "MEMBER" }]);
});

test("a missing group can't be told from a hidden one", async () => {
  const { status, body } = await client.get("/cloud-identity/v1/groups/0abc");

  expect(status).toBe(403);
  expect(body.error.message).toContain("or it may not exist");
});

test("an update changes what its mask names", async () => {
  const { body: made } = await client.post("/cloud-identity/v1/groups", GROUP);
  const path = `/cloud-identity/v1/${made.response.name}`;
  await client.call("PATCH", `${path}?updateMask=displayName`, { displayName: "new", description: "not named" });

  expect((await client.get(path)).body).toMatchObject({ displayName: "new", description: "ACL" });
  expect((await client.call("DELETE", path)).body.done).toBe(true);
  expect((await client.get("/admin/directory/v1/groups/kops@example.org")).status).toBe(404);
});
