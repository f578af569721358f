import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256, World } from "./support/world";

const STAGING = "k8s-staging-kops";
const PROD = "k8s-artifacts-prod";
const PROMOTER = "promoter@some-project.iam.gserviceaccount.com";

let world: World;

/** One release in staging and in its manifest, nothing published. */
beforeEach(async () => {
  world = await World.create();
  await world.createBucket(STAGING);
  await world.createBucket(PROD);
  world.writeInfra({ [STAGING]: "" });
  world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/binaries/kops/`);
  await stage("1.37.0/linux/kops", "1.37.0/darwin/kops");
  world.writeManifest(`${STAGING}/1.37.0.yaml`, release);
});

afterEach(() => world?.close());

const release = {
  "1.37.0/linux/kops": "bytes of 1.37.0/linux/kops",
  "1.37.0/darwin/kops": "bytes of 1.37.0/darwin/kops",
};

async function stage(...names: readonly string[]): Promise<void> {
  for (const name of names) await world.upload(STAGING, `releases/${name}`, `bytes of ${name}`);
}

const published = (name: string, prefix = "binaries/kops/") => world.download(PROD, prefix + name);
const promote = (...args: readonly string[]) => world.artifacts(["promote", ...args], world.owner);

describe("artifacts promote", () => {
  test("without --confirm verifies every byte and writes nothing", async () => {
    const { code, stdout } = await promote();

    expect(code).toBe(0);
    expect(stdout).toContain(
      `would copy gs://${STAGING}/releases/1.37.0/linux/kops to gs://${PROD}/binaries/kops/1.37.0/linux/kops (26 B)\n`,
    );
    expect(stdout).toContain("dry run: 2 files would be copied (53 B), 0 already published, 0 failed");
    expect(await published("1.37.0/linux/kops")).toBeUndefined();
  });

  test("needs no credentials for a dry run", async () => {
    expect((await world.artifacts(["promote"])).code).toBe(0);
  });

  test("with --confirm copies, and finds nothing to do the next time", async () => {
    const commit = world.commit();
    const first = await promote("--confirm");
    const second = await promote("--confirm");

    expect(first).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2 files copied (53 B), 0 already published"),
    });
    expect(second).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("0 files copied (0 B), 2 already published"),
    });
    expect(await published("1.37.0/darwin/kops")).toBe("bytes of 1.37.0/darwin/kops");
    const object = await world.call(
      "GET",
      `/storage/v1/b/${PROD}/o/${encodeURIComponent("binaries/kops/1.37.0/linux/kops")}`,
    );
    expect(object.metadata).toMatchObject({
      sha256: sha256(release["1.37.0/linux/kops"]),
      manifest: `manifests/${STAGING}/1.37.0.yaml`,
      commit,
    });
  });

  test("fails on one line, copies the others, and says so last", async () => {
    world.writeManifest(`${STAGING}/1.37.0.yaml`, { ...release, "1.37.0/windows/kops": "x" });
    const { code, stdout, stderr } = await promote("--confirm");

    expect(code).toBe(1);
    expect(stdout.trim().split("\n").at(-1)).toMatch(/^2 files copied \(53 B\), 0 already published, 1 failed in /);
    expect(stderr).toContain(
      `manifests/${STAGING}/1.37.0.yaml:6:3: error: gs://${STAGING}/releases/1.37.0/windows/kops: not found`,
    );
  });

  test("fails on a manifest with a mistake, and promotes the others", async () => {
    world.write(`manifests/${STAGING}/broken.yaml`, "files:\n- name: ../x\n  sha256: y\n");
    const { code, stdout, stderr } = await promote("--confirm");

    expect(code).toBe(1);
    expect(stderr).toContain(`manifests/${STAGING}/broken.yaml:2:3: error: `);
    expect(stdout).toContain("2 mistakes in the inputs");
    expect(await published("1.37.0/linux/kops")).toBeDefined();
  });

  test("leaves both of two filestores alone whose destinations lie within one another", async () => {
    world.writeInfra({ [STAGING]: "", "k8s-staging-other": "" });
    world.writeFilestore("k8s-staging-other", "gs://k8s-staging-other/", `gs://${PROD}/binaries/`);
    const { code } = await promote("--confirm");

    expect(code).toBe(2);
    expect(await published("1.37.0/linux/kops")).toBeUndefined();
  });

  test("copies neither of two lines that want different bytes under one name", async () => {
    world.writeManifest(`${STAGING}/again.yaml`, { "1.37.0/linux/kops": "other bytes" });
    const { code } = await promote("--confirm");

    expect(code).toBe(1);
    expect(await published("1.37.0/linux/kops")).toBeUndefined();
    expect(await published("1.37.0/darwin/kops")).toBeDefined();
  });

  test("never touches what is published under the name of another file", async () => {
    await world.upload(PROD, "binaries/kops/1.37.0/linux/kops", "published long ago");
    const { code, stderr } = await promote("--confirm");

    expect(code).toBe(1);
    expect(stderr).toContain("other bytes are published under this name");
    expect(await published("1.37.0/linux/kops")).toBe("published long ago");
    expect(await published("1.37.0/darwin/kops")).toBeDefined();
  });

  test("promotes the chosen directories only", async () => {
    world.writeInfra({ [STAGING]: "", "k8s-staging-other": "" });
    world.writeFilestore("k8s-staging-other", "gs://k8s-staging-other/", `gs://${PROD}/other/`);
    world.writeManifest("k8s-staging-other/1.yaml", { nothing: "x" });

    expect((await promote("--confirm")).code).toBe(1);
    expect((await promote(STAGING, "--confirm")).code).toBe(0);
    expect((await promote("kops")).stdout).toContain("2 already published");
    expect((await promote("kops", "other")).code).toBe(1);
    expect(await promote("k8s-staging-kop")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(`Did you mean "${STAGING}"?`),
    });
  });

  test("promotes all directories of a staging project that none is called like", async () => {
    world.writeInfra({ [STAGING]: "", "k8s-staging-bare": "" });
    world.move(`filestores/${STAGING}`, "filestores/kops-files");
    world.move(`manifests/${STAGING}`, "manifests/kops-files");

    expect((await promote(STAGING)).stdout).toContain("2 files would be copied");
    expect((await promote("kops")).stdout).toContain("2 files would be copied");
    expect(await promote("bare")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('staging project "bare" has no filestore'),
    });
  });

  test("prints what happens as one JSON object a line, and every line's outcome once", async () => {
    const { code, stdout } = await promote("--confirm", "--json");
    const events = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const done = events.filter(({ type }) => type === "done");

    expect(code).toBe(0);
    expect(done.map(({ name, status }) => [name, status]).sort()).toEqual([
      ["1.37.0/darwin/kops", "copied"],
      ["1.37.0/linux/kops", "copied"],
    ]);
    expect(done[0]).toMatchObject({
      file: `manifests/${STAGING}/1.37.0.yaml`,
      sourceGeneration: expect.stringMatching(/^\d+$/),
      generation: expect.stringMatching(/^\d+$/),
    });
    expect(events.at(-1)).toMatchObject({
      type: "summary",
      ok: true,
      dryRun: false,
      copied: 2,
      published: 0,
      failed: 0,
      bytes: 53,
    });
  });

  test("ends in order when it is told to stop, and the next run finishes", async () => {
    await world.call("PATCH", "/sandbox/v1/settings", { latencyMs: 400 });
    const env = { ...process.env, ...world.sandbox.env, ARTIFACTS_CACHE_DIR: "" };
    const child = spawn(
      process.execPath,
      [join(__dirname, "../../bin/artifacts.cjs"), "promote", "--confirm", "--json"],
      { cwd: world.root, env },
    );
    let out = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      out += text;
      // Once: a second signal would end the process at once.
      if (out.includes('"started"') && !child.killed) child.kill("SIGTERM");
    });
    const [code] = await once(child, "close");
    await world.call("PATCH", "/sandbox/v1/settings", { latencyMs: 0 });
    const summary = JSON.parse(out.trim().split("\n").at(-1) ?? "");

    expect(code).not.toBe(0);
    expect(summary).toMatchObject({ type: "summary", ok: false });
    expect(summary.failed + summary.copied + summary.published).toBe(2);
    expect((await promote("--confirm")).code).toBe(0);
  });

  test("ends with 1 when the deadline passes before a service that answers has answered", async () => {
    await world.call("PATCH", "/sandbox/v1/settings", { latencyMs: 3000 });

    expect((await world.artifacts(["promote", "--deadline", "1s"])).code).toBe(1);
  });

  test.each([
    {
      when: "nothing can be reached",
      args: ["--deadline", "4s"],
      env: { GOOGLE_STORAGE_CUSTOM_ENDPOINT: "http://127.0.0.1:9/storage/v1/" },
      code: 3,
    },
    { when: "a number is none", args: ["--max-requests", "many"], env: {}, code: 2 },
    { when: "a time is none", args: ["--deadline", "soon"], env: {}, code: 2 },
    {
      when: "identities exclude one another",
      args: ["--own-credentials", "--service-account", PROMOTER],
      env: {},
      code: 2,
    },
    { when: "the inputs are not there", args: ["--root", "nowhere"], env: {}, code: 2 },
    { when: "a flag is neither true nor false", args: ["--confirm=yes"], env: {}, code: 2 },
  ])("ends with $code when $when", async ({ args, env, code }) => {
    expect((await world.artifacts(["promote", ...args], env)).code).toBe(code);
  });
});

test.each([
  { where: "a folder without any input", args: ["--root", "docs"], says: "none of infra/gcp/infra.yaml" },
  { where: "a named folder without a manifest", args: ["--manifests", "docs"], says: "it holds no manifest" },
  {
    where: "a project's folder without a manifest",
    args: ["--filestores", `filestores/${STAGING}/filepromoter-manifest.yaml`, "--files", "docs"],
    says: "it holds no manifest",
  },
])("nothing to promote in $where is a mistake", async ({ args, says }) => {
  world.write("docs/README.md", "no manifest\n");

  expect(await world.artifacts(["promote", ...args])).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
});

describe("artifacts promote takes the flags of kpromo", () => {
  test("--manifests names the folder that holds filestores and manifests, and nothing else is needed", async () => {
    world.move("filestores", "artifacts/filestores");
    world.move("manifests", "artifacts/manifests");
    world.remove("infra");

    expect(
      await world.artifacts(
        ["run", "files", "--manifests", "artifacts", "--confirm=true", "--log-level=debug"],
        world.owner,
      ),
    ).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2 files copied"),
    });
  });

  test.each([
    ["--confirm=false", "--use-service-account=false"],
    ["--confirm=F"],
    ["--confirm=0"],
    ["--confirm", "--confirm=false"],
  ])("%s %s is a dry run", async (...flags) => {
    expect(await world.artifacts(["run", "files", ...flags])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("dry run: 2 files"),
    });
  });

  test("--confirm=T copies, the last of several", async () => {
    expect(await world.artifacts(["run", "files", "--confirm=false", "--confirm=T"], world.owner)).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("2 files copied"),
    });
  });

  test.each([
    { what: "one file", files: `manifests/${STAGING}/1.37.0.yaml`, copied: 2 },
    { what: "a folder, deep, in the order of paths, OWNERS left alone", files: `manifests/${STAGING}`, copied: 3 },
  ])("--filestores FILE with --files as $what", async ({ files, copied }) => {
    await stage("1.38.0/kops");
    world.writeManifest(`${STAGING}/deeper/1.38.0.yaml`, { "1.38.0/kops": "bytes of 1.38.0/kops" });
    world.write(`manifests/${STAGING}/OWNERS`, "approvers:\n- someone\n");
    const { code, stdout } = await promote(
      "--filestores",
      `filestores/${STAGING}/filepromoter-manifest.yaml`,
      "--files",
      files,
      "--confirm",
    );

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining(`${copied} files copied`) });
  });

  test.each([
    ["--filestores", `filestores/${STAGING}/filepromoter-manifest.yaml`],
    ["--files", "elsewhere.yaml"],
    ["--filestores", `filestores/${STAGING}/filepromoter-manifest.yaml`, "--files", "elsewhere.yaml"],
  ])("--manifests FOLDER counts alone beside %s, and that is said", async (...besides) => {
    world.write("elsewhere.yaml", `files:\n- {name: 1.38.0/kops, sha256: ${sha256("bytes of 1.38.0/kops")}}\n`);
    const { code, stdout, stderr } = await promote("--manifests", ".", ...besides);

    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringContaining("dry run: 2 files") });
    expect(stderr).toContain("--filestores and --files beside it count for nothing");
  });

  test.each([
    { what: "within its source", to: `gs://${STAGING}/releases/public/`, rule: "lie within one another" },
    { what: "twice", to: `gs://${PROD}/binaries/kops`, rule: "is also the destination" },
    { what: "on Cloud Storage from S3", from: "s3://elsewhere/", rule: "is not on Cloud Storage" },
    { what: "of another directory of the estate", to: `gs://${PROD}/binaries/other/kops/`, rule: "lies within" },
  ])("--filestores FILE with a destination $what is refused as in an estate", async ({ to, from, rule }) => {
    world.writeFilestore("k8s-staging-other", "gs://k8s-staging-other/", `gs://${PROD}/binaries/other/`);
    const own = `gs://${PROD}/binaries/kops/`;
    world.writeFilestore(STAGING, from ?? `gs://${STAGING}/releases/`, ...(to === undefined ? [own] : [own, to]));
    const filestore = `filestores/${STAGING}/filepromoter-manifest.yaml`;
    const { code, stderr } = await promote("--filestores", filestore, "--files", "manifests", "--confirm");

    expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining(rule) });
    expect(await published("1.37.0/linux/kops")).toBeUndefined();
  });

  test.each([
    {
      when: "--files comes with a folder of manifests alone",
      args: ["--manifests", "manifests", "--files", `manifests/${STAGING}`],
      says: "give one of them",
    },
    { when: "--files comes alone", args: ["--files", "x"], says: "--filestores is required" },
    {
      when: "--filestores names a file and comes alone",
      args: ["--filestores", `filestores/${STAGING}/filepromoter-manifest.yaml`],
      says: "--files is required",
    },
    {
      when: "--files does not exist",
      args: ["--filestores", `filestores/${STAGING}/filepromoter-manifest.yaml`, "--files", "nowhere"],
      says: "does not exist",
    },
    {
      when: "--service-account names no address",
      args: ["--confirm", "--service-account", "promoter"],
      says: '--service-account: "promoter" is not an e-mail address of the form name@domain. Write the whole address: "promoter@PROJECT.iam.gserviceaccount.com".',
    },
    {
      when: "--service-account names a person",
      args: ["--confirm", "--service-account", "ana@example.org"],
      says: '--service-account: "ana@example.org" is not a service account\'s address',
    },
  ])("fails with exit code 2 when $when", async ({ args, says }) => {
    expect(await promote(...args)).toMatchObject({ code: 2, stderr: expect.stringContaining(says) });
  });
});

describe("whom artifacts promote acts as", () => {
  beforeEach(async () => {
    await world.call("POST", "/iam/v1/projects/some-project/serviceAccounts", { accountId: "promoter" });
    const policy = await world.call("GET", `/storage/v1/b/${PROD}/iam`);
    const bindings = [
      ...policy.bindings,
      { role: "roles/storage.objectCreator", members: [`serviceAccount:${PROMOTER}`] },
    ];
    await world.call("PUT", `/storage/v1/b/${PROD}/iam`, { ...policy, bindings });
    world.writeFilestore(
      STAGING,
      `gs://${STAGING}/releases/`,
      `gs://${PROD}/binaries/kops/\n  service-account: ${PROMOTER}`,
    );
  });

  const defaults = (...accounts: readonly string[]) =>
    world.write(
      "infra/gcp/defaults.yaml",
      `organization: "123456789012"\nbilling-account: 01ABCD-23EF01-456789\nstate-bucket: state-bucket\ndomain: example.org\nadmin-groups: [admins@example.org]\nrelease-viewers-group: viewers@example.org\nlogs-bucket: logs-bucket\npromoter-service-accounts: [${accounts.join(", ")}]\nserving: {project: prod-project, bucket: ${PROD}}\n`,
    );

  test("the destination's service account, when defaults.yaml lists it", async () => {
    defaults(PROMOTER);

    expect(await promote("--confirm")).toMatchObject({ code: 0, stdout: expect.stringContaining("2 files copied") });
  });

  test("nobody else: an account that defaults.yaml does not list is refused before anything is tried", async () => {
    defaults("other@some-project.iam.gserviceaccount.com");
    const { code, stderr } = await promote("--confirm");

    expect(code).toBe(2);
    expect(stderr).toContain("not listed in defaults.yaml");
    expect(await published("1.37.0/linux/kops")).toBeUndefined();
  });

  test.each([
    {
      how: "--files",
      args: ["--filestores", `filestores/${STAGING}/filepromoter-manifest.yaml`, "--files", "manifests"],
    },
    { how: "--manifests", args: ["--manifests", "elsewhere"] },
  ])("nobody else, when kpromo's $how leads around the defaults.yaml that is there", async ({ args }) => {
    defaults("other@some-project.iam.gserviceaccount.com");
    cpSync(world.path("filestores"), world.path("elsewhere/filestores"), { recursive: true });
    cpSync(world.path("manifests"), world.path("elsewhere/manifests"), { recursive: true });
    const { code, stderr } = await promote("--confirm", ...args);

    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("is not allowed to promote") });
    expect(await published("1.37.0/linux/kops")).toBeUndefined();
  });

  test("an account that the filestores name, for inputs that lie outside of the checkout with the list", async () => {
    defaults("other@some-project.iam.gserviceaccount.com");
    const elsewhere = mkdtempSync(join(tmpdir(), "artifacts-elsewhere-"));
    cpSync(world.path("filestores"), join(elsewhere, "filestores"), { recursive: true });
    cpSync(world.path("manifests"), join(elsewhere, "manifests"), { recursive: true });
    const around = await promote("--confirm", "--manifests", elsewhere);
    const filestore = join(elsewhere, "filestores", STAGING, "filepromoter-manifest.yaml");
    const one = ["--filestores", filestore, "--files", join(elsewhere, "manifests", STAGING)];
    const rooted = await promote("--confirm", ...one, "--root", world.root);
    rmSync(elsewhere, { recursive: true });

    expect(around.stderr).toContain("warning: no defaults.yaml lists the accounts that may be acted as");
    expect(around.stderr).not.toContain("is not allowed to promote");
    expect(rooted.stderr).toContain("is not allowed to promote");
  });

  test.each([
    { when: "can not be read", mistake: () => world.write("infra/gcp/defaults.yaml", "serving: {") },
    {
      when: "lists the account, and holds another mistake",
      mistake: () => {
        defaults(PROMOTER);
        world.write("infra/gcp/defaults.yaml", world.read("infra/gcp/defaults.yaml").replace(/logs-bucket.*\n/, ""));
      },
    },
  ])("nobody, when defaults.yaml $when", async ({ mistake }) => {
    mistake();
    const { code, stderr } = await promote("--confirm");

    expect(code).toBe(1);
    expect(stderr).toContain("is not allowed to promote, as defaults.yaml holds mistakes");
    expect(await published("1.37.0/linux/kops")).toBeUndefined();
  });

  test("a stranger may not act as the account, and hears so", async () => {
    defaults(PROMOTER);
    const { code, stderr } = await world.artifacts(["promote", "--confirm"], world.as("user:stranger@example.org"));

    expect(code).toBe(1);
    expect(stderr).toContain(`roles/iam.serviceAccountTokenCreator on the service account ${PROMOTER}`);
    expect(await published("1.37.0/linux/kops")).toBeUndefined();
  });

  test("--own-credentials: the caller, whatever the filestores say", async () => {
    const { code, stderr } = await world.artifacts(
      ["promote", "--confirm", "--own-credentials"],
      world.as("user:stranger@example.org"),
    );

    expect(code).toBe(1);
    expect(stderr).toContain("lacks storage.objects.create");
  });

  test("--service-account: this one, where a destination names none", async () => {
    world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/binaries/kops/`);
    const notes = await promote("--confirm", "--json", "--service-account", PROMOTER);

    expect(notes.code).toBe(0);
    expect(notes.stdout).not.toContain("names no service account");
  });

  test("without either, the caller, which is said", async () => {
    world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/binaries/kops/`);

    expect((await promote("--confirm")).stderr).toContain("names no service account");
  });
});
