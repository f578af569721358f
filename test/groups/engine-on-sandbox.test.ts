import { googleGroups } from "../../lib/cloud/google-groups";
import { applyGroups } from "../../lib/groups/apply-groups";
import { reviewGroups } from "../../lib/groups/review-groups";
import { groupsServices, groupsSession } from "../../lib/groups/session";
import { effectiveSettings } from "../../lib/model/group-settings";
import { type RunningSandbox, startSandbox } from "../../sandbox/server";
import { desired, jumpingClock } from "./fixtures";

let running: RunningSandbox;
beforeEach(async () => {
  running = await startSandbox();
});
afterEach(() => running.close());

const session = (env: Readonly<Record<string, string>> = running.env) =>
  groupsSession(groupsServices({ ...googleGroups({ env }), requestsPerMinute: 1e9, clock: jumpingClock() }));

const want = [
  desired({
    settings: effectiveSettings({ whoCanPostMessage: "ANYONE_CAN_POST" }),
    owners: ["ann@example.org"],
    members: ["kim@example.com", "sub@example.org"],
    aliases: ["sailors@example.org"],
  }),
  desired({ email: "sub@example.org", name: "sub", members: ["Bea@example.org"] }),
];

async function control(path: string, body: object, method = "POST"): Promise<void> {
  const answer = await fetch(`${running.url}/sandbox/v1/${path}`, { method, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(await answer.text());
}

test("groups are made over HTTP, and then there is nothing to do", async () => {
  expect(await applyGroups(session(), want)).toMatchObject([
    { outcome: "changed", failures: [] },
    { outcome: "changed", failures: [] },
  ]);
  expect(await reviewGroups(session(), want)).toMatchObject([{ steps: [] }, { steps: [] }]);
});

test("allowExternalMembers that turns by itself is turned back", async () => {
  await control("behaviour", { revertExternalMembersOnce: true }, "PATCH");
  const results = await applyGroups(session(), want);
  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  expect(await reviewGroups(session(), want)).toMatchObject([{ steps: [] }, { steps: [] }]);
});

test("a member from outside that a group does not take is refused with what to do, and stops nobody else", async () => {
  const closed = desired({
    settings: effectiveSettings({ allowExternalMembers: "false" }),
    members: ["kim@example.com", "ann@example.org"],
  });

  expect(await applyGroups(session(), [closed])).toMatchObject([
    {
      failures: [
        {
          step: "add kim@example.com as MEMBER",
          message: expect.stringMatching(
            /^directory\.members\.insert: HTTP 412: .*\. AllowExternalMembers is "false" here: write "true", or take kim@example\.com out$/,
          ),
        },
      ],
    },
  ]);
  expect(await reviewGroups(session(), [closed])).toMatchObject([{ steps: [{ address: "kim@example.com" }] }]);
});

test.each([
  { fault: { status: 503 } },
  { fault: { status: 429, headers: { "retry-after": "0" } } },
  { fault: { reset: "before" } },
  { fault: { reset: "after" } },
])("every third call fails with $fault and the run still ends well", async ({ fault }) => {
  await control("faults", { every: 3, match: { path: "^/(admin|groups)/" }, action: fault });
  const results = await applyGroups(session(), want);
  expect(results.flatMap(({ failures }) => failures)).toEqual([]);
  const answer = await fetch(`${running.url}/sandbox/v1/faults`);
  expect(JSON.parse(await answer.text()).faults[0].struck).toBeGreaterThan(3);
});

test("a caller who does not administer groups is told so once for each group, without retries", async () => {
  const env = { ...running.env, GOOGLE_OAUTH_ACCESS_TOKEN: "user:eve@example.org" };
  const results = await applyGroups(session(env), want);
  expect(results.map(({ failures }) => failures)).toMatchObject([
    [{ message: expect.stringContaining("HTTP 403") }],
    [{ message: expect.stringContaining("HTTP 403") }],
  ]);
});
