import { formatReview, reviewGroup } from "../../lib/groups/review";
import { desired, observed } from "./fixtures";

test("a review shows who comes and goes by role, settings from and to, and marks what is risky", () => {
  const want = desired({
    description: "who sails",
    settings: {
      allowExternalMembers: "true",
      whoCanViewGroup: "ALL_MEMBERS_CAN_VIEW",
      whoCanPostMessage: "ANYONE_CAN_POST",
    },
    owners: ["captain@example.org", "pirate@example.com"],
    members: ["mate@example.org", "cook@example.com"],
    aliases: ["sailors@example.org"],
  });
  const have = observed(
    { "captain@example.org": "MEMBER", "mate@example.org": "MANAGER", "old@example.org": "OWNER" },
    {
      settings: {
        allowExternalMembers: "false",
        whoCanViewGroup: "ANYONE_CAN_VIEW",
        whoCanPostMessage: "ALL_MEMBERS_CAN_POST",
      },
    },
  );
  expect(formatReview(reviewGroup(want, have)).join("\n")).toBe(`~ crew@example.org
    description: "" -> "who sails"
    settings
!     ~ allowExternalMembers: false -> true  (people outside the organization may be members)
!     ~ whoCanPostMessage: ALL_MEMBERS_CAN_POST -> ANYONE_CAN_POST  (anyone on the Internet can write to every member)
      ~ whoCanViewGroup: ANYONE_CAN_VIEW -> ALL_MEMBERS_CAN_VIEW
    aliases
      + sailors@example.org
    owners
      ~ captain@example.org  was MEMBER
!     + pirate@example.com  (OWNER from outside the domain: may change who is a member)
      - old@example.org
    members
      ~ mate@example.org  was MANAGER
      + cook@example.com`);
});

test("a new group is shown whole", () => {
  const review = reviewGroup(
    desired({ members: ["mate@example.org"], settings: { whoCanJoin: "ANYONE_CAN_JOIN" } }),
    undefined,
  );
  expect(formatReview(review)).toEqual([
    "+ crew@example.org  (new group)",
    '    name: "crew"',
    "    settings",
    "!     + whoCanJoin: ANYONE_CAN_JOIN  (anyone on the Internet can join without being asked)",
    "    members",
    "      + mate@example.org",
  ]);
});

test("a new group is not risky by default settings", () => {
  const settings = { allowExternalMembers: "true", whoCanJoin: "INVITED_CAN_JOIN" };
  expect(reviewGroup(desired({ settings }), undefined).risks).toEqual([]);
  expect(reviewGroup(desired({ settings }), observed()).risks).toMatchObject([{ subject: "allowExternalMembers" }]);
});

test("nothing is shown of a group that stays as it is", () => {
  expect(formatReview(reviewGroup(desired(), observed()))).toEqual([]);
});

test.each([
  { when: "nobody would be left", members: [], found: 3, why: "nobody is left: all 3 members are removed" },
  { when: "most members would go", members: ["m0@example.org"], found: 7, why: "6 of 7 members are removed" },
])("a review warns when $when", ({ members, found, why }) => {
  const have = observed(
    Object.fromEntries(Array.from({ length: found }, (_, index) => [`m${index}@example.org`, "MEMBER"])),
  );
  expect(reviewGroup(desired({ members }), have).risks).toEqual([{ subject: "crew@example.org", why }]);
});

test("a review warns when a group loses its last owner", () => {
  const { risks } = reviewGroup(desired({ members: ["a@example.org"] }), observed({ "a@example.org": "OWNER" }));
  expect(risks).toEqual([{ subject: "crew@example.org", why: "the group will have no owner" }]);
});

test("texts of others can not drive the reviewer's terminal", () => {
  const lines = formatReview(reviewGroup(desired({ name: "x\u001b[2Jy" }), observed({}, { name: "a\nb" })));
  expect(lines[1]).toBe('    name: "a\\nb" -> "x\\u001b[2Jy"');
});
