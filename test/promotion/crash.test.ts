import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileFixture } from "../support/compile-fixture";
import { sha256 } from "./support/requests";
import { PRODUCTION, type SandboxWorld, STAGING, startSandboxWorld } from "./support/sandbox-world";

/** The engine as a process of its own, which can be killed. */
const program = compileFixture(join(__dirname, "../../bench/promotion/run-engine.ts"));

let world: SandboxWorld;
let folder: string;
beforeAll(async () => {
  world = await startSandboxWorld();
});
afterAll(() => world.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "artifacts-crash-"));
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await world.clearFaults();
});

/** Puts a release into staging and writes the inputs that promote it. */
async function release(version: string, count: number): Promise<ReadonlyMap<string, string>> {
  const files = new Map(
    Array.from({ length: count }, (_, n) => [`${version}/file-${n}`, `${version} ${n} `.repeat(999)]),
  );
  for (const [name, content] of files) await world.put(STAGING, `kops/${name}`, content);
  mkdirSync(join(folder, "filestores", "bench"), { recursive: true });
  mkdirSync(join(folder, "manifests", "bench"), { recursive: true });
  const stores = { filestores: [{ base: `gs://${STAGING}/kops`, src: true }, { base: `gs://${PRODUCTION}/kops` }] };
  // JSON is YAML.
  writeFileSync(join(folder, "filestores", "bench", "filepromoter-manifest.yaml"), JSON.stringify(stores));
  const lines = [...files].map(([name, content]) => ({ name, sha256: sha256(content) }));
  writeFileSync(join(folder, "manifests", "bench", `${version}.yaml`), JSON.stringify({ files: lines }));
  await world.takeWrites();
  return files;
}

function start(cache: string): { readonly child: ChildProcess; readonly ended: Promise<number | null> } {
  const args = [program, folder, "--confirm", "--max-requests", "4", "--cache", join(folder, cache)];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...world.sandbox.env }, stdio: "ignore" });
  return { child, ended: new Promise((resolve) => child.on("close", resolve)) };
}

async function expectPublishedOnce(files: ReadonlyMap<string, string>): Promise<void> {
  const writes = await world.takeWrites();
  expect([...writes].sort()).toEqual([...files.keys()].map((name) => `kops/${name}`).sort());
  for (const [name, content] of files) {
    expect(await world.content(PRODUCTION, `kops/${name}`)).toBe(content);
    expect((await world.get(PRODUCTION, `kops/${name}`))?.metadata.sha256).toBe(sha256(content));
  }
}

test("a promotion that is killed again and again ends as if it had run once", async () => {
  const files = await release("v1", 40);
  // A little slower, so that there is something to kill.
  await world.fault(/alt=media|rewriteTo/, "GET", { latencyMs: 20 });
  for (let round = 1; round <= 5; round += 1) {
    const { child, ended } = start("cache");
    // Each round gets further: the kill comes after so many files, and not after some time.
    while (child.exitCode === null && (await world.names(PRODUCTION)).length < 4 * round);
    child.kill("SIGKILL");
    await ended;
  }
  expect((await world.names(PRODUCTION)).length).toBeLessThan(files.size);

  expect(await start("cache").ended).toBe(0);

  await expectPublishedOnce(files);
});

test("two promoters at once write each object once and both succeed", async () => {
  const files = await release("v2", 60);

  const codes = await Promise.all([start("one").ended, start("two").ended]);

  expect(codes).toEqual([0, 0]);
  await expectPublishedOnce(files);
});
