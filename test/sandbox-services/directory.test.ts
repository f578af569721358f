import { admin_directory_v1 } from "googleapis/build/src/apis/admin/directory_v1";
import { SandboxClient } from "./sandbox-client";

const GROUPS = "/admin/directory/v1/groups";

let client: SandboxClient;

beforeEach(async () => {
  client = await SandboxClient.start();
});
afterEach(() => client.close());

function directory(principal?: string) {
  return new admin_directory_v1.Admin(client.options(principal));
}

async function makeGroup(email: string, settings: object = {}): Promise<void> {
  await client.post(GROUPS, { email });
  await client.call("PATCH", `/groups/v1/groups/${email}`, settings);
}

function add(group: string, email: string, role?: string) {
  return client.post(`${GROUPS}/${group}/members`, { email, ...(role === undefined ? {} : { role }) });
}

describe("a group", () => {
  test("is made, found by address, alias and id, changed and deleted", async () => {
    const { data: made } = await directory().groups.insert({
      requestBody: { email: "Kops@Example.org", name: "Kops", description: "ACL" },
    });
    expect(made).toMatchObject({
      email: "kops@example.org",
      name: "Kops",
      description: "ACL",
      directMembersCount: "0",
    });
    await directory().groups.aliases.insert({ groupKey: "kops@example.org", requestBody: { alias: "k@example.org" } });
    for (const groupKey of ["KOPS@example.org", "k@example.org", made.id ?? ""]) {
      expect((await directory().groups.get({ groupKey })).data.id).toBe(made.id);
    }

    await directory().groups.patch({ groupKey: "kops@example.org", requestBody: { description: "New" } });
    const { data: changed } = await directory().groups.get({ groupKey: "kops@example.org" });
    expect(changed).toMatchObject({ name: "Kops", description: "New", aliases: ["k@example.org"] });
    expect(changed.etag).not.toBe(made.etag);

    await directory().groups.delete({ groupKey: "kops@example.org" });
    await expect(directory().groups.get({ groupKey: "kops@example.org" })).rejects.toMatchObject({ status: 404 });
  });

  test("has an address that no other group or alias has", async () => {
    await makeGroup("kops@example.org");
    await client.post(`${GROUPS}/kops@example.org/aliases`, { alias: "k@example.org" });

    for (const email of ["kops@example.org", "KOPS@example.org", "k@example.org"]) {
      expect((await client.post(GROUPS, { email })).body.error).toMatchObject({
        code: 409,
        message: "Entity already exists.",
      });
    }
    for (const email of ["kops", "a b@example.org", "@example.org", ""]) {
      expect((await client.post(GROUPS, { email })).status).toBe(400);
    }
  });

  test("takes its members along when its address changes, and keeps the old one as an alias", async () => {
    await makeGroup("outer@example.org");
    await makeGroup("kops@example.org");
    await add("outer@example.org", "kops@example.org");
    await add("kops@example.org", "alice@example.org", "OWNER");
    await client.call("PUT", `${GROUPS}/kops@example.org`, { email: "kops-new@example.org" });

    const { body: group } = await client.get(`${GROUPS}/kops@example.org`);
    expect(group).toMatchObject({
      email: "kops-new@example.org",
      aliases: ["kops@example.org"],
      directMembersCount: "1",
    });
    const { body: outer } = await client.get(`${GROUPS}/outer@example.org/members`);
    expect(outer.members.map(({ email }: { email: string }) => email)).toEqual(["kops-new@example.org"]);
  });

  test("lists come in pages of at most two hundred, by domain, customer or member", async () => {
    expect((await client.get(GROUPS)).status).toBe(400);
    for (let number = 100; number < 330; number += 1) await client.post(GROUPS, { email: `g${number}@example.org` });
    await makeGroup("other@example.com");
    await add("g100@example.org", "alice@example.org");

    const { data: first } = await directory().groups.list({ domain: "example.org", maxResults: 1000 });
    expect(first.groups).toHaveLength(200);
    const { data: second } = await directory().groups.list({
      domain: "example.org",
      pageToken: first.nextPageToken ?? "",
    });
    expect(second.groups).toHaveLength(30);
    expect(second.nextPageToken).toBeUndefined();
    const { data: all } = await directory().groups.list({ customer: "my_customer", query: "email:other*" });
    expect(all.groups?.map(({ email }) => email)).toEqual(["other@example.com"]);
    const { data: hers } = await directory().groups.list({ userKey: "alice@example.org" });
    expect(hers.groups?.map(({ email }) => email)).toEqual(["g100@example.org"]);
  });
});

describe("a member", () => {
  beforeEach(() => makeGroup("kops@example.org"));

  test("has one of three roles, which changes in place", async () => {
    const { data: made } = await directory().members.insert({
      groupKey: "kops@example.org",
      requestBody: { email: "Alice@Example.org", role: "MANAGER" },
    });
    expect(made).toMatchObject({ email: "alice@example.org", role: "MANAGER", type: "USER", status: "ACTIVE" });

    const groupKey = "kops@example.org";
    await directory().members.patch({ groupKey, memberKey: made.id ?? "", requestBody: { role: "OWNER" } });
    const { data: owners } = await directory().members.list({ groupKey, roles: "OWNER" });
    expect(owners.members).toMatchObject([{ email: "alice@example.org", role: "OWNER", id: made.id }]);
    expect(
      (await client.call("PATCH", `${GROUPS}/${groupKey}/members/alice@example.org`, { role: "BOSS" })).status,
    ).toBe(400);
  });

  test("is refused with Google's codes", async () => {
    await add("kops@example.org", "alice@example.org");
    await makeGroup("inner@example.org");
    await client.behave({ missingAccounts: ["gone@example.org", "inner@example.org"] });

    expect((await add("kops@example.org", "inner@example.org")).status).toBe(200);

    expect((await add("kops@example.org", "ALICE@example.org")).body.error).toMatchObject({
      code: 409,
      message: "Member already exists.",
    });
    expect((await add("kops@example.org", "not an address")).status).toBe(412);
    expect((await add("kops@example.org", "gone@example.org")).body.error.message).toBe(
      "Resource Not Found: memberKey",
    );
    expect((await add("nope@example.org", "alice@example.org")).body.error.message).toBe(
      "Resource Not Found: groupKey",
    );
    expect((await client.call("DELETE", `${GROUPS}/kops@example.org/members/eve@example.org`)).status).toBe(404);
  });

  test("lists come in pages that miss nobody while members leave", async () => {
    for (let number = 100; number < 550; number += 1) await add("kops@example.org", `m${number}@example.org`);
    const { data: first } = await directory().members.list({ groupKey: "kops@example.org" });
    expect(first.members).toHaveLength(200);
    await client.call("DELETE", `${GROUPS}/kops@example.org/members/${first.members?.at(-1)?.email}`);

    const { body: second } = await client.get(`${GROUPS}/kops@example.org/members?pageToken=${first.nextPageToken}`);
    expect(second.members[0].email).toBe("m300@example.org");
    const { body: third } = await client.get(`${GROUPS}/kops@example.org/members?pageToken=${second.nextPageToken}`);
    expect(third.members).toHaveLength(50);
    expect(third.nextPageToken).toBeUndefined();
  });

  test("may be a group, but not one that contains this one", async () => {
    await makeGroup("inner@example.org");
    expect((await add("kops@example.org", "inner@example.org")).body).toMatchObject({ type: "GROUP" });
    await add("inner@example.org", "alice@example.org");

    expect((await add("inner@example.org", "kops@example.org")).body.error.message).toContain("Cyclic");
    expect((await add("kops@example.org", "kops@example.org")).body.error.message).toContain("Cyclic");
    const hasMember = `${GROUPS}/kops@example.org/hasMember/alice@example.org`;
    expect((await client.get(hasMember)).body).toEqual({ isMember: true });
    const { body } = await client.get(`${GROUPS}/kops@example.org/members?includeDerivedMembership=true`);
    expect(body.members.map(({ email }: { email: string }) => email)).toEqual([
      "alice@example.org",
      "inner@example.org",
    ]);
  });

  test("is a group from when a group of its address is made", async () => {
    await add("kops@example.org", "late@example.org");
    await makeGroup("late@example.org");
    const { id } = (await client.get(`${GROUPS}/late@example.org`)).body;

    expect((await client.get(`${GROUPS}/kops@example.org/members/late@example.org`)).body).toMatchObject({
      id,
      type: "GROUP",
    });
  });

  test("who is the last owner stays, if the sandbox is told so", async () => {
    await client.behave({ keepLastOwner: true });
    await add("kops@example.org", "alice@example.org", "OWNER");
    await add("kops@example.org", "bob@example.org");
    const alice = `${GROUPS}/kops@example.org/members/alice@example.org`;

    expect((await client.call("DELETE", alice)).status).toBe(412);
    expect((await client.call("PATCH", alice, { role: "MEMBER" })).status).toBe(412);
    await client.call("PATCH", `${GROUPS}/kops@example.org/members/bob@example.org`, { role: "OWNER" });
    expect((await client.call("DELETE", alice)).status).toBe(204);
  });
});

describe("a member of another domain", () => {
  const settings = async () => (await client.get("/groups/v1/groups/kops@example.org?alt=json")).body;

  test("is refused by a group that allows none", async () => {
    await makeGroup("kops@example.org");
    expect((await add("kops@example.org", "eve@example.com")).body.error).toMatchObject({ code: 412 });

    await client.call("PATCH", "/groups/v1/groups/kops@example.org", { allowExternalMembers: "true" });
    const { body } = await add("kops@example.org", "eve@example.com");
    expect(body.email).toBe("eve@example.com");
    expect(body.status).toBeUndefined();
  });

  test("turns the setting round by itself, if the sandbox is told so", async () => {
    await client.behave({ externalMembers: "flip" });
    await makeGroup("kops@example.org", { allowExternalMembers: "false" });

    expect((await add("kops@example.org", "eve@example.com")).status).toBe(200);
    expect((await settings()).allowExternalMembers).toBe("true");
  });

  test("a setting may be taken back once by the first change of members", async () => {
    await client.behave({ revertExternalMembersOnce: true });
    await makeGroup("kops@example.org", { allowExternalMembers: "true" });
    await add("kops@example.org", "eve@example.com");
    expect((await settings()).allowExternalMembers).toBe("false");

    expect((await add("kops@example.org", "eva@example.com")).status).toBe(200);
    await client.call("PATCH", "/groups/v1/groups/kops@example.org", { allowExternalMembers: "true" });
    expect((await settings()).allowExternalMembers).toBe("true");
  });
});

describe("administration of groups", () => {
  test("is for the estate's owner and those who were made administrators", async () => {
    await makeGroup("kops@example.org");
    const read = (principal: string | null) => client.get(`${GROUPS}/kops@example.org`, principal);
    const write = (principal: string | null) =>
      client.call("PATCH", `${GROUPS}/kops@example.org`, { description: "x" }, principal);

    expect((await read("user:alice@example.org")).body.error).toMatchObject({
      code: 403,
      message: "Not Authorized to access this resource/api",
    });
    expect((await read(null)).status).toBe(401);

    await client.call("PUT", "/sandbox/v1/directory-admins", {
      admins: ["serviceAccount:groups@admin.iam.gserviceaccount.com"],
      readers: ["user:alice@example.org"],
    });
    expect((await read("user:alice@example.org")).status).toBe(200);
    expect((await write("user:alice@example.org")).status).toBe(403);
    expect((await write("serviceAccount:groups@admin.iam.gserviceaccount.com")).status).toBe(200);
  });
});
