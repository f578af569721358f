import { join } from "node:path";
import { googleGroups } from "../../lib/cloud/google-groups";
import { effectiveSettings } from "../../lib/model/group-settings";
import { type RunningSandbox, startSandbox } from "../../sandbox/server";
import { compileFixture } from "../support/compile-fixture";
import { TerraformWorkspace } from "../support/terraform-workspace";

const source = "artifacts.internal/foundation/artifacts";
const program = compileFixture(join(__dirname, "../../lib/provider/main.ts"));

const email = "crew@example.org";
const crew = {
  email,
  name: "crew",
  description: "who sails",
  settings: effectiveSettings({}),
  reconcile_members: true,
  owners: ["ann@example.org"],
  managers: [],
  members: ["bea@example.org", "kim@example.com"],
};

describe("a Google Group under Terraform, with the sandbox", () => {
  let sandbox: RunningSandbox;
  let workspace: TerraformWorkspace;

  beforeEach(async () => {
    sandbox = await startSandbox();
    workspace = new TerraformWorkspace({ source, program }, sandbox.env);
    await workspace.attach();
    workspace.write({});
    expect((await workspace.run("init")).code).toBe(0);
  });
  afterEach(async () => {
    await workspace.close();
    await sandbox.close();
  });

  const google = () => googleGroups({ env: sandbox.env });

  async function roles(): Promise<object> {
    const { items } = await google().directory.listMembers(email);
    return Object.fromEntries(items.map((member) => [member.email, member.role]));
  }

  function declare(group: object | undefined, more: object = {}): void {
    workspace.write(group === undefined ? more : { resource: { artifacts_group: { crew: group } }, ...more });
  }

  async function apply(): Promise<string> {
    const { code, output } = await workspace.run("apply", "-auto-approve");
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  }

  async function expectNoChanges(): Promise<void> {
    const { code, output } = await workspace.run("plan", "-detailed-exitcode");
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
  }

  test("is created, left alone, reviewed, changed in place and forgotten", async () => {
    declare(crew);
    expect(await apply()).toContain("1 added, 0 changed, 0 destroyed");
    expect(await roles()).toEqual({
      "ann@example.org": "OWNER",
      "bea@example.org": "MEMBER",
      "kim@example.com": "MEMBER",
    });
    await expectNoChanges();

    declare({
      ...crew,
      settings: { ...crew.settings, whoCanPostMessage: "ANYONE_CAN_POST" },
      managers: ["bea@example.org"],
      members: ["cat@example.org"],
    });
    const { output } = await workspace.run("plan", "-out=saved");
    expect(output).toMatch(/~ "whoCanPostMessage" += "ALL_MEMBERS_CAN_POST" -> "ANYONE_CAN_POST"/);
    expect(output).toMatch(/\+ "cat@example.org"/);
    expect(output).toMatch(/- "kim@example.com"/);
    expect(output).toContain(`Warning: ${email}: a risky change`);
    expect(output).toMatch(/anyone on the Internet can write to\s+every member/);
    expect((await workspace.run("apply", "saved")).output).toContain("0 added, 1 changed, 0 destroyed");
    expect(await roles()).toEqual({
      "ann@example.org": "OWNER",
      "bea@example.org": "MANAGER",
      "cat@example.org": "MEMBER",
    });
    await expectNoChanges();

    declare(undefined);
    expect(await apply()).toContain(`Warning: ${email}: the group will be forgotten, not deleted`);
    expect(await roles()).toMatchObject({ "ann@example.org": "OWNER" });
  });

  test("is deleted only when that was declared and applied before", async () => {
    declare({ ...crew, deletion_policy: "DELETE" });
    await apply();
    declare(undefined);
    expect(await apply()).toContain(`Warning: ${email}: the group will be deleted`);
    await expect(google().directory.getGroup(email)).rejects.toMatchObject({ status: 404 });
  });

  test("shows and undoes what somebody changed by hand", async () => {
    declare(crew);
    await apply();
    await google().directory.insertMember(email, "eve@example.net", "MANAGER");
    await google().settings.patch(email, { whoCanJoin: "ANYONE_CAN_JOIN" });
    const { output } = await workspace.run("plan");
    expect(output).toMatch(/- "eve@example.net"/);
    expect(output).toMatch(/~ "whoCanJoin" += "ANYONE_CAN_JOIN" -> "INVITED_CAN_JOIN"/);
    await apply();
    await expectNoChanges();
  });

  test("is imported, by command and by block, and then there is nothing to do", async () => {
    const { directory, settings } = google();
    await directory.insertGroup({ email, name: "crew", description: "who sails" });
    await settings.patch(email, crew.settings);
    await directory.insertMember(email, "ann@example.org", "OWNER");
    for (const member of crew.members) await directory.insertMember(email, member, "MEMBER");

    declare(crew);
    expect((await workspace.run("import", "artifacts_group.crew", email)).output).toContain("Import successful!");
    await expectNoChanges();

    await workspace.run("state", "rm", "artifacts_group.crew");
    declare(crew, { import: [{ to: "artifacts_group.crew", id: email }] });
    expect((await workspace.run("plan")).output).toContain("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
    await apply();
    await expectNoChanges();
  });

  test("is imported without a change though its members are not reconciled and further settings are declared", async () => {
    const { directory, settings } = google();
    const loose = { ...crew, reconcile_members: false, settings: { ...crew.settings, allowWebPosting: "true" } };
    await directory.insertGroup({ email, name: "crew", description: "who sails" });
    await settings.patch(email, loose.settings);
    await directory.insertMember(email, "ann@example.org", "OWNER");
    for (const member of [...crew.members, "zoe@example.com"]) await directory.insertMember(email, member, "MEMBER");

    declare(loose, { import: [{ to: "artifacts_group.crew", id: email }] });
    expect((await workspace.run("plan")).output).toContain("Plan: 1 to import, 0 to add, 0 to change, 0 to destroy.");
    await apply();
    await expectNoChanges();

    declare({ ...loose, members: ["bea@example.org"] });
    await expectNoChanges();
    declare({ ...loose, description: "who sails far" });
    expect(await apply()).toContain("1 changed");
    await expectNoChanges();
    expect(await roles()).toMatchObject({ "zoe@example.com": "MEMBER", "kim@example.com": "MEMBER" });
  });

  test("is retired in two steps, and its resource may go after each", async () => {
    declare(crew);
    await apply();
    const closed = { ...crew, settings: { archiveOnly: "true", whoCanPostMessage: "NONE_CAN_POST" }, members: [] };
    declare({ ...closed, retired: "closed" });
    expect((await workspace.run("plan")).output).toMatch(/\+ retired += "closed"/);
    await apply();
    expect(await roles()).toEqual({ "ann@example.org": "OWNER" });

    declare({ ...closed, retired: "deleted" });
    const { output } = await workspace.run("plan");
    expect(output).toMatch(/~ retired += "closed" -> "deleted"/);
    expect(output).toContain("deleted with its messages");
    await apply();
    await expect(google().directory.getGroup(email)).rejects.toMatchObject({ status: 404 });
    await expectNoChanges();
    declare(undefined);
    await apply();
  });

  test("adopts a group that exists after showing what it would lose", async () => {
    const { directory } = google();
    await directory.insertGroup({ email, name: "crew", description: "" });
    await directory.insertMember(email, "old@example.org", "OWNER");
    declare(crew);
    const { output } = await workspace.run("plan");
    expect(output).toContain(`${email}: the group exists already and will be adopted`);
    expect(output).toContain("- old@example.org");
    await apply();
    await expectNoChanges();
  });

  test("stops no other group where it can't be read, and fails the run until it can", async () => {
    const other = { ...crew, email: "rowers@example.org", name: "rowers" };
    const both = (description: string) => ({
      resource: { artifacts_group: { crew, rowers: { ...other, description } } },
    });
    declare(undefined, both("who rows"));
    await apply();

    const match = { method: "GET", path: `/groups/${email}/members` };
    await control("POST", "faults", { match, action: { status: 403 } });
    declare(undefined, both("who rows far"));
    const failed = await workspace.run("apply", "-auto-approve");
    expect(failed).toMatchObject({ code: 1, output: expect.stringContaining(`${email}: could not read the group`) });
    expect(failed.output).toContain(`Warning: ${email}: could not be read`);
    expect((await google().directory.getGroup(other.email)).description).toBe("who rows far");
    expect((await workspace.run("plan", "-detailed-exitcode")).code).toBe(2);

    await control("DELETE", "faults");
    await apply();
    await expectNoChanges();
  });

  test("records nothing of a create that failed in part, and goes on from there", async () => {
    await behave({ missingAccounts: ["bea@example.net"] });
    const broken = { ...crew, members: ["bea@example.net", "kim@example.com"] };
    declare(broken);
    const failed = await workspace.run("apply", "-auto-approve");
    expect(failed).toMatchObject({
      code: 1,
      output: expect.stringContaining(`${email}: could not add bea@example.net as MEMBER`),
    });
    expect((await workspace.run("state", "list")).output).toBe("");
    expect(await roles()).toEqual({ "ann@example.org": "OWNER", "kim@example.com": "MEMBER" });

    await behave({ missingAccounts: [] });
    expect(await apply()).toContain("1 added, 0 changed, 0 destroyed");
    await expectNoChanges();
  });

  test("keeps what an update reached when the rest of it failed, untainted", async () => {
    declare(crew);
    await apply();
    await behave({ missingAccounts: ["dan@example.net"] });
    declare({ ...crew, description: "who rows", members: [...crew.members, "dan@example.net"] });
    expect((await workspace.run("apply", "-auto-approve")).code).toBe(1);
    const { output } = await workspace.run("plan");
    expect(output).toContain("# artifacts_group.crew will be updated in-place");
    expect(output).toContain('+ "dan@example.net"');
    expect(output).not.toContain('who rows" ->');
    expect(output).not.toContain('+ "kim@example.com"');
  });

  test("says where a mistake stands before anything is asked", async () => {
    declare({ ...crew, settings: { whoCanJion: "INVITED_CAN_JOIN" } });
    const { code, output } = await workspace.run("validate");
    expect(code).toBe(1);
    expect(output).toContain('settings: "whoCanJion" is not a setting of the Groups Settings API');
    expect(output).toContain('Did you mean "whoCanJoin"?');
  });

  const behave = (change: object) => control("PATCH", "behaviour", change);

  async function control(method: string, path: string, body?: object): Promise<void> {
    const request = { method, ...(body && { body: JSON.stringify(body) }) };
    const answer = await fetch(`${sandbox.url}/sandbox/v1/${path}`, request);
    if (!answer.ok) throw new Error(await answer.text());
  }
});
