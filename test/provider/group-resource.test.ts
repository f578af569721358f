import { FakeGoogleGroups, type FakeOptions } from "../../bench/groups/fake-google-groups";
import { groupResource } from "../../lib/provider/group-resource";
import type { GroupConfig, GroupState } from "../../lib/provider/group-schema";
import { DiagnosticsError, type PluginDiagnostic } from "../../lib/tfplugin/diagnostics";
import { type PartlyKnown, UNKNOWN } from "../../lib/tfplugin/types";
import { sessionOn } from "../groups/fixtures";

const email = "crew@example.org";

function setUp(options: Partial<FakeOptions> = {}) {
  const fake = new FakeGoogleGroups({ domain: "example.org", ...options });
  for (const name of ["ann", "bea", "cat"]) fake.accounts.set(`${name}@example.org`, `${name}@example.org`);
  const said: PluginDiagnostic[] = [];
  const context = {
    signal: new AbortController().signal,
    report: (diagnostic: PluginDiagnostic) => void said.push(diagnostic),
  };
  const resource = groupResource((signal) => sessionOn(fake, undefined, signal));
  return {
    fake,
    said,
    resource,
    context,
    validate: (config: PartlyKnown<GroupConfig>) => resource.validate?.(config, context),
    plan: (config: PartlyKnown<GroupConfig>, prior?: GroupConfig, imported = false) =>
      resource.plan?.({ config, prior, proposed: config, imported }, context),
    planDelete: (state: GroupConfig) => resource.planDelete?.(state, context),
    read: (state: GroupState) => resource.read(state, context),
    create: (config: GroupConfig) => resource.create({ config, planned: config }, context),
    update: (prior: GroupState, config: GroupConfig) => resource.update({ prior, config, planned: config }, context),
    remove: (state: GroupConfig) => resource.delete(state, context),
    import: (id: string) => resource.import?.(id, context),
  };
}

const config: GroupConfig = {
  email,
  name: "crew",
  description: "who sails",
  settings: { whoCanJoin: "INVITED_CAN_JOIN", allowExternalMembers: "true" },
  reconcile_members: true,
  owners: [],
  managers: [],
  members: ["ann@example.org", "kim@example.com"],
};

describe("validate", () => {
  test.each<{ when: string; wrong: PartlyKnown<GroupConfig>; says: string; path: unknown }>([
    { when: "the address is none", wrong: { email: "crew" }, says: '"crew" is not an e-mail address', path: ["email"] },
    {
      when: "a member is a principal",
      wrong: { email, members: ["user:a@example.org"] },
      says: "is a principal",
      path: ["members"],
    },
    {
      when: "an address stands twice",
      wrong: { email, owners: ["a@example.org"], members: ["A@example.org"] },
      says: "a@example.org stands among the owners as well",
      path: ["members"],
    },
    {
      when: "an account of Gmail stands in two spellings",
      wrong: { email, owners: ["a.b@gmail.com"], members: ["ab@googlemail.com"] },
      says: "ab@googlemail.com stands among the owners as well",
      path: ["members"],
    },
    {
      when: "a group is in itself",
      wrong: { email, members: [email] },
      says: "can not be in itself",
      path: ["members"],
    },
    {
      when: "a setting is unknown",
      wrong: { email, settings: { WhoCanJoin: "INVITED_CAN_JOIN" } },
      says: "is not a setting",
      path: ["settings", { key: "WhoCanJoin" }],
    },
    {
      when: "a value is mistyped",
      wrong: { email, settings: { whoCanJoin: "INVITED_CAN_JION" } },
      says: '"INVITED_CAN_JION" is not one of',
      path: ["settings", { key: "whoCanJoin" }],
    },
    {
      when: "the policy is unknown",
      wrong: { email, deletion_policy: "KEEP" },
      says: '"KEEP" is not one of "FORGET" and "DELETE"',
      path: ["deletion_policy"],
    },
    {
      when: "a member is null",
      wrong: { email, members: ["a@example.org", undefined as never] },
      says: "members: an element is null",
      path: ["members"],
    },
    {
      when: "a setting is null",
      wrong: { email, settings: { whoCanJoin: undefined as never } },
      says: 'settings: the value of "whoCanJoin" is null',
      path: ["settings", { key: "whoCanJoin" }],
    },
  ])("fails when $when", async ({ wrong, says, path }) => {
    const { validate, said } = setUp();
    await validate(wrong);
    expect(said).toMatchObject([{ severity: "error", path, summary: expect.stringContaining(says) }]);
  });

  test("says what a mistyped setting was meant to be", async () => {
    const { validate, said } = setUp();
    await validate({ email, settings: { whoCanJion: "INVITED_CAN_JOIN" } });
    expect(said[0]?.detail).toBe('Did you mean "whoCanJoin"?');
  });

  test("warns when settings contradict each other", async () => {
    const { validate, said } = setUp();
    await validate({ email, settings: { whoCanPostMessage: "NONE_CAN_POST" } });
    expect(said).toMatchObject([
      { severity: "warning", path: ["settings"], summary: expect.stringContaining("ArchiveOnly true") },
    ]);
  });

  test("does not judge what is not known yet", async () => {
    const { validate, said } = setUp();
    await validate({ email: UNKNOWN, members: UNKNOWN, owners: [UNKNOWN, "a@example.org"], settings: UNKNOWN });
    expect(said).toEqual([]);
  });
});

describe("plan", () => {
  test("marks what a change opens", async () => {
    const { plan, said } = setUp();
    await plan({ ...config, settings: { ...config.settings, whoCanJoin: "ANYONE_CAN_JOIN" } }, config);
    expect(said).toEqual([
      {
        severity: "warning",
        summary: `${email}: a risky change`,
        detail: "- whoCanJoin=ANYONE_CAN_JOIN: anyone on the Internet can join without being asked",
      },
    ]);
  });

  test("warns of nothing when a new group has the usual settings", async () => {
    const { plan, said } = setUp();
    await plan(config);
    expect(said).toEqual([]);
  });

  test("shows what a group that exists already would lose", async () => {
    const { plan, fake, said } = setUp();
    fake.seed(email, { "bea@example.org": "OWNER" });
    await plan(config);
    expect(said[0]?.summary).toBe(`${email}: the group exists already and will be adopted`);
    expect(said[0]?.detail).toContain("- bea@example.org");
  });

  test("says who stays although the configuration drops them", async () => {
    const { plan, said } = setUp();
    const loose = { ...config, reconcile_members: false };
    await plan({ ...loose, members: ["ann@example.org"] }, loose);
    expect(said).toMatchObject([{ path: ["members"], summary: `${email}: 1 unlisted member stays in the group` }]);
  });

  test("leaves what is not known yet to the next plan", async () => {
    const { plan, fake, said } = setUp();
    await plan({ ...config, members: UNKNOWN });
    expect([fake.calls, said]).toEqual([[], []]);
  });

  test("goes on with a warning when a group that may exist can't be read", async () => {
    const { plan, said } = setUp({ fault: () => ({ status: 403 }) });
    expect(await plan(config)).toEqual({ planned: config });
    expect(said).toMatchObject([
      {
        severity: "warning",
        summary: `${email}: could not be read`,
        detail: expect.stringContaining("Unless this one is taken out, the apply looks again"),
      },
    ]);
  });

  test("fails when nobody is there to ask for", async () => {
    await expect(setUp({ fault: () => ({ status: 401 }) }).plan(config)).rejects.toThrow("HTTP 401");
  });
});

describe("create", () => {
  test("makes the group, and reading it back finds no difference", async () => {
    const { create, read } = setUp();
    expect(await create(config)).toEqual(config);
    expect(await read(config)).toEqual(config);
  });

  test("adopts a group that exists", async () => {
    const { create, fake } = setUp();
    fake.seed(email, { "bea@example.org": "MEMBER" });
    await create(config);
    expect(Object.keys(fake.roles(email))).toEqual(["ann@example.org", "kim@example.com"]);
  });

  test("fails with every failed step, records nothing, and can be repeated", async () => {
    const { create, fake } = setUp();
    const broken = { ...config, members: [...(config.members ?? []), "dan@example.org", "eve@example.org"] };
    const error = await create(broken).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(DiagnosticsError);
    expect((error as DiagnosticsError).diagnostics.map(({ summary }) => summary)).toEqual([
      `${email}: could not add dan@example.org as MEMBER`,
      `${email}: could not add eve@example.org as MEMBER`,
    ]);
    for (const name of ["dan", "eve"]) fake.accounts.set(`${name}@example.org`, `${name}@example.org`);
    expect(await create(broken)).toEqual(broken);
  });

  test("ends a sentence of Google's with one full stop", async () => {
    const { create } = setUp({ fault: (call) => (call === "directory.members.insert" ? { status: 400 } : undefined) });
    const error = await create(config).catch((thrown: unknown) => thrown);
    expect((error as DiagnosticsError).diagnostics[0]?.detail).toContain("An injected fault.\n\n");
  });

  test("points at the setting that Google refuses", async () => {
    const { create } = setUp({ refusedSettings: ["allowExternalMembers=true"] });
    const error = await create({ ...config, members: [] }).catch((thrown: unknown) => thrown);
    expect((error as DiagnosticsError).diagnostics).toMatchObject([
      { path: ["settings", { key: "allowExternalMembers" }] },
    ]);
  });
});

describe("read", () => {
  test("shows what somebody changed by hand, and only where it is managed", async () => {
    const { read, create, fake } = setUp();
    await create(config);
    const crew = fake.groups.get(email);
    fake.seed(
      email,
      { "ann@example.org": "OWNER", "bea@example.org": "MEMBER" },
      { ...crew?.settings, whoCanJoin: "ANYONE_CAN_JOIN", isArchived: "true" },
    );
    fake.groups.get(email)?.aliases.add("sailors@example.org");
    expect(await read({ ...config, name: "", description: "" })).toEqual({
      ...config,
      name: "",
      description: "",
      settings: { whoCanJoin: "ANYONE_CAN_JOIN", allowExternalMembers: "true" },
      owners: ["ann@example.org"],
      members: ["bea@example.org"],
    });
  });

  test("passes over unlisted members when members are not reconciled, but not over unlisted owners", async () => {
    const { read, fake } = setUp();
    fake.seed(email, { "ann@example.org": "MEMBER", "bea@example.org": "MEMBER", "cat@example.org": "OWNER" });
    expect(await read({ email, reconcile_members: false, members: ["ann@example.org"] })).toEqual({
      email,
      reconcile_members: false,
      members: ["ann@example.org"],
      owners: ["cat@example.org"],
    });
  });

  test("keeps the spelling of the configuration", async () => {
    const { read, create } = setUp();
    const spelled = { ...config, members: ["Ann@Example.org", "kim@example.com"], aliases: ["Sailors@example.org"] };
    await create(spelled);
    expect(await read(spelled)).toEqual(spelled);
  });

  test("knows an account that is declared under another of its addresses", async () => {
    const { read, create, fake } = setUp();
    fake.accounts.set("ann.lee@example.org", "ann@example.org");
    const spelled = { ...config, members: ["ann.lee@example.org"] };
    await create(spelled);
    expect(await read(spelled)).toEqual(spelled);
  });

  test("finds nothing when the group is gone", async () => {
    expect(await setUp().read(config)).toBeUndefined();
  });

  test("keeps what it knew of a group that can't be read, and has the apply look again", async () => {
    const { create, read, resource, update, fake, context, said } = setUp();
    await create(config);
    fake.configure({ fault: (call) => (call === "directory.members.list" ? { status: 403 } : undefined) });
    const state = await read(config);
    const unread = "directory.members.list: HTTP 403: An injected fault.";
    expect(state).toEqual({ ...config, unread });
    expect(await resource.plan?.({ config, prior: state, proposed: { ...config, unread } }, context)).toEqual({
      planned: config,
    });
    const calls = fake.calls.length;
    expect(await update({ ...config, unread }, config)).toEqual({ ...config, unread });
    expect(fake.calls.slice(calls).filter((call) => call === "directory.members.list")).toHaveLength(1);
    expect(said[1]?.detail).toBe(
      `${unread.replace(/\.$/, "")}.\n\nNothing of this group was changed; the next apply tries this again.`,
    );
    expect(said.map(({ severity, summary }) => [severity, summary])).toEqual([
      ["warning", `${email}: could not be read`],
      ["error", `${email}: could not read the group`],
    ]);

    fake.configure({ fault: () => undefined });
    expect(await read({ ...config, unread })).toEqual(config);
  });
});

describe("update", () => {
  test("fails with the state that was reached", async () => {
    const { create, update, said } = setUp();
    await create(config);
    const wanted = { ...config, description: "who rows", members: ["ann@example.org", "dan@example.org"] };
    expect(await update(config, wanted)).toEqual({ ...wanted, members: ["ann@example.org"] });
    expect(said).toMatchObject([{ severity: "error", summary: `${email}: could not add dan@example.org as MEMBER` }]);
  });

  test("removes the aliases that the configuration no longer declares at all", async () => {
    const { create, update, fake } = setUp();
    const before = { ...config, aliases: ["sailors@example.org"] };
    await create(before);
    await update(before, config);
    expect(fake.groups.get(email)?.aliases.size).toBe(0);
  });
});

test("an explicit empty list takes aliases away that nothing declared before", async () => {
  const { create, update, fake } = setUp();
  await create(config);
  fake.groups.get(email)?.aliases.add("sailors@example.org");
  await update(config, { ...config, aliases: [] });
  expect(fake.groups.get(email)?.aliases.size).toBe(0);
});

describe("delete", () => {
  test("forgets the group and says so, and how it is deleted: by YAML first", async () => {
    const { create, remove, planDelete, fake, said } = setUp();
    await create(config);
    await planDelete(config);
    await remove(config);
    expect(fake.groups.has(email)).toBe(true);
    expect(said).toMatchObject([
      {
        severity: "warning",
        summary: `${email}: the group will be forgotten, not deleted`,
        detail: expect.stringMatching(/groups\.yaml, retire it there.*"step: deleted"\. In Terraform of your own/),
      },
    ]);
  });

  test("deletes the group when its policy says so, even twice", async () => {
    const { create, remove, planDelete, fake, said } = setUp();
    const state = { ...config, deletion_policy: "DELETE" };
    await create(state);
    await planDelete(state);
    await remove(state);
    await remove(state);
    expect(fake.groups.has(email)).toBe(false);
    expect(said).toMatchObject([
      { summary: `${email}: the group will be deleted`, detail: expect.stringContaining("2 memberships") },
    ]);
  });
});

test("fails with the group's address when Google refuses a deletion or the reading of an import", async () => {
  const { remove, import: take } = setUp({ fault: () => ({ status: 403 }) });
  await expect(remove({ ...config, deletion_policy: "DELETE" })).rejects.toThrow(
    `${email}: could not delete the group: directory.groups.delete: HTTP 403`,
  );
  await expect(take(email)).rejects.toThrow(`${email}: could not read the group: directory.groups.get: HTTP 403`);
});

describe("a retirement", () => {
  const closed = { ...config, settings: { whoCanPostMessage: "NONE_CAN_POST", archiveOnly: "true" }, members: [] };

  test("is deleted by an explicit word, which the plan says, and the state remembers", async () => {
    const { plan, update, read, fake, said } = setUp();
    fake.seed(email, {}, closed.settings);
    const prior = { ...closed, retired: "closed" };
    const wanted = { ...closed, retired: "deleted" };
    await plan(wanted, prior);
    const state = await update(prior, wanted);

    expect(said).toMatchObject([{ severity: "warning", detail: expect.stringContaining("deleted with its messages") }]);
    expect([fake.groups.has(email), state, await read(state)]).toEqual([false, wanted, wanted]);
  });

  test("shows a deleted group that somebody made again", async () => {
    const { read, fake } = setUp();
    fake.seed(email, {});
    expect(await read({ ...closed, retired: "deleted" })).toMatchObject({ retired: "closed" });
  });

  test("makes the group again when the deletion is taken back", async () => {
    const { plan, update, fake, said } = setUp();
    await plan(config, { ...closed, retired: "deleted" });
    await update({ ...closed, retired: "deleted" }, config);

    expect([fake.groups.has(email), said]).toEqual([true, []]);
  });

  test("leaves nothing to do when the resource of a deleted group goes", async () => {
    const { planDelete, remove, fake, said } = setUp();
    await planDelete({ ...closed, retired: "deleted" });
    await remove({ ...closed, retired: "deleted" });

    expect([said.map(({ summary }) => summary), fake.calls]).toEqual([[`${email}: the group is deleted already`], []]);
  });

  test("fails for a step that there is not", async () => {
    const { validate, said } = setUp();
    await validate({ email, retired: "delete" });
    expect(said).toMatchObject([{ path: ["retired"], detail: 'Did you mean "deleted"?' }]);
  });
});

describe("import", () => {
  test("takes over a group so that a usual configuration has nothing to change", async () => {
    const { import: take, create, fake } = setUp();
    await create(config);
    fake.groups.get(email)?.aliases.add("sailors@example.org");
    expect(await take(` ${email.toUpperCase()} `)).toEqual({
      ...config,
      settings: expect.objectContaining(config.settings),
    });
  });

  test("finds nothing to do when a group is as declared, reconciled or not, whatever else is set", async () => {
    const { import: take, create, plan, fake, said } = setUp();
    const loose = { ...config, reconcile_members: false, settings: { ...config.settings, primaryLanguage: "en" } };
    await create(loose);
    fake.groups.get(email)?.members.set("x", { key: "x", email: "dan@example.com", role: "MEMBER", type: "USER" });
    const state = await take(email);
    const planned = await plan({ ...loose, members: ["Kim@example.com", "ann@example.org"] }, state, true);

    expect([planned, said]).toEqual([{ planned: state }, []]);
  });

  test("finds nothing to do when a member is declared under another of its addresses", async () => {
    const { import: take, create, plan, fake, said } = setUp();
    fake.accounts.set("cathy@example.org", "cat@example.org");
    const other = { ...config, members: ["cathy@example.org", "kim.lee@gmail.com"] };
    await create({ ...config, members: ["cat@example.org", "kimlee@gmail.com"] });
    const state = await take(email);

    expect([await plan(other, state, true), said]).toEqual([{ planned: state }, []]);
  });

  test("shows a change to an imported group, and what only leaves the state", async () => {
    const { import: take, create, plan, said } = setUp();
    await create(config);
    const wanted = { ...config, name: "sailors" };
    const planned = await plan(wanted, await take(email), true);

    expect([planned, said.map(({ summary }) => summary)]).toEqual([
      { planned: wanted },
      [`${email}: after its import, what is not declared leaves the state`],
    ]);
  });

  test("fails when there is no such group", async () => {
    await expect(setUp().import(email)).rejects.toThrow(`${email}: there is no such group`);
  });

  test.each(["", "crew"])("fails when the id %p is no address", async (id) => {
    await expect(setUp().import(id)).rejects.toThrow("the import id of a group is its address");
  });
});
