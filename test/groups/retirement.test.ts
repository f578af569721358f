import { FakeGoogleGroups } from "../../bench/groups/fake-google-groups";
import { applyGroup } from "../../lib/groups/apply-group";
import { desiredGroup } from "../../lib/groups/desired-group";
import { formatReview } from "../../lib/groups/review";
import { isReview, reviewGroups } from "../../lib/groups/review-groups";
import type { GroupRetirementStep } from "../../lib/model/group-retirement";
import type { Group } from "../../lib/model/groups";
import { email, sessionOn } from "./fixtures";

const at = { file: "groups/sig/groups.yaml", line: 2, column: 5 };

const crew: Group = {
  email,
  name: "crew",
  description: "",
  settings: { whoCanPostMessage: "ANYONE_CAN_POST", primaryLanguage: "en" },
  reconcileMembers: false,
  owners: ["ann@example.org"],
  managers: ["bea@example.org"],
  members: ["cat@example.org"],
  aliases: ["sailors@example.org"],
  file: at.file,
  at,
};

function retired(step: GroupRetirementStep, group = crew): Group {
  return { ...group, retired: { since: "2026-05-01", step, at } };
}

function setUp() {
  const fake = new FakeGoogleGroups({ domain: "example.org" });
  for (const name of ["ann", "bea", "cat", "dan"]) fake.accounts.set(`${name}@example.org`, `${name}@example.org`);
  const session = sessionOn(fake);
  return {
    fake,
    apply: (group: Group) => applyGroup(session, desiredGroup(group)),
    review: async (group: Group) => {
      const [outcome] = await reviewGroups(session, [desiredGroup(group)]);
      return outcome !== undefined && isReview(outcome) ? outcome : undefined;
    },
    roles: () =>
      Object.fromEntries([...(fake.groups.get(email)?.members ?? [])].map(([, { email, role }]) => [email, role])),
  };
}

describe("closing a group", () => {
  test("leaves its owners and nobody else in it, listed or not", async () => {
    const { apply, fake, roles } = setUp();
    await apply({ ...crew, members: [...crew.members, "dan@example.org"] });
    await apply(retired("closed"));

    expect(roles()).toEqual({ "ann@example.org": "OWNER" });
    expect([...(fake.groups.get(email)?.aliases ?? [])]).toEqual(["sailors@example.org"]);
  });

  test("shuts every way in, and nobody posts", async () => {
    const { apply, fake } = setUp();
    await apply(crew);
    await apply(retired("closed"));

    expect(fake.groups.get(email)?.settings).toMatchObject({
      allowExternalMembers: "false",
      archiveOnly: "true",
      primaryLanguage: "en",
      whoCanJoin: "INVITED_CAN_JOIN",
      whoCanModerateMembers: "NONE",
      whoCanPostMessage: "NONE_CAN_POST",
    });
  });

  test("is done once, and undone by taking the retirement back", async () => {
    const { apply, review, roles } = setUp();
    await apply(crew);
    await apply(retired("closed"));
    expect((await review(retired("closed")))?.steps).toEqual([]);

    await apply(crew);
    expect(roles()).toEqual({ "ann@example.org": "OWNER", "bea@example.org": "MANAGER", "cat@example.org": "MEMBER" });
    expect((await review(crew))?.steps).toEqual([]);
  });

  test("lets owners from outside the domain stay", async () => {
    const { apply, review, roles } = setUp();
    const outside = { ...crew, owners: ["olga@example.com"] };
    await apply(outside);
    await apply(retired("closed", outside));

    expect(roles()).toEqual({ "olga@example.com": "OWNER" });
    expect((await review(retired("closed", outside)))?.steps).toEqual([]);
  });

  test("keeps the address taken when there was no such group yet", async () => {
    const { apply, fake, roles } = setUp();
    await apply(retired("closed"));

    expect(fake.groups.has(email)).toBe(true);
    expect(roles()).toEqual({ "ann@example.org": "OWNER" });
  });

  test("is named in the review, with how many leave", async () => {
    const { apply, review } = setUp();
    await apply(crew);
    const seen = await review(retired("closed"));

    expect(seen?.retired).toBe("closed");
    expect(formatReview(seen ?? { email, exists: true, steps: [], risks: [] }).slice(0, 2)).toEqual([
      `~ ${email}  (retired: only its owners stay, and nobody joins or posts)`,
      "!   retired: 2 of 3 members are removed",
    ]);
  });
});

describe("deleting a group", () => {
  test("takes a closed group away, and finds nothing to do after that", async () => {
    const { apply, fake, review } = setUp();
    await apply(retired("closed"));
    const seen = await review(retired("deleted"));
    const first = await apply(retired("deleted"));
    const second = await apply(retired("deleted"));

    expect(seen && formatReview(seen)).toEqual([
      `- ${email}  (retired: it is deleted)`,
      "!   deleted with its messages: Google can not bring it back, and others may get the address",
    ]);
    expect([first.outcome, second.outcome, fake.groups.has(email)]).toEqual(["changed", "unchanged", false]);
  });

  test("fails while somebody is in it, and names them", async () => {
    const { apply, fake } = setUp();
    await apply(crew);
    const { failures } = await apply(retired("deleted"));

    expect(failures.map(({ step, message }) => [step, message])).toEqual([
      [
        "delete the group",
        'bea@example.org, cat@example.org would lose it: deploy its retirement with "step: closed" first',
      ],
    ]);
    expect(fake.groups.has(email)).toBe(true);
  });

  test("fails for a group that was never closed, though nobody but its owners is in it", async () => {
    const { apply, fake, review } = setUp();
    const empty = { ...crew, managers: [], members: [] };
    await apply(empty);
    const seen = await review(retired("deleted", empty));
    const { failures } = await apply(retired("deleted", empty));

    expect(seen?.risks.map(({ why }) => why)).toContain(
      "not deleted while messages can be posted to it: deploy step closed first",
    );
    expect(failures.map(({ message }) => message)).toEqual([
      'messages can still be posted to it: deploy its retirement with "step: closed" first',
    ]);
    expect(fake.groups.has(email)).toBe(true);
  });

  test("never deletes another group that has the address as an alias", async () => {
    const { apply, fake } = setUp();
    fake.seed("fleet@example.org", { "ann@example.org": "OWNER" });
    fake.groups.get("fleet@example.org")?.aliases.add(email);
    const { failures } = await apply(retired("deleted"));

    expect(failures[0]?.message).toContain("is an alias of the group fleet@example.org");
    expect(fake.groups.has("fleet@example.org")).toBe(true);
  });
});
