import { statusText } from "../../lib/cli/status/status-text";
import { World } from "./support/world";

const STAGING = "k8s-staging-kops";
const PROD = "k8s-artifacts-prod";

let world: World;

/** Two files of a release, promoted. */
beforeEach(async () => {
  world = await World.create();
  for (const bucket of [STAGING, PROD, "k8s-staging-quiet"]) await world.createBucket(bucket);
  world.writeInfra({ [STAGING]: "", "k8s-staging-quiet": "" });
  world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/binaries/kops/`);
  for (const [name, bytes] of Object.entries(release)) await world.upload(STAGING, `releases/${name}`, bytes);
  world.writeManifest(`${STAGING}/1.37.0.yaml`, release);
  const { code } = await world.artifacts(["promote", "--confirm"], world.owner);
  expect(code).toBe(0);
});

afterEach(() => world?.close());

const release = { "1.37.0/linux/kops": "bytes for linux", "1.37.0/darwin/kops": "bytes for darwin" };
const address = (name: string) => `https://storage.googleapis.com/${PROD}/binaries/kops/${name}`;

describe("artifacts status", () => {
  test("tells since when a file is published, from which generation, and that the public gets it", async () => {
    const source = await world.call(
      "GET",
      `/storage/v1/b/${STAGING}/o/${encodeURIComponent("releases/1.37.0/linux/kops")}`,
    );
    const { code, stdout } = await world.artifacts(["status", STAGING]);

    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(
        `ok gs://${PROD}/binaries/kops/1.37.0/linux/kops \\(15 B, published \\d{4}-\\d\\d-\\d\\dT[^,]*, from generation ${source.generation}\\)`,
      ),
    );
    expect(stdout).toContain(`    ${address("1.37.0/linux/kops")}: ok (crc32c)\n`);
    expect(stdout).toContain("2 of 2 files published, 2 of 2 public addresses answer rightly");
  });

  test("of a project takes its staging name for its id", async () => {
    world.writeFilestore("quiet-files", "gs://k8s-staging-quiet/", `gs://${PROD}/quiet/`);
    world.write("manifests/quiet-files/1.yaml", "files: [\n");
    const byId = await world.artifacts(["status", STAGING]);
    const quiet = await world.artifacts(["status", "quiet"]);

    expect(await world.artifacts(["status", "kops"])).toEqual(byId);
    expect(quiet).toMatchObject({
      code: 1,
      stdout: expect.stringContaining("manifests/quiet-files/1.yaml:2:1: error"),
    });
    expect(quiet.stdout).not.toContain(STAGING);
  });

  test("--deep downloads and hashes", async () => {
    expect(await world.artifacts(["status", "--deep", "--lines"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining(`${address("1.37.0/linux/kops")}: ok (sha256)`),
    });
  });

  test("a published file stays so when its source has expired", async () => {
    for (const name of Object.keys(release))
      await world.call("DELETE", `/storage/v1/b/${STAGING}/o/${encodeURIComponent(`releases/${name}`)}`);

    expect((await world.artifacts(["status"])).code).toBe(0);
  });

  test("fails on a manifest that can't be read, and tells of the others", async () => {
    world.write(`manifests/${STAGING}/1.38.0.yaml`, "files: [\n");
    const { code, stdout } = await world.artifacts(["status"]);
    const { stdout: document } = await world.artifacts(["status", STAGING, "--json"]);

    expect(code).toBe(1);
    expect(stdout).toContain(`manifests/${STAGING}/1.38.0.yaml:2:1: error: this is not YAML`);
    expect(stdout).toContain("2 of 2 files published, 2 of 2 public addresses answer rightly, 1 mistake in the inputs");
    expect(JSON.parse(document)).toMatchObject({ ok: false, unread: [{ line: 2 }] });
  });

  test("fails on a project whose filestore can't be read", async () => {
    world.write(`filestores/${STAGING}/filepromoter-manifest.yaml`, "filestores: [\n");
    const { code, stdout } = await world.artifacts(["status", STAGING]);

    expect(code).toBe(1);
    expect(stdout).toContain(`filestores/${STAGING}/filepromoter-manifest.yaml:2:1: error: this is not YAML`);
  });

  test("is bad usage where no input is", async () => {
    world.write("docs/README.md", "nothing\n");

    expect(await world.artifacts(["status", "--root", "docs"])).toMatchObject({ code: 2, stdout: "" });
  });

  test("fails on a line that is not published, staged or not", async () => {
    await world.upload(STAGING, "releases/1.38.0/kops", "bytes");
    world.writeManifest(`${STAGING}/1.38.0.yaml`, { "1.38.0/kops": "bytes", "1.38.0/gone": "x" });
    const { code, stdout } = await world.artifacts(["status"]);

    expect(code).toBe(1);
    expect(stdout).toContain(`  NOT PUBLISHED gs://${PROD}/binaries/kops/1.38.0/kops`);
    expect(stdout).toContain(`  FAILED gs://${PROD}/binaries/kops/1.38.0/gone`);
    expect(stdout).toContain("2 of 4 files published, 1 not published, 1 failed");
  });

  test("fails when the public does not get what is published", async () => {
    const policy = await world.call("GET", `/storage/v1/b/${PROD}/iam`);
    const bindings = policy.bindings.filter(({ members }: { members: string[] }) => !members.includes("allUsers"));
    await world.call("PUT", `/storage/v1/b/${PROD}/iam`, { ...policy, bindings });
    const { code, stdout } = await world.artifacts(["status", "--authenticate", "--json"], world.owner);
    const { ok, lines } = JSON.parse(stdout);

    expect({ code, ok }).toEqual({ code: 1, ok: false });
    expect(lines[0].urls[0]).toMatchObject({
      url: address("1.37.0/linux/kops"),
      download: { state: "wrong", what: expect.stringMatching(/^answers 40[13]$/) },
    });
  });

  test("says which addresses an emulator can not be asked", async () => {
    world.write(
      "infra/gcp/defaults.yaml",
      `organization: "123456789012"\nbilling-account: 01ABCD-23EF01-456789\nstate-bucket: state-bucket\ndomain: example.org\nadmin-groups: [admins@example.org]\nrelease-viewers-group: viewers@example.org\nlogs-bucket: logs-bucket\npromoter-service-accounts: [promoter@prod-project.iam.gserviceaccount.com]\nserving: {project: prod-project, bucket: ${PROD}, public-urls: ["https://artifacts.example.org", "https://storage.googleapis.com/${PROD}"]}\n`,
    );
    const { code, stdout } = await world.artifacts(["status", STAGING]);

    expect(code).toBe(0);
    expect(stdout).toContain("https://artifacts.example.org/binaries/kops/1.37.0/linux/kops: not checked");
    expect(stdout).toContain("2 of 4 public addresses answer rightly, 2 not checked");
  });

  test("calls no file well that another tool published and nobody has read", async () => {
    await world.upload(PROD, "binaries/kops/1.30.0/kops", "copied by kpromo");
    world.writeManifest(`${STAGING}/1.30.0.yaml`, { "1.30.0/kops": "copied by kpromo" });
    const { code, stdout } = await world.artifacts(["status"]);

    expect(code).toBe(1);
    expect(stdout).toContain(`  NOT KNOWN gs://${PROD}/binaries/kops/1.30.0/kops (16 B)\n`);
    expect(stdout).toContain(`${address("1.30.0/kops")}: serves what is there (crc32c)`);
    expect(stdout).toContain("2 of 3 files published, 1 not known");
    expect(stdout).toContain("2 of 3 public addresses answer rightly, 1 not known");
    expect(await world.artifacts(["status", "--deep"])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("3 of 3 files published"),
    });
  });

  test("reads a file that was overwritten under its record", async () => {
    const object = `/storage/v1/b/${PROD}/o/${encodeURIComponent("binaries/kops/1.37.0/linux/kops")}`;
    const { metadata } = await world.call("GET", object);
    await world.upload(PROD, "binaries/kops/1.37.0/linux/kops", "bytes of a thief");
    await world.call("PATCH", object, { metadata });
    const { code, stdout } = await world.artifacts(["status", "--json"]);

    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      lines: [
        { state: "failed", what: expect.stringContaining("came there by other means than a promotion") },
        { state: "published" },
      ],
    });
  });

  test("lists staging projects that nobody pushes to", async () => {
    const { code, stdout } = await world.artifacts(["status", "--idle-days", "30"]);

    expect(code).toBe(0);
    expect(stdout).toContain(
      "staging projects without an upload for 30 days:\n  k8s-staging-quiet: gs://k8s-staging-quiet is empty\n",
    );
    expect(stdout).not.toContain(`${STAGING}:`);
  });

  test("looks at the folder of a shared bucket that is a project's own", async () => {
    const hub = "k8s-staging-hub";
    const guest = `{mode: shared, shared-project: ${hub}, public: true}`;
    world.writeInfra(
      { [hub]: "{public: false}", "k8s-staging-loud": guest, "k8s-staging-mute": guest },
      "stacks/staging.ts",
    );
    await world.call("POST", "/storage/v1/b?project=some-project", {
      name: hub,
      iamConfiguration: { uniformBucketLevelAccess: { enabled: true } },
    });
    for (const name of ["loud", "mute"]) {
      const folders = `/storage/v1/b/${hub}/managedFolders`;
      await world.call("POST", folders, { name: `${name}/` });
      await world.call("PUT", `${folders}/${name}%2F/iam`, {
        bindings: [{ role: "roles/storage.objectViewer", members: ["allUsers"] }],
      });
      world.writeFilestore(`k8s-staging-${name}`, `gs://${hub}/${name}/`, `gs://${PROD}/${name}/`);
    }
    await world.upload(hub, "loud/1.0.0/kops", "bytes");
    world.writeManifest("k8s-staging-loud/1.0.0.yaml", { "1.0.0/kops": "bytes" });
    const { stdout } = await world.artifacts(["status"]);
    const mute = await world.artifacts(["status", "k8s-staging-mute"]);

    expect(stdout).toContain(`  k8s-staging-mute: gs://${hub}/mute/ is empty\n`);
    expect(stdout).not.toContain("k8s-staging-loud: ");
    expect(mute).toMatchObject({ code: 0, stdout: expect.not.stringContaining("loud") });
  });

  test("lists retirements with the line that takes the next step, when its day has come", async () => {
    const retired = (days: number) =>
      `{retired: {since: "${new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)}"}}`;
    world.writeInfra(
      { [STAGING]: "", "k8s-staging-old": retired(40), "k8s-staging-new": retired(2) },
      "stacks/staging.ts",
    );
    const { code, stdout } = await world.artifacts(["status"]);
    const { retirements } = JSON.parse((await world.artifacts(["status", "--json"])).stdout);

    expect(code).toBe(0);
    expect(stdout).toMatch(/k8s-staging-old: since [-\d]+, step "closed"; "released" is due since/);
    expect(stdout).toMatch(/add "step: released" .* at infra.gcp.infra.yaml:\d+, or run: npx artifacts offboard old/);
    expect(stdout).toMatch(/k8s-staging-new: since [-\d]+, step "closed"; "released" from [-\d]+ on/);
    expect(retirements).toMatchObject([
      { projectId: "k8s-staging-old", next: "released", isDue: true },
      { projectId: "k8s-staging-new", isDue: false },
    ]);
  });

  test.each([
    { when: "nothing can be reached", args: [], other: "", code: 3 },
    { when: "nothing can be reached to download", args: ["--deep", "--json"], other: "", code: 3 },
    { when: "nothing can be reached, and a manifest holds a mistake", args: [], other: "files: [\n", code: 1 },
  ])("ends with $code when $when", async ({ args, other, code }) => {
    if (other !== "") world.write(`manifests/${STAGING}/1.38.0.yaml`, other);
    const unplugged = { GOOGLE_STORAGE_CUSTOM_ENDPOINT: "http://127.0.0.1:9/storage/v1/" };

    expect(await world.artifacts(["status", "--deadline", "2s", ...args], unplugged)).toMatchObject({
      code,
      stdout: expect.stringContaining("ECONNREFUSED"),
    });
  });

  test("has one deadline for all that it asks", async () => {
    await world.call("POST", "/sandbox/v1/faults", { match: { path: "/b/" }, action: { stall: true }, times: 99 });
    const start = performance.now();
    const { stdout } = await world.artifacts(["status", "--deadline", "4s"]);

    expect(performance.now() - start).toBeLessThan(8000);
    expect(stdout).toContain("the deadline of 4 s has passed");
  });

  test.each([
    { args: ["k8s-staging-kop"], says: `Did you mean "${STAGING}"?` },
    { args: ["kosp"], says: 'there is no staging project and no filestore "kosp"' },
    { args: ["--idle-days", "few"], says: "expected a whole number" },
  ])("fails with exit code 2 on $args", async ({ args, says }) => {
    expect(await world.artifacts(["status", ...args])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(says),
    });
  });
});

test("addresses that tell a length and no checksum are told apart in the summary", () => {
  const row = { directory: STAGING, manifest: "m.yaml", line: 2, name: "a", sha256: "", destination: `gs://${PROD}/a` };
  const url = (evidence: "length" | "crc32c") =>
    ({ url: `https://${evidence}.example.org/a`, download: { state: "ok", evidence } }) as const;
  const rows = [{ ...row, state: "published", urls: [url("length"), url("crc32c")] }] as const;

  expect(statusText(rows, { lines: [], idle: [], retirements: [], unread: [] }, 90, false)).toContain(
    "2 of 2 public addresses answer rightly, 1 of them by their length alone (--deep compares the bytes)",
  );
});
