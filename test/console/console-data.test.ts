import type { SandboxClient } from "../sandbox-services/sandbox-client";
import { HOSTILE_NAMES, startEstate, upload } from "./estate";

let client: SandboxClient;

beforeAll(async () => {
  client = await startEstate();
});
afterAll(() => client.close());

/** The console asks without credentials: whoever reaches the loopback address runs the sandbox. */
async function data(path: string) {
  const { status, body } = await client.get(`/sandbox/v1/console/${path}`, null);
  expect(status).toBe(200);
  return body;
}

test("the page may load its own parts and nothing else", async () => {
  const response = await fetch(client.url);

  expect(response.headers.get("content-type")).toBe("text/html; charset=utf-8");
  const policy = response.headers.get("content-security-policy");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`script-src ${client.url}/sandbox/v1/console/page/;`);
});

test.each(["/", "/sandbox/v1/state"])("HEAD %s answers as GET does, without the body", async (path) => {
  const got = await fetch(client.url + path);
  const head = await fetch(client.url + path, { method: "HEAD" });

  for (const name of ["content-type", "content-length"]) expect(head.headers.get(name)).toBe(got.headers.get(name));
  expect([head.status, await head.text()]).toEqual([200, ""]);
});

test.each([
  "../console.ts",
  "..%2fconsole.ts",
  "views/../../console.ts",
  "missing.js",
  "/etc/passwd",
  "console.html%00",
])("%s is no part of the page", async (path) => {
  const { status } = await client.get(`/sandbox/v1/console/page/${path}`, null);
  expect(status).toBe(404);
});

test("pages of other origins can't use what the console uses", async () => {
  const faults = `${client.url}/sandbox/v1/faults`;
  const request = { method: "POST", body: JSON.stringify({ action: { status: 503 } }) };
  const foreign = await fetch(faults, { ...request, headers: { origin: "http://evil.example.org" } });
  const opaque = await fetch(faults, { ...request, headers: { origin: "null" } });

  expect([foreign.status, opaque.status]).toEqual([403, 403]);
});

test("links to public objects lead to their bytes, whatever they are called", async () => {
  const all = [];
  for (const prefix of ["", '"><script>document.title="taken"</', "dir/<b>bold</b>/", "up/../../"]) {
    const { items } = await data(`objects?bucket=k8s-staging-kops&prefix=${encodeURIComponent(prefix)}`);
    all.push(...items);
  }

  expect(all.map(({ name }) => name).sort()).toEqual([...HOSTILE_NAMES].sort());
  for (const { url } of all) expect(await (await fetch(url)).text()).toBe("hello");
});

test("a filter finds rows by any of their words", async () => {
  const { items } = await data("iam?q=outer%20viewer");

  expect(items).toEqual([
    { resource: "projects/k8s-staging-kops", role: "roles/viewer", member: "group:outer@example.org", condition: "" },
  ]);
  expect((await data("projects?q=nothing-like-it")).total).toBe(0);
});

test("published are the public files with a recorded hash", async () => {
  const { items, total } = await data("published");

  expect(total).toBe(1);
  expect(items[0]).toMatchObject({ bucket: "artifacts-prod", name: "kops/1.25.4/linux/amd64/kops", size: 5 });
});

test("the version changes with what the sandbox holds", async () => {
  const before = await data("version");
  expect((await data("version")).version).toBe(before.version);

  await upload(client, "k8s-staging-kops", "one-more");
  expect((await data("version")).version).not.toBe(before.version);
});

test("groups that contain each other are shown once each", async () => {
  const { members } = await data("group?email=outer@example.org");

  expect(members).toEqual([
    {
      email: "inner@example.org",
      role: "MEMBER",
      type: "GROUP",
      members: [{ email: "alice@example.org", role: "OWNER", type: "USER" }],
    },
  ]);
});
