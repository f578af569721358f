import { FakeGoogleGroups, type FakeOptions } from "../../bench/groups/fake-google-groups";
import { applyGroup } from "../../lib/groups/apply-group";
import { applyGroups } from "../../lib/groups/apply-groups";
import type { DesiredGroup } from "../../lib/groups/desired-group";
import { reviewGroups, undeclaredGroups } from "../../lib/groups/review-groups";
import { desired, email, jumpingClock, sessionOn } from "./fixtures";

function google(options: Partial<FakeOptions> = {}): FakeGoogleGroups {
  const fake = new FakeGoogleGroups({ domain: "example.org", ...options });
  for (const name of ["ann", "bea", "cat", "dot"]) fake.accounts.set(`${name}@example.org`, `${name}@example.org`);
  return fake;
}

const apply = (fake: FakeGoogleGroups, want: DesiredGroup) => applyGroup(sessionOn(fake), want);

describe("applyGroup", () => {
  test("creates a group with its settings, members and aliases, and then finds nothing to do", async () => {
    const fake = google();
    const want = desired({
      description: "who sails",
      settings: { allowExternalMembers: "true", whoCanPostMessage: "ALL_MEMBERS_CAN_POST" },
      owners: ["ann@example.org"],
      members: ["bea@example.org", "kim@example.com"],
      aliases: ["sailors@example.org"],
    });

    expect((await apply(fake, want)).outcome).toBe("changed");
    expect(fake.roles(email)).toEqual({
      "ann@example.org": "OWNER",
      "bea@example.org": "MEMBER",
      "kim@example.com": "MEMBER",
    });
    expect(fake.groups.get(email)).toMatchObject({
      description: "who sails",
      settings: { whoCanPostMessage: "ALL_MEMBERS_CAN_POST" },
    });

    fake.calls.length = 0;
    expect((await apply(fake, want)).outcome).toBe("unchanged");
    expect(fake.calls.sort()).toEqual(["directory.groups.get", "directory.members.list", "groupssettings.groups.get"]);
  });

  test("changes a role in place: the member is never out of the group", async () => {
    const fake = google();
    fake.seed(email, { "ann@example.org": "MEMBER" });
    await apply(fake, desired({ owners: ["ann@example.org"] }));
    expect(fake.calls).toContain("directory.members.patch");
    expect(fake.calls).not.toContain("directory.members.delete");
  });

  test("adds a member again who left between being listed and being promoted", async () => {
    const fake = google();
    const crew = fake.seed(email, { "ann@example.org": "MEMBER" });
    fake.configure({ fault: (call) => (call === "directory.members.patch" ? void crew.members.clear() : undefined) });
    expect((await apply(fake, desired({ owners: ["ann@example.org"] }))).failures).toEqual([]);
    expect(fake.roles(email)).toEqual({ "ann@example.org": "OWNER" });
  });

  test("reads members beyond the first page", async () => {
    const fake = google({ pageSize: 2 });
    const members = Array.from({ length: 7 }, (_, index) => `m${index}@example.com`);
    fake.seed(email, Object.fromEntries(members.map((member) => [member, "MEMBER"])));
    expect((await apply(fake, desired({ members }))).outcome).toBe("unchanged");
  });

  test("turns allowExternalMembers off again after Google turned it on", async () => {
    const fake = google();
    fake.seed(email);
    const want = desired({ settings: { allowExternalMembers: "false" }, members: ["kim@example.com"] });
    expect(await apply(fake, want)).toMatchObject({ outcome: "changed", failures: [] });
    expect(fake.groups.get(email)?.settings.allowExternalMembers).toBe("false");
  });

  test("does not ask again and again about members from outside whom the group is not to take", async () => {
    const isOutside = (subject: string) => subject.endsWith("@example.com");
    const fake = google({
      fault: (call, subject) => (/insert/.test(call) && isOutside(subject) ? { status: 412 } : undefined),
    });
    fake.seed(email);
    const clock = jumpingClock();
    const members = Array.from({ length: 10 }, (_, index) => `m${index}@example.com`);
    const want = desired({ settings: { allowExternalMembers: "false" }, members });
    expect((await applyGroup(sessionOn(fake, clock), want)).failures).toHaveLength(10);
    expect(clock.slept()).toBeLessThan(10_000);
  });

  test("goes on after a member that does not exist, and names it", async () => {
    const fake = google();
    const result = await apply(
      fake,
      desired({ members: ["ann@example.org", "deleted@example.org", "kim@example.com"] }),
    );
    expect(result.failures).toMatchObject([
      {
        email,
        step: "add deleted@example.org as MEMBER",
        message: "no account and no group has the address deleted@example.org: deleted or misspelt",
      },
    ]);
    expect(Object.keys(fake.roles(email))).toEqual(["ann@example.org", "kim@example.com"]);
  });

  test("waits a little for a group of the same domain that somebody else is creating", async () => {
    const fake = google();
    let attempts = 0;
    fake.configure({
      fault: (call) =>
        call.endsWith("members.insert") && ++attempts === 3 ? void fake.seed("sub@example.org") : undefined,
    });
    expect((await apply(fake, desired({ members: ["sub@example.org"] }))).failures).toEqual([]);
    expect(fake.roles(email)).toEqual({ "sub@example.org": "MEMBER" });
  });

  test("waits for it as long as others are still being created", async () => {
    const fake = google();
    const session = sessionOn(fake);
    let attempts = 0;
    fake.configure({
      fault: (call) => {
        if (!call.endsWith("members.insert")) return undefined;
        session.progress.created += 1;
        return ++attempts === 20 ? void fake.seed("sub@example.org") : undefined;
      },
    });
    expect((await applyGroup(session, desired({ members: ["sub@example.org"] }))).failures).toEqual([]);
  });

  test("removes members without an address, such as everyone in the organization", async () => {
    const fake = google();
    fake.seed(email, { C03abc: "MEMBER", "ann@example.org": "MEMBER" });
    await apply(fake, desired({ members: ["ann@example.org"] }));
    expect(fake.roles(email)).toEqual({ "ann@example.org": "MEMBER" });
  });

  test("knows an account that is declared under another of its addresses", async () => {
    const fake = google();
    fake.accounts.set("ann.lee@example.org", "ann@example.org");
    const want = desired({ members: ["ann.lee@example.org", "bea@example.org"] });
    await apply(fake, want);
    expect(Object.keys(fake.roles(email))).toEqual(["ann@example.org", "bea@example.org"]);
    expect((await apply(fake, want)).outcome).toBe("unchanged");
  });

  test("knows a Gmail account with other dots, and tells accounts of other domains apart", async () => {
    const fake = new FakeGoogleGroups({ domain: "example.org" });
    fake.seed(email, { "annlee@gmail.com": "MEMBER", "ann.lee@example.com": "MEMBER" });
    const result = await applyGroup(
      sessionOn(fake),
      desired({ managers: ["Ann.Lee@googlemail.com"], members: ["annlee@example.com"] }),
    );

    expect(result.failures).toEqual([]);
    expect(fake.roles(email)).toEqual({ "annlee@gmail.com": "MANAGER", "annlee@example.com": "MEMBER" });
    expect(fake.calls.filter((call) => call === "directory.members.insert")).toHaveLength(1);
  });

  test("removes nobody who may be a declared account that can't be looked up, and does the rest", async () => {
    const fake = google({ fault: (call) => (call === "directory.members.get" ? { status: 403 } : undefined) });
    fake.accounts.set("ann.lee@example.org", "ann@example.org");
    fake.seed(email, { "ann@example.org": "MEMBER", "cat@example.org": "MEMBER" });
    const want = desired({ managers: ["cat@example.org"], members: ["ann.lee@example.org", "bea@example.org"] });
    expect((await apply(fake, want)).failures).toMatchObject([
      { step: "add ann.lee@example.org as MEMBER", message: "directory.members.get: HTTP 403: An injected fault." },
      {
        step: "remove ann@example.org, MEMBER",
        message: expect.stringContaining(
          "kept, as Google can't say whether it is ann.lee@example.org under another name",
        ),
      },
    ]);
    expect(fake.roles(email)).toEqual({
      "ann@example.org": "MEMBER",
      "bea@example.org": "MEMBER",
      "cat@example.org": "MANAGER",
    });
  });

  test("keeps the last owner when no declared owner could be put in place", async () => {
    const fake = google();
    fake.seed(email, { "ann@example.org": "OWNER" });
    const result = await apply(fake, desired({ owners: ["deleted@example.org"] }));
    expect(result.failures.map(({ step }) => step)).toEqual([
      "add deleted@example.org as OWNER",
      "remove ann@example.org, OWNER",
    ]);
    expect(fake.roles(email)).toEqual({ "ann@example.org": "OWNER" });
  });

  test("keeps the last owner when one declared owner is refused and the other one never comes to be", async () => {
    const isRefused = (call: string, subject: string) => /members\.(insert|patch)/.test(call) && /bea/.test(subject);
    const fake = google({ fault: (call, subject) => (isRefused(call, subject) ? { status: 400 } : undefined) });
    fake.seed(email, { "ann@example.org": "OWNER", "bea@example.org": "MEMBER" });

    const owners = ["bea@example.org", "not-yet@example.org"];
    const result = await apply(fake, desired({ owners, members: ["ann@example.org"] }));

    expect(fake.roles(email)).toEqual({ "ann@example.org": "OWNER", "bea@example.org": "MEMBER" });
    expect(result.failures.map(({ message }) => message)).toContainEqual(
      "kept as an owner, because none of the declared owners could be put in place",
    );
  });

  test("hands a group over although Google keeps last owners", async () => {
    const fake = google({ keepsLastOwner: true });
    fake.seed(email, { "ann@example.org": "OWNER" });
    expect((await apply(fake, desired({ owners: ["bea@example.org"] }))).failures).toEqual([]);
    expect(fake.roles(email)).toEqual({ "bea@example.org": "OWNER" });
  });

  test("reports an owner that Google does not let go, and does the rest", async () => {
    const fake = google({ keepsLastOwner: true });
    fake.seed(email, { "ann@example.org": "OWNER" });
    const result = await apply(fake, desired({ members: ["bea@example.org"] }));
    expect(result.failures).toMatchObject([
      { step: "remove ann@example.org, OWNER", message: expect.stringContaining("last owner") },
    ]);
    expect(fake.roles(email)).toEqual({ "ann@example.org": "OWNER", "bea@example.org": "MEMBER" });
  });

  test("sets the other settings when Google refuses one", async () => {
    const fake = google({ refusedSettings: ["allowExternalMembers=true"] });
    fake.seed(email);
    const result = await apply(
      fake,
      desired({ settings: { allowExternalMembers: "true", whoCanJoin: "INVITED_CAN_JOIN" } }),
    );
    expect(result.failures).toMatchObject([
      { message: expect.stringContaining("Google refuses allowExternalMembers=true") },
    ]);
    expect(result.failures).toHaveLength(1);
    expect(fake.groups.get(email)?.settings.whoCanJoin).toBe("INVITED_CAN_JOIN");
  });

  test("never touches another group that has the declared address as an alias", async () => {
    const fake = google();
    fake.seed("sailors@example.org", { "ann@example.org": "MEMBER" }).aliases.add(email);
    const result = await apply(fake, desired());
    expect(result.failures).toMatchObject([
      { message: expect.stringContaining("is an alias of the group sailors@example.org") },
    ]);
    expect(fake.roles("sailors@example.org")).toEqual({ "ann@example.org": "MEMBER" });
  });

  test("says so when an account has the group's address", async () => {
    const fake = google();
    fake.accounts.set(email, email);
    const { failures } = await apply(fake, desired());
    expect(failures).toMatchObject([
      { step: "create the group", message: expect.stringContaining("is taken, but by no group") },
    ]);
  });

  test("says whose an alias is that is taken", async () => {
    const fake = google();
    fake.seed("other@example.org").aliases.add("sailors@example.org");
    const { failures } = await apply(fake, desired({ aliases: ["sailors@example.org"] }));
    expect(failures).toMatchObject([
      {
        message:
          "the address sailors@example.org is taken by the group other@example.org. To take it away from there, " +
          'list the aliases that other@example.org keeps, "aliases: []" for none',
      },
    ]);
  });

  test("stops between steps when it is interrupted, and says what is left", async () => {
    const stop = new AbortController();
    const fake = google({ fault: (call) => (call === "directory.members.insert" ? void stop.abort() : undefined) });
    const session = sessionOn(fake, undefined, stop.signal);
    const result = await applyGroup(
      session,
      desired({ members: ["ann@example.org", "bea@example.org", "cat@example.org"] }),
    );
    expect(result.failures).toMatchObject([
      { step: "add bea@example.org as MEMBER", message: expect.stringContaining("run again") },
    ]);
    expect(fake.roles(email)).toEqual({ "ann@example.org": "MEMBER" });
  });
});

describe("applyGroups", () => {
  test("creates groups that contain each other before any is filled", async () => {
    const fake = google();
    const results = await applyGroups(sessionOn(fake), [
      desired({ email: "all@example.org", members: ["sub@example.org", "ann@example.org"] }),
      desired({ email: "sub@example.org", members: ["bea@example.org"] }),
    ]);
    expect(results.map(({ outcome }) => outcome)).toEqual(["changed", "changed"]);
    expect(fake.roles("all@example.org")).toEqual({ "ann@example.org": "MEMBER", "sub@example.org": "MEMBER" });
  });

  test("turns around who contains whom", async () => {
    const fake = google();
    fake.seed("a@example.org", { "b@example.org": "MEMBER" });
    fake.seed("b@example.org");
    fake.configure({ forbidsCycles: true });
    const want = [
      desired({ email: "a@example.org", name: "a" }),
      desired({ email: "b@example.org", name: "b", members: ["a@example.org"] }),
    ];
    expect((await applyGroups(sessionOn(fake), want.reverse())).flatMap(({ failures }) => failures)).toEqual([]);
    expect([fake.roles("a@example.org"), fake.roles("b@example.org")]).toEqual([{}, { "a@example.org": "MEMBER" }]);
  });

  test("moves an alias from one group to another", async () => {
    const fake = google();
    fake.seed("a@example.org").aliases.add("sailors@example.org");
    fake.seed("b@example.org");
    const want = [
      desired({ email: "b@example.org", name: "b", aliases: ["sailors@example.org"] }),
      desired({ email: "a@example.org", name: "a", aliases: [] }),
    ];
    expect((await applyGroups(sessionOn(fake), want)).flatMap(({ failures }) => failures)).toEqual([]);
    expect(fake.groups.get("b@example.org")?.aliases).toEqual(new Set(["sailors@example.org"]));
  });

  test("goes on after a group that fails, and returns the complete list", async () => {
    const fake = google();
    fake.accounts.set("bad@example.org", "bad@example.org");
    const emails = ["bad@example.org", "fine@example.org", "worse@example.org"];
    const results = await applyGroups(
      sessionOn(fake),
      emails.map((each) =>
        desired({ email: each, members: each.startsWith("worse") ? ["x@example.org", "y@example.org"] : [] }),
      ),
    );
    expect(results.map(({ outcome, failures }) => [outcome, failures.length])).toEqual([
      ["failed", 1],
      ["changed", 0],
      ["failed", 2],
    ]);
  });

  test("reads many groups of a domain by listing them", async () => {
    const fake = google({ pageSize: 10 });
    const many = Array.from({ length: 25 }, (_, index) =>
      desired({ email: `g${index}@example.org`, name: `g${index}` }),
    );
    for (const group of many) fake.seed(group.email);
    expect((await applyGroups(sessionOn(fake), many)).every(({ outcome }) => outcome === "unchanged")).toBe(true);
    expect(fake.calls.filter((call) => call === "directory.groups.list")).toHaveLength(3);
    expect(fake.calls).not.toContain("directory.groups.get");
  });

  test("works without the right to list groups", async () => {
    const fake = google({
      fault: (call) => (call === "directory.groups.list" ? { status: 403, reason: "forbidden" } : undefined),
    });
    const many = Array.from({ length: 25 }, (_, index) =>
      desired({ email: `g${index}@example.org`, name: `g${index}` }),
    );
    expect((await applyGroups(sessionOn(fake), many)).every(({ outcome }) => outcome === "changed")).toBe(true);
  });

  test("two runs at once end where one would", async () => {
    const fake = google({ latency: () => new Promise((resolve) => setImmediate(resolve)) });
    fake.seed(email, { "dot@example.org": "MEMBER", "cat@example.org": "OWNER" });
    const want = [
      desired({
        owners: ["ann@example.org"],
        members: ["bea@example.org", "cat@example.org"],
        aliases: ["sailors@example.org"],
      }),
      desired({
        email: "new@example.org",
        members: [email, "bea@example.org"],
        settings: { whoCanJoin: "INVITED_CAN_JOIN" },
      }),
    ];
    const runs = await Promise.all([applyGroups(sessionOn(fake), want), applyGroups(sessionOn(fake), want)]);
    expect(runs.flat().flatMap(({ failures }) => failures)).toEqual([]);
    const reviews = await reviewGroups(sessionOn(fake), want);
    expect(reviews).toMatchObject([{ steps: [] }, { steps: [] }]);
  });
});

describe("reviewGroups", () => {
  test("changes nothing, and goes on after a group that can't be read", async () => {
    const fake = google();
    fake.seed("sailors@example.org").aliases.add("crew@example.org");
    const outcomes = await reviewGroups(sessionOn(fake), [desired(), desired({ email: "new@example.org" })]);
    expect(outcomes).toMatchObject([{ message: expect.stringContaining("alias") }, { exists: false }]);
    expect(fake.calls.filter((call) => !/\.(get|list)$/.test(call))).toEqual([]);
  });
});

test("undeclaredGroups names live groups that nothing declares", async () => {
  const fake = google({ pageSize: 1 });
  for (const each of ["b@example.org", "a@example.org", email]) fake.seed(each);
  expect(await undeclaredGroups(sessionOn(fake), ["example.org"], ["Crew@example.org"])).toEqual([
    "a@example.org",
    "b@example.org",
  ]);
});
