import { FakeGoogleGroups } from "../../bench/groups/fake-google-groups";
import type { Directory } from "../../lib/cloud/directory";
import { GoogleApiError } from "../../lib/cloud/google-api-error";
import { googleGroups } from "../../lib/cloud/google-groups";
import type { GroupSettingsApi } from "../../lib/cloud/group-settings";
import { allPages } from "../../lib/groups/observe-group";
import { type RunningSandbox, startSandbox } from "../../sandbox/server";

interface Google {
  readonly directory: Directory;
  readonly settings: GroupSettingsApi;
  close(): Promise<void>;
}

const missing = "deleted@example.org";

async function fake(): Promise<Google> {
  const google = new FakeGoogleGroups({ domain: "example.org", forbidsCycles: true });
  for (const name of ["ann", "bea"]) google.accounts.set(`${name}@example.org`, `${name}@example.org`);
  return { directory: google.directory, settings: google.settings, close: async () => undefined };
}

async function sandbox(): Promise<Google> {
  const running = await startSandbox();
  await behave(running, { missingAccounts: [missing], externalMembers: "flip" });
  const { directory, settings } = googleGroups({ env: running.env });
  return { directory, settings, close: () => running.close() };
}

async function behave({ url }: RunningSandbox, change: object): Promise<void> {
  const answer = await fetch(`${url}/sandbox/v1/behaviour`, { method: "PATCH", body: JSON.stringify(change) });
  if (!answer.ok) throw new Error(await answer.text());
}

async function statusOf(call: Promise<unknown>): Promise<number | undefined> {
  try {
    await call;
    return 200;
  } catch (error) {
    if (error instanceof GoogleApiError) return error.status;
    throw error;
  }
}

/** What the engine takes for granted of Google; its tests rest on the fake, so both must keep it. */
describe.each([
  { name: "the fake", start: fake },
  { name: "the sandbox, over HTTP", start: sandbox },
])("$name", ({ start }) => {
  const crew = "crew@example.org";
  let google: Google;

  beforeEach(async () => {
    google = await start();
    await google.directory.insertGroup({ email: crew, name: "crew", description: "who sails" });
  });
  afterEach(() => google.close());

  test("answers 404 for a group that is not there, in both APIs", async () => {
    const { directory, settings } = google;
    const none = "none@example.org";
    const calls = [
      directory.getGroup(none),
      directory.listMembers(none),
      directory.insertMember(none, "ann@example.org", "MEMBER"),
      directory.deleteGroup(none),
      settings.get(none),
      settings.patch(none, { whoCanJoin: "INVITED_CAN_JOIN" }),
    ];
    expect(await Promise.all(calls.map(statusOf))).toEqual(calls.map(() => 404));
  });

  test("gives back what a group was made of, and 409 for a second one", async () => {
    const { directory } = google;
    expect(await directory.getGroup(crew)).toEqual({
      email: crew,
      name: "crew",
      description: "who sails",
      aliases: [],
    });
    expect(await statusOf(directory.insertGroup({ email: crew, name: "x", description: "" }))).toBe(409);
    await directory.patchGroup(crew, { description: "who rows" });
    expect(await directory.getGroup(crew)).toMatchObject({ name: "crew", description: "who rows" });
  });

  test("finds a group under its alias and under another case, and says its primary address", async () => {
    const { directory } = google;
    await directory.insertAlias(crew, "sailors@example.org");
    expect(await directory.getGroup("Sailors@Example.org")).toMatchObject({
      email: crew,
      aliases: ["sailors@example.org"],
    });
    expect(await statusOf(directory.insertAlias(crew, "sailors@example.org"))).toBe(409);
    expect(await statusOf(directory.insertGroup({ email: "sailors@example.org", name: "s", description: "" }))).toBe(
      409,
    );
    await directory.deleteAlias(crew, "sailors@example.org");
    expect(await statusOf(directory.deleteAlias(crew, "sailors@example.org"))).toBe(404);
  });

  test("keeps a member through a change of role", async () => {
    const { directory } = google;
    await directory.insertMember(crew, "ann@example.org", "MEMBER");
    const before = await directory.getMember(crew, "ann@example.org");
    await directory.patchMember(crew, before.key, "OWNER");
    expect(await directory.listMembers(crew)).toEqual({ items: [{ ...before, role: "OWNER" }] });
  });

  test("answers 409 for a second membership, whatever its role and case, and 404 for a second removal", async () => {
    const { directory } = google;
    await directory.insertMember(crew, "ann@example.org", "OWNER");
    expect(await statusOf(directory.insertMember(crew, "Ann@Example.org", "MEMBER"))).toBe(409);
    const { key, role } = await directory.getMember(crew, "ann@example.org");
    expect(role).toBe("OWNER");
    await directory.deleteMember(crew, key);
    expect(await statusOf(directory.deleteMember(crew, key))).toBe(404);
    expect(await statusOf(directory.patchMember(crew, key, "MEMBER"))).toBe(404);
  });

  test("says memberKey when it is the account that is missing", async () => {
    await expect(google.directory.insertMember(crew, missing, "MEMBER")).rejects.toMatchObject({
      status: 404,
      says: expect.stringContaining("memberKey"),
    });
  });

  test("says Cyclic when two groups would contain each other", async () => {
    const { directory } = google;
    await directory.insertGroup({ email: "sub@example.org", name: "sub", description: "" });
    await directory.insertMember(crew, "sub@example.org", "MEMBER");
    await expect(directory.insertMember("sub@example.org", crew, "MEMBER")).rejects.toMatchObject({
      says: expect.stringContaining("Cyclic"),
    });
  });

  test("hands out members in pages", async () => {
    const { directory } = google;
    const all = Array.from({ length: 205 }, (_, index) => `m${String(index).padStart(3, "0")}@example.com`);
    for (const address of all) await directory.insertMember(crew, address, "MEMBER");
    const first = await directory.listMembers(crew);
    expect([first.items.length, typeof first.next]).toEqual([200, "string"]);
    const found = await allPages((token) => directory.listMembers(crew, token));
    expect(found.map(({ email }) => email).sort()).toEqual(all);
  });

  test("lists the groups of a domain", async () => {
    const { items } = await google.directory.listGroups("example.org");
    expect(items).toMatchObject([{ email: crew, name: "crew" }]);
  });

  test("takes settings one by one and gives them back as text", async () => {
    const { settings } = google;
    await settings.patch(crew, { allowExternalMembers: "true", whoCanPostMessage: "ALL_MEMBERS_CAN_POST" });
    await settings.patch(crew, { whoCanJoin: "INVITED_CAN_JOIN" });
    expect(await settings.get(crew)).toMatchObject({
      allowExternalMembers: "true",
      whoCanPostMessage: "ALL_MEMBERS_CAN_POST",
      whoCanJoin: "INVITED_CAN_JOIN",
    });
  });

  test("lets external members in by itself when one is added", async () => {
    await google.settings.patch(crew, { allowExternalMembers: "false" });
    await google.directory.insertMember(crew, "kim@example.com", "MEMBER");
    expect((await google.settings.get(crew)).allowExternalMembers).toBe("true");
  });
});
