import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { type RunningSandbox, startSandbox } from "../../sandbox/server";
import { writeInputs } from "./inputs";

const root = join(__dirname, "..", "..");
const { build } = require(join(root, "bin", "build.cjs")) as { readonly build: () => number };

let inputs: string;
let sandbox: RunningSandbox;
beforeAll(() => void build());
beforeEach(async () => {
  inputs = writeInputs();
  sandbox = await startSandbox();
});
afterEach(async () => {
  rmSync(inputs, { recursive: true });
  await sandbox.close();
});

interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function start(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): ChildProcessByStdio<null, Readable, Readable> {
  return spawn(process.execPath, [join(root, "dist/lib/cli/artifacts.js"), "groups", ...args, "--root", inputs], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function artifacts(args: readonly string[], env: Readonly<Record<string, string>> = sandbox.env): Promise<Run> {
  const child = start(args, env);
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk) => (out += chunk));
  child.stderr.on("data", (chunk) => (err += chunk));
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

async function control(path: string, body?: object): Promise<string> {
  const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const answer = await fetch(`${sandbox.url}/sandbox/v1/${path}`, request);
  const text = await answer.text();
  if (!answer.ok) throw new Error(text);
  return text;
}

async function requests(): Promise<readonly { readonly path: string }[]> {
  return JSON.parse(await control("requests")).requests;
}

test("groups are compared, applied, and then as declared", async () => {
  const before = await artifacts(["diff"]);
  expect(before).toMatchObject({ code: 1, out: expect.stringContaining("+ builders@example.org  (new group)") });
  expect(before.out).toContain("0 groups as declared, 5 to change");

  expect(await artifacts(["apply"])).toMatchObject({ code: 1, out: expect.stringContaining("Nothing was changed.") });
  expect((await artifacts(["diff"])).out).toContain("5 to change");

  const applied = await artifacts(["apply", "--confirm"]);
  expect(applied).toMatchObject({
    code: 0,
    out: expect.stringContaining("5 groups changed, 0 as declared already, 0 failed"),
  });
  expect(await artifacts(["diff"])).toMatchObject({ code: 0, out: "5 groups as declared, 0 to change\n" });
});

test.each([3, 11, 20])("an apply that is killed after %d calls is finished by the next one", async (calls) => {
  await control("faults", { match: { path: "^/(admin|groups)/" }, action: { latencyMs: 20 } });
  const child = start(["apply", "--confirm"], sandbox.env);
  const closed = new Promise((resolve) => child.once("close", (_code, signal) => resolve(signal)));
  for (let made = 0; made < calls && child.exitCode === null; )
    made = (await requests()).filter(({ path }) => /^\/(admin|groups)\//.test(path)).length;
  child.kill("SIGKILL");
  expect(await closed).toBe("SIGKILL");

  expect(await artifacts(["apply", "--confirm"])).toMatchObject({ code: 0, out: expect.stringContaining("0 failed") });
  expect(await artifacts(["diff"])).toMatchObject({ code: 0 });
});

test("one group is asked for by the first half of its address", async () => {
  const { out } = await artifacts(["diff", "builders", "--json"]);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    groups: [{ email: "builders@example.org", exists: false }],
    undeclared: [],
  });
});

test("a live group that nothing declares is named and left alone", async () => {
  const answer = await fetch(`${sandbox.url}/admin/directory/v1/groups`, {
    method: "POST",
    headers: { authorization: "Bearer user:owner@example.org", "content-type": "application/json" },
    body: JSON.stringify({ email: "stray@example.org" }),
  });
  expect(answer.ok).toBe(true);
  await artifacts(["apply", "--confirm"]);
  expect(await artifacts(["diff"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("warning: stray@example.org: a live group that nothing declares"),
  });
});

test("the only alias of a group moves to another one once the giver lists none", async () => {
  const write = (builders: string, viewers: string) => {
    const text = readFileSync(join(inputs, "groups/groups.yaml"), "utf8")
      .replace(/(name: builders, description: a,)( aliases: \[.*?\],)?/, `$1${builders}`)
      .replace(/(name: viewers, description: a,)( aliases: \[.*?\],)?/, `$1${viewers}`);
    writeFileSync(join(inputs, "groups/groups.yaml"), text);
  };
  const taken = " aliases: [makers@example.org],";
  await artifacts(["apply", "--confirm"]);

  write("", taken);
  expect(await artifacts(["apply", "--confirm"])).toMatchObject({
    code: 1,
    out: expect.stringContaining('list the aliases that builders@example.org keeps, "aliases: []" for none'),
  });
  write(" aliases: [],", taken);
  expect((await artifacts(["diff", "builders"])).out).toContain("- makers@example.org");
  expect(await artifacts(["apply", "--confirm"])).toMatchObject({ code: 0 });
  expect(await artifacts(["diff", "builders", "viewers"])).toMatchObject({ code: 0 });
});

test("a retired group is closed, then deleted, and every command says so", async () => {
  const retire = (step: string) => {
    const file = join(inputs, "groups/groups.yaml");
    const text = readFileSync(file, "utf8").replace(
      /(name: everyone,)( retired: \{.*?\},)?/,
      `$1 retired: {since: 2026-05-01, step: ${step}},`,
    );
    writeFileSync(file, text);
  };
  await artifacts(["apply", "--confirm"]);
  retire("closed");
  expect(await artifacts(["diff", "everyone"])).toMatchObject({
    code: 1,
    out: expect.stringContaining("~ everyone@example.org  (retired: only its owners stay, and nobody joins or posts)"),
  });
  await artifacts(["apply", "--confirm"]);
  expect(await artifacts(["diff"])).toMatchObject({ code: 0, out: expect.stringContaining("1 of them retired") });
  expect((await artifacts(["show", "everyone"])).out).toContain("retired since 2026-05-01, closed");
  expect((await artifacts(["who", "staging-kiln@example.org"])).out).toContain(
    "everyone@example.org  retired since 2026-05-01, closed, groups/groups.yaml:5",
  );

  retire("deleted");
  expect((await artifacts(["apply", "--confirm"])).out).toContain("everyone@example.org\n    delete the group");
  expect(await artifacts(["diff"])).toMatchObject({ code: 0 });
});

test.each([
  { who: "without the right to it", token: "user:eve@example.net", says: "HTTP 403", ends: 1 },
  { who: "whom nobody knows", token: "nobody", says: "HTTP 401", ends: 3 },
])("a caller $who is told so once, and who Google took them for", async ({ token, says, ends }) => {
  const env = { ...sandbox.env, GOOGLE_OAUTH_ACCESS_TOKEN: token };
  for (const [args, doing] of [
    [["apply", "--confirm"], "could not read the group: "],
    [["diff"], ""],
  ] as const) {
    const { code, out, err } = await artifacts(args, env);
    expect(code).toBe(ends);
    expect(out.match(/^error: .*/gm)).toEqual([
      expect.stringMatching(new RegExp(`^error: all \\d+ groups: ${doing}directory\\.groups\\.get: ${says}`)),
    ]);
    expect(err).toBe("asked as: access token of the environment\n");
  }
});

test("a caller without credentials is told so before anything is tried, and how to get some", async () => {
  const env = { HOME: inputs, NO_GCE_CHECK: "true", METADATA_SERVER_DETECTION: "none" };
  const { code, out, err } = await artifacts(["apply", "--confirm"], env);

  expect([code, out]).toEqual([3, ""]);
  expect(err).toMatch(/^artifacts: Google's groups: no credentials: Could not load .*\. Log in with gcloud .*\n$/);
});

test("an apply that could read its only group, and not add a member, has failed and not been idle", async () => {
  const file = join(inputs, "groups/groups.yaml");
  expect(await artifacts(["apply", "--confirm", "viewers"])).toMatchObject({ code: 0 });
  writeFileSync(file, readFileSync(file, "utf8").replace("viv@example.org", "viv@example.org, zoe@example.com"));
  await control("faults", {
    match: { method: "POST", path: "/groups/viewers@example.org/members" },
    action: { status: 400 },
  });

  expect(await artifacts(["apply", "--confirm", "viewers"])).toMatchObject({ code: 1, err: "" });
});

test("a quota in the environment that is no number is refused as bad usage", async () => {
  const env = { ...sandbox.env, ARTIFACTS_GROUPS_REQUESTS_PER_MINUTE: "many" };
  expect(await artifacts(["diff"], env)).toMatchObject({
    code: 2,
    err: "artifacts: ARTIFACTS_GROUPS_REQUESTS_PER_MINUTE many: expected a whole number above 0\n",
  });
});

test("show and who need neither network nor credentials", async () => {
  const nobody = { HTTPS_PROXY: "http://127.0.0.1:9" };
  const shown = await artifacts(["show", "staging-kiln", "--json"], nobody);
  expect(JSON.parse(shown.out).groups).toMatchObject([
    {
      email: "staging-kiln@example.org",
      memberOf: ["everyone@example.org"],
      settings: { whoCanJoin: "INVITED_CAN_JOIN" },
    },
  ]);
  const told = await artifacts(["who", "bob@example.com"], nobody);
  expect(told).toMatchObject({
    code: 0,
    out: expect.stringContaining("through builders@example.org in staging-kiln@example.org"),
  });
  expect(JSON.parse((await artifacts(["who", "bob@example.com", "--json"], nobody)).out).groups).toHaveLength(3);
});

test("a mistake in a manifest holds up nobody who asks about groups; one in the groups does", async () => {
  mkdirSync(join(inputs, "manifests/x-staging-gone"));
  writeFileSync(join(inputs, "manifests/x-staging-gone/v1.yaml"), "files: [{name: ../x}]\n");
  expect(await artifacts(["who", "bob@example.com"])).toMatchObject({
    code: 0,
    out: expect.stringContaining("builders@example.org"),
    err: "3 mistakes in manifests left aside: npx artifacts validate tells more.\n",
  });
  writeFileSync(join(inputs, "groups/groups.yaml"), "groups: [{}]\n");
  const refused = await artifacts(["who", "bob@example.com"]);
  expect(refused).toMatchObject({
    code: 2,
    out: "",
    err: expect.stringContaining("groups[0].email-id: is required"),
  });
  expect(refused.err).not.toContain("x-staging-gone");
});

test.each([
  { args: ["show", "bilders"], says: 'no such group is declared. Did you mean "builders"?' },
  { args: ["who", "bob"], says: '"bob" is not an e-mail address' },
  { args: ["diff", "--requests-per-minute", "none"], says: "expected a whole number above 0" },
  { args: ["diff", "--subject", "nobody"], says: '--subject: "nobody" is not an e-mail address' },
  { args: ["diff", "--service-account", "a@example.org"], says: "is not a service account's address" },
  { args: ["diff", "--subject", "bot@example.org"], says: "can't be made to act as bot@example.org" },
])("$args is refused as bad usage", async ({ args, says }) => {
  expect(await artifacts(args)).toMatchObject({ code: 2, out: "", err: expect.stringContaining(says) });
});
