import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { TokenSource } from "../../lib/cloud/auth";
import { googleDirectory } from "../../lib/cloud/directory";
import { googleCaller } from "../../lib/cloud/google-caller";
import { googleGroupSettings } from "../../lib/cloud/group-settings";
import { applyGroup } from "../../lib/groups/apply-group";
import { reviewGroups } from "../../lib/groups/review-groups";
import { groupsServices, groupsSession } from "../../lib/groups/session";
import { type RunningSandbox, startSandbox } from "../../sandbox/server";
import { desired, email, jumpingClock } from "./fixtures";

interface Answer {
  readonly status?: number;
  readonly type?: string;
  readonly body?: string;

  /** Cuts the connection in the middle of the body. */
  readonly cut?: boolean;

  /** Sends nothing more after this, and keeps the connection. */
  readonly silentAfter?: "request" | "head";
}

/** What to answer instead of the sandbox: called for each request, which it passes on by returning undefined. */
type Odd = (request: string, token: string, query: URLSearchParams) => Answer | undefined;

let sandbox: RunningSandbox;
let proxy: Server;
let odd: Odd;
let seen: string[];

beforeEach(async () => {
  sandbox = await startSandbox();
  odd = () => undefined;
  seen = [];
  proxy = createServer((request, response) => void pass(request, response));
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
});

afterEach(async () => {
  proxy.closeAllConnections();
  await new Promise((resolve) => proxy.close(resolve));
  await sandbox.close();
});

async function pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const url = new URL(request.url ?? "", sandbox.url);
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const named = `${request.method} ${url.pathname}`;
  seen.push(named);
  const authorization = request.headers.authorization ?? "";
  const answer = odd(named, authorization.replace("Bearer ", ""), url.searchParams);
  if (answer !== undefined) {
    const { status = 200, type = "application/json", body = "", cut = false, silentAfter } = answer;
    if (silentAfter === "request") return;
    response.writeHead(status, { "content-type": type, ...(cut && { "content-length": body.length + 100 }) });
    if (silentAfter === "head") return void response.write(" ");
    if (!cut) return void response.end(body);
    return void response.write(body, () => response.destroy());
  }
  const real = await fetch(url, {
    method: request.method ?? "GET",
    headers: { authorization: "Bearer user:owner@example.org", "content-type": "application/json" },
    ...(parts.length > 0 && { body: Buffer.concat(parts) }),
  });
  response.writeHead(real.status, { "content-type": real.headers.get("content-type") ?? "application/json" });
  response.end(Buffer.from(await real.arrayBuffer()));
}

function session(tokens: readonly string[] = ["fresh"], timeoutSeconds = 60) {
  let current = 0;
  const source: TokenSource = {
    description: "test",
    token: async () => tokens[current],
    renew: (refused) => {
      if (refused !== tokens[current] || current + 1 >= tokens.length) return false;
      current += 1;
      return true;
    },
  };
  const { port } = proxy.address() as AddressInfo;
  const caller = googleCaller({ rootUrl: `http://127.0.0.1:${port}`, tokens: source, timeoutSeconds });
  return groupsSession(
    groupsServices({
      directory: googleDirectory(caller),
      settings: googleGroupSettings(caller),
      requestsPerMinute: 1e9,
      clock: jumpingClock(),
    }),
  );
}

const start = desired({
  description: "who sails",
  settings: { allowExternalMembers: "true", whoCanJoin: "INVITED_CAN_JOIN" },
  owners: ["ann@example.org"],
  managers: ["bea@example.org"],
  members: ["kim@example.com"],
  aliases: ["sailors@example.org"],
});
const want = desired({
  description: "who sails far",
  settings: { allowExternalMembers: "true", whoCanJoin: "CAN_REQUEST_TO_JOIN" },
  owners: ["ann@example.org"],
  members: ["bea@example.org", "zoe@example.com"],
  aliases: ["rowers@example.org"],
});

const group = `/admin/directory/v1/groups/${encodeURIComponent(email)}`;
const settings = `/groups/v1/groups/${encodeURIComponent(email)}`;
const answering = [
  `GET ${group}`,
  `PATCH ${group}`,
  `POST ${group}/aliases`,
  `GET ${group}/members`,
  `POST ${group}/members`,
  `PATCH ${group}/members/`,
  `GET ${settings}`,
  `PATCH ${settings}`,
];

const nonsense: Readonly<Record<string, Answer>> = {
  "an empty body": {},
  "the page of a proxy": { type: "text/html", body: "<!DOCTYPE html><title>Sign in</title>" },
  "JSON that was cut off": { body: '{"kind": "admin#directory#group", "em' },
  "a connection that was cut": { body: '{"kind": "admin#', cut: true },
  "JSON of another kind": { body: '["a"]' },
  "an error page, as 502": { status: 502, type: "text/html", body: "<html>Bad Gateway</html>" },
};

const isCall = (call: string, request: string) =>
  call.endsWith("/") ? request.startsWith(call) : request.split("?")[0] === call;

const cases = answering.flatMap((call) => Object.entries(nonsense).map(([what, answer]) => ({ call, what, answer })));

test.each(cases)("$what, once, in answer to $call leaves no trace", async ({ call, answer }) => {
  await applyGroup(session(), start);
  let struck = 0;
  odd = (request) => (isCall(call, request) && struck++ === 0 ? answer : undefined);
  const result = await applyGroup(session(), want);

  expect(struck).toBeGreaterThan(0);
  expect(result.failures).toEqual([]);
  odd = () => undefined;
  expect(await reviewGroups(session(), [want])).toMatchObject([{ steps: [] }]);
});

test.each(cases)("$what, always, in answer to $call is a failure", async ({ call, answer }) => {
  await applyGroup(session(), start);
  odd = (request) => (isCall(call, request) ? answer : undefined);
  const { outcome, failures } = await applyGroup(session(), want);

  expect(outcome).toBe("failed");
  expect(failures[0]?.message).toMatch(/^(directory|groupssettings)\.[\w.]+: (no answer|HTTP 502): /);
});

test.each([`DELETE ${group}/members/`, `DELETE ${group}/aliases/`])(
  "the page of a proxy in answer to %s is no removal",
  async (call) => {
    await applyGroup(session(), { ...start, managers: ["dan@example.org"] });
    odd = (request) => (isCall(call, request) ? nonsense["the page of a proxy"] : undefined);
    const { failures } = await applyGroup(session(), want);

    expect(failures[0]?.message).toContain("expected nothing in the answer");
  },
);

test("a group is never taken for empty because its list of members can't be read", async () => {
  await applyGroup(session(), start);
  odd = (request) => (isCall(`GET ${group}/members`, request) ? { body: "" } : undefined);

  expect(await reviewGroups(session(), [start])).toMatchObject([
    { message: "directory.members.list: no answer: expected a JSON object in the answer, it is empty" },
  ]);
});

test.each(["request", "head"] as const)(
  "silence after the %s ends by itself, and the call is made again",
  async (silentAfter) => {
    let struck = 0;
    odd = () => (struck++ < 2 ? { silentAfter } : undefined);
    const result = await applyGroup(session(["fresh"], 0.5), start);

    expect(result).toMatchObject({ outcome: "changed", failures: [] });
    expect(struck).toBeGreaterThan(2);
  },
);

test("a call that is never answered is given up after the third attempt", async () => {
  odd = () => ({ silentAfter: "request" });
  const { failures } = await applyGroup(session(["fresh"], 0.1), start);

  expect(failures).toMatchObject([{ step: "read the group" }]);
  expect(seen).toHaveLength(3);
});

test("a token that expires under way is renewed once, and the run goes on", async () => {
  odd = (_, token) => (token === "old" ? { status: 401, body: '{"error": {"message": "expired"}}' } : undefined);
  const result = await applyGroup(session(["old", "new"]), start);

  expect(result).toMatchObject({ outcome: "changed", failures: [] });
});

test("a token that stays refused is told, and not asked about again and again", async () => {
  odd = () => ({ status: 401, type: "text/html", body: "<html>Unauthorized</html>" });
  const { failures } = await applyGroup(session(["old", "older"]), start);

  expect(failures).toMatchObject([{ step: "read the group" }]);
  expect(failures[0]?.message).toMatch(/^directory\.groups\.get: HTTP 401: /);
  expect(seen).toHaveLength(2);
});

test("a permission that an error page refuses is not asked for again", async () => {
  odd = () => ({ status: 403, type: "text/html", body: "<html>Forbidden</html>" });
  const { failures } = await applyGroup(session(), start);

  expect(failures[0]?.message).toMatch(/HTTP 403/);
  expect(seen).toHaveLength(1);
});

const page = (names: readonly string[], next?: string) => ({
  body: JSON.stringify({
    kind: "admin#directory#members",
    members: names.map((name) => ({ id: name, email: `${name}@example.org`, role: "MEMBER", type: "USER" })),
    ...(next !== undefined && { nextPageToken: next }),
  }),
});

test("a list whose pages lead in a circle is a failure", async () => {
  await applyGroup(session(), start);
  odd = (request, _, query) => {
    if (!isCall(`GET ${group}/members`, request)) return undefined;
    return page(["ann"], query.get("pageToken") === "b" ? "a" : "b");
  };

  expect(await reviewGroups(session(), [start])).toMatchObject([
    { message: expect.stringContaining("Google's list does not end") },
  ]);
});

test("a member that moves to another page while they are read counts once", async () => {
  await applyGroup(session(), start);
  odd = (request, _, query) => {
    if (!isCall(`GET ${group}/members`, request)) return undefined;
    return query.get("pageToken") === null ? page(["ann", "bob"], "b") : page(["bob", "cat"]);
  };
  const [review] = await reviewGroups(session(), [desired({ members: ["ann@example.org"] })]);

  expect(review).toMatchObject({
    steps: [
      { kind: "remove", address: "bob@example.org" },
      { kind: "remove", address: "cat@example.org" },
    ],
  });
});

test.each([
  { call: `GET ${group}/members`, body: { members: "x" } },
  { call: `GET ${group}/members`, body: { members: [null] } },
  { call: `GET ${group}/members`, body: { members: [{ id: "1", email: 7 }] } },
  { call: `GET ${group}/members`, body: { error: { code: 503 } } },
  { call: `GET ${group}`, body: { email, aliases: "x" } },
  { call: `GET ${group}`, body: { email, aliases: [5] } },
  { call: `GET ${group}`, body: { email, description: 5 } },
  { call: `GET ${settings}`, body: { error: { code: 503 } } },
])("$body in answer to $call is no answer, and no group without them", async ({ call, body }) => {
  await applyGroup(session(), start);
  odd = (request) => (isCall(call, request) ? { body: JSON.stringify(body) } : undefined);

  expect(await reviewGroups(session(), [start])).toMatchObject([
    { message: expect.stringMatching(/^[a-z]+\.[a-z.]+: no answer: (expected|the answer has no) /) },
  ]);
});

test("a member without address and id is no member that could be removed", async () => {
  await applyGroup(session(), start);
  odd = (request) =>
    isCall(`GET ${group}/members`, request) ? { body: '{"members": [{"role": "MEMBER"}]}' } : undefined;

  expect(await reviewGroups(session(), [start])).toMatchObject([
    { message: "directory.members.list: no answer: the answer has no id of a member" },
  ]);
});
