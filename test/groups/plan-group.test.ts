import { planGroup } from "../../lib/groups/plan-group";
import { stepTitle } from "../../lib/groups/steps";
import { desired, observed } from "./fixtures";

const titles = (...args: Parameters<typeof planGroup>) => planGroup(...args).map(stepTitle);

describe("planGroup", () => {
  test.each([
    {
      when: "nothing differs",
      want: desired({
        owners: ["a@example.org"],
        members: ["b@example.com"],
        settings: { whoCanJoin: "INVITED_CAN_JOIN" },
      }),
      have: observed(
        { "a@example.org": "OWNER", "b@example.com": "MEMBER" },
        { settings: { whoCanJoin: "INVITED_CAN_JOIN", isArchived: "true" } },
      ),
      steps: [],
    },
    {
      when: "the group is missing",
      want: desired({
        members: ["b@example.com"],
        owners: ["a@example.org"],
        aliases: ["team@example.org"],
        settings: { whoCanJoin: "INVITED_CAN_JOIN" },
      }),
      have: undefined,
      steps: [
        "create the group",
        "set whoCanJoin=INVITED_CAN_JOIN",
        "add the alias team@example.org",
        "add a@example.org as OWNER",
        "add b@example.com as MEMBER",
      ],
    },
    {
      when: "addresses differ in case only",
      want: desired({ members: ["Bob@Example.com"] }),
      have: observed({ "bob@example.com": "MEMBER" }),
      steps: [],
    },
    {
      when: "an account has two spellings at Google",
      want: desired({ members: ["bob@gmail.com"] }),
      have: observed({ "bob@googlemail.com": "MEMBER" }),
      steps: ["add bob@gmail.com as MEMBER", "remove bob@googlemail.com, MEMBER"],
    },
    {
      when: "a role changes",
      want: desired({ managers: ["a@example.org"] }),
      have: observed({ "a@example.org": "MEMBER" }),
      steps: ["make a@example.org MANAGER, from MEMBER"],
    },
    {
      when: "the owners change hands",
      want: desired({ owners: ["new@example.org", "promoted@example.org"], members: ["old@example.org"] }),
      have: observed({
        "old@example.org": "OWNER",
        "gone@example.org": "OWNER",
        "promoted@example.org": "MEMBER",
        "left@example.org": "MEMBER",
      }),
      steps: [
        "make promoted@example.org OWNER, from MEMBER",
        "add new@example.org as OWNER",
        "remove left@example.org, MEMBER",
        "make old@example.org MEMBER, from OWNER",
        "remove gone@example.org, OWNER",
      ],
    },
    {
      when: "members are not reconciled: unlisted members stay, unlisted owners and managers go",
      want: desired({ reconcileMembers: false, members: ["a@example.org"] }),
      have: observed({
        "x@example.org": "MEMBER",
        "y@example.org": "MANAGER",
        "z@example.org": "OWNER",
        "a@example.org": "MEMBER",
      }),
      steps: ["remove y@example.org, MANAGER", "remove z@example.org, OWNER"],
    },
    {
      when: "members are not reconciled: a listed member with a stronger role is brought down",
      want: desired({ reconcileMembers: false, members: ["a@example.org"] }),
      have: observed({ "a@example.org": "OWNER" }),
      steps: ["make a@example.org MEMBER, from OWNER"],
    },
    {
      when: "an address is listed in two roles: the stronger one counts",
      want: desired({ owners: ["a@example.org"], members: ["a@example.org"] }),
      have: observed({ "a@example.org": "OWNER" }),
      steps: [],
    },
    {
      when: "aliases are declared: exactly these",
      want: desired({ aliases: ["b@example.org", "A@example.org"] }),
      have: observed({}, { aliases: ["a@example.org", "old@example.org"] }),
      steps: ["add the alias b@example.org", "remove the alias old@example.org"],
    },
    {
      when: "aliases are not declared: they stay",
      want: desired(),
      have: observed({}, { aliases: ["old@example.org"] }),
      steps: [],
    },
    {
      when: "name and description differ",
      want: desired({ name: "Crew", description: "who sails" }),
      have: observed({}, { description: "who rows" }),
      steps: ["change its name and description"],
    },
    {
      when: "a description differs in its line ends and last newline only",
      want: desired({ description: "one\ntwo\n" }),
      have: observed({}, { description: "one\r\ntwo" }),
      steps: [],
    },
    {
      when: "only undeclared settings differ",
      want: desired({ settings: { whoCanJoin: "INVITED_CAN_JOIN" } }),
      have: observed({}, { settings: { whoCanJoin: "INVITED_CAN_JOIN", whoCanPostMessage: "ANYONE_CAN_POST" } }),
      steps: [],
    },
    {
      when: "everyone in the organization is a member that nobody declares",
      want: desired({ members: ["a@example.org"] }),
      have: observed({ C03: "MEMBER", "a@example.org": "MEMBER" }),
      steps: ["remove C03, MEMBER"],
    },
  ])("when $when", ({ want, have, steps }) => {
    expect(titles(want, have)).toEqual(steps);
  });

  test("says from which value a setting changes", () => {
    const want = desired({ settings: { whoCanJoin: "INVITED_CAN_JOIN", isArchived: "true" } });
    const have = observed({}, { settings: { whoCanJoin: "ANYONE_CAN_JOIN" } });
    expect(planGroup(want, have)).toEqual([
      {
        kind: "set",
        changes: [
          { key: "isArchived", to: "true" },
          { key: "whoCanJoin", from: "ANYONE_CAN_JOIN", to: "INVITED_CAN_JOIN" },
        ],
      },
    ]);
  });
});
