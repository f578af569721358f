import { promote } from "../../lib/promotion/engine";
import type { PromotionPlan } from "../../lib/promotion/types";
import type { FaultAction } from "../../sandbox/control/faults";
import { filestore, filestores, hasty, manifest, request, sha256 } from "./support/requests";
import { PRODUCTION, PROMOTER, type SandboxWorld, STAGING, startSandboxWorld } from "./support/sandbox-world";

let world: SandboxWorld;
beforeAll(async () => {
  world = await startSandboxWorld();
});
afterAll(() => world.close());
beforeEach(() => world.clearFaults());

const calls = [
  { call: "listing the destination", method: "GET", path: new RegExp(`/b/${PRODUCTION}/o\\?`) },
  { call: "listing the source", method: "GET", path: new RegExp(`/b/${STAGING}/o\\?`) },
  { call: "reading", method: "GET", path: /alt=media/ },
  { call: "asking for permissions", method: "GET", path: /testPermissions/ },
  { call: "copying", method: "POST", path: /rewriteTo/ },
  { call: "impersonating", method: "POST", path: /generateAccessToken/ },
];

const faults: readonly { fault: string; action: FaultAction }[] = [
  { fault: "429 with Retry-After", action: { status: 429, headers: { "retry-after": "0" } } },
  { fault: "408", action: { status: 408 } },
  { fault: "520, of a proxy", action: { status: 520 } },
  { fault: "503", action: { status: 503 } },
  { fault: "a reset before the effect", action: { reset: "before" } },
  { fault: "a reset after the effect", action: { reset: "after" } },
  { fault: "a truncated answer", action: { truncateAfterBytes: 10 } },
  { fault: "a corrupted byte", action: { corruptByteAt: 5 } },
  { fault: "a stall", action: { stall: true } },
  { fault: "an expired token", action: { status: 401 } },
];

const directory = filestores(
  `gs://${STAGING}/kops`,
  filestore(`gs://${PRODUCTION}/binaries`, { serviceAccount: PROMOTER }),
);
const contents = { small: "a few bytes", large: Buffer.alloc(200_000, "release ") };

let run = 0;
/** Files under names that no other test uses. */
async function release(): Promise<Readonly<Record<string, string | Buffer>>> {
  run += 1;
  const files = Object.fromEntries(Object.entries(contents).map(([name, bytes]) => [`v1.${run}.0/${name}`, bytes]));
  for (const [name, bytes] of Object.entries(files)) await world.put(STAGING, `kops/${name}`, bytes);
  return files;
}

function promoteFiles(files: Readonly<Record<string, string | Buffer>>): Promise<PromotionPlan> {
  return promote(request(directory, manifest(files)), {
    identity: "accounts",
    allowedServiceAccounts: [PROMOTER],
    connect: world.connect,
    retry: hasty,
  });
}

/** Right bytes, or no object at all; and right bytes wherever a line says so. */
async function expectNoWrongByte(plan: PromotionPlan, files: Readonly<Record<string, string | Buffer>>) {
  await world.clearFaults();
  expect(plan.outcomes).toHaveLength(Object.keys(files).length);
  for (const { line, outcome } of plan.outcomes) {
    const name = `binaries/${line.name}`;
    const published = await world.get(PRODUCTION, name);
    if (published !== undefined) expect(sha256(await world.content(PRODUCTION, name))).toBe(line.sha256);
    if (outcome.status !== "failed") expect(published?.metadata.sha256).toBe(line.sha256);
  }
}

describe.each(calls)("$call", ({ method, path }) => {
  test.each(faults)("goes on after $fault", async ({ fault, action }) => {
    const files = await release();
    await world.fault(path, method, action, { times: 1 });

    const plan = await promoteFiles(files);

    await expectNoWrongByte(plan, files);
    // A listing whose byte was changed into another valid one may tell a wrong checksum: that line fails.
    const mayFail = fault === "a corrupted byte" || (fault === "an expired token" && path.source.includes("generate"));
    if (!mayFail) expect(plan.summary).toMatchObject({ copied: 2, failed: 0 });
  });

  test.each(faults)("that always ends in $fault fails its lines and hangs nowhere", async ({ fault, action }) => {
    const files = await release();
    await world.fault(path, method, action);

    const plan = await promoteFiles(files);

    await expectNoWrongByte(plan, files);
    const harmless = fault === "a corrupted byte" || /a truncated answer|408|40/.test(fault);
    if (!harmless && !path.source.includes("rewriteTo")) expect(plan.summary).toMatchObject({ copied: 0, failed: 2 });
  });
});

test("a copy whose answer is lost every time is recognised as our own, byte for byte", async () => {
  const files = await release();
  await world.fault(/rewriteTo/, "POST", { reset: "after" });

  const plan = await promoteFiles(files);

  expect(plan.summary).toMatchObject({ copied: 2, failed: 0 });
});

test("a token that arrived damaged is not kept: the next one is asked for", async () => {
  const files = await release();
  await world.fault(/generateAccessToken/, "POST", { corruptByteAt: 30 }, { times: 1 });

  expect((await promoteFiles(files)).summary).toMatchObject({ copied: 2, failed: 0 });
});

test.each(["<html>log in</html>", "{}", '{"accessToken": null}'])(
  "a success of the token service that holds no token, such as %s, is asked again, and nobody is sent for a role",
  async (body) => {
    const files = await release();
    await world.fault(/generateAccessToken/, "POST", { status: 200, body }, { times: 1 });
    expect((await promoteFiles(files)).summary).toMatchObject({ copied: 2, failed: 0 });

    const others = await release();
    await world.fault(/generateAccessToken/, "POST", { status: 200, body });
    const [first] = (await promoteFiles(others)).outcomes;
    expect(first?.outcome).toMatchObject({
      failure: { reason: "unavailable", message: expect.stringContaining("answered without a token") },
    });
  },
);

test("after a run full of faults the next one finishes the work", async () => {
  const files = await release();
  await world.fault(/./, "GET", { reset: "after" }, { probability: 0.5, seed: 7 });
  await world.fault(/rewriteTo/, "POST", { status: 503 });
  const first = await promoteFiles(files);
  await world.clearFaults();

  const second = await promoteFiles(files);

  expect(first.summary.failed).toBe(2);
  expect(second.summary).toMatchObject({ copied: 2, failed: 0 });
});

test("a promotion stops at its deadline with every line accounted for", async () => {
  const files = await release();
  await world.fault(/alt=media/, "GET", { stall: true });

  const plan = await promote(request(directory, manifest(files)), {
    identity: "ambient",
    connect: world.connect,
    retry: { ...hasty, idleTimeoutSeconds: 30, answerTimeoutSeconds: 30 },
    deadlineSeconds: 0.5,
  });

  expect(plan.outcomes.map(({ outcome }) => outcome.status === "failed" && outcome.failure.reason)).toEqual([
    "stopped",
    "stopped",
  ]);
});

test("a promotion that is interrupted ends at once, with what was copied told as copied", async () => {
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, n) => [`interrupted/${n}`, `bytes ${n}`]));
  for (const [name, bytes] of Object.entries(files)) await world.put(STAGING, `kops/${name}`, bytes);
  const stop = new AbortController();

  const plan = await promote(request(directory, manifest(files)), {
    identity: "ambient",
    connect: world.connect,
    retry: hasty,
    maxRequests: 2,
    signal: stop.signal,
    onEvent: ({ type }) => {
      if (type === "copied") stop.abort(new Error("interrupted"));
    },
  });

  expect(plan.outcomes).toHaveLength(30);
  const published = await world.names(PRODUCTION);
  for (const { line, outcome } of plan.outcomes) {
    if (outcome.status === "copied") expect(published).toContain(`binaries/${line.name}`);
    else expect(outcome).toMatchObject({ failure: { reason: "stopped" } });
  }
  expect(plan.summary.copied).toBeGreaterThan(0);
  expect(plan.summary.failed).toBeGreaterThan(0);
});
