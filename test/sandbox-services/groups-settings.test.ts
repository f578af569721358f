import { groupssettings_v1 } from "googleapis/build/src/apis/groupssettings/v1";
import { SandboxClient } from "./sandbox-client";

const SETTINGS = "/groups/v1/groups/kops@example.org";

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
  await client.post("/admin/directory/v1/groups", { email: "kops@example.org", name: "Kops" });
});
afterEach(() => client.close());

test("a new group is closed to other domains and open to requests", async () => {
  const { body } = await client.get(SETTINGS);

  expect(body).toMatchObject({
    kind: "groupsSettings#groups",
    email: "kops@example.org",
    name: "Kops",
    allowExternalMembers: "false",
    whoCanJoin: "CAN_REQUEST_TO_JOIN",
  });
});

test("every setting is a text but the size of a message, which typed clients read as a number", async () => {
  const { maxMessageBytes, ...texts } = (await client.get(SETTINGS)).body;

  expect(maxMessageBytes).toBe(26214400);
  expect(Object.values(texts).filter((value) => typeof value !== "string")).toEqual([]);
});

test("settings change one by one through the client library", async () => {
  const api = new groupssettings_v1.Groupssettings(client.options());
  const requestBody = { whoCanJoin: "INVITED_CAN_JOIN", allowExternalMembers: "true", description: "ACL" };
  await api.groups.patch({ groupUniqueId: "kops@example.org", alt: "json", requestBody });
  const { data } = await api.groups.get({ groupUniqueId: "kops@example.org", alt: "json" });

  expect(data).toMatchObject({ ...requestBody, whoCanViewMembership: "ALL_MEMBERS_CAN_VIEW" });
  expect((await client.get("/admin/directory/v1/groups/kops@example.org")).body.description).toBe("ACL");
});

test.each([
  { key: "whoCanJoin", value: "NOBODY" },
  { key: "allowExternalMembers", value: "yes" },
  { key: "messageModerationLevel", value: "" },
])("the value $value of $key is refused and changes nothing", async ({ key, value }) => {
  const before = (await client.get(SETTINGS)).body;

  expect((await client.call("PATCH", SETTINGS, { whoCanLeaveGroup: "NONE_CAN_LEAVE", [key]: value })).status).toBe(400);
  expect((await client.get(SETTINGS)).body).toEqual(before);
});

test("booleans may come without quotes, and unknown keys are passed over", async () => {
  const { status, body } = await client.call("PATCH", SETTINGS, { isArchived: true, whatever: "x" });

  expect(status).toBe(200);
  expect(body.isArchived).toBe("true");
  expect(body.whatever).toBeUndefined();
});

test("a group that is missing has no settings", async () => {
  expect((await client.get("/groups/v1/groups/nope@example.org")).status).toBe(404);
});
