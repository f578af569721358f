import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { run, World } from "./support/world";

const STAGING = "k8s-staging-kops";
const PROD = "k8s-artifacts-prod";
const FILESTORE = `filestores/${STAGING}/filepromoter-manifest.yaml`;
const PUBLISHED = `manifests/${STAGING}/1.36.0.yaml`;

let world: World;

/** An estate whose only release is published, for each case to change before and after its base is committed. */
beforeEach(async () => {
  world = await World.create();
  await world.createBucket(STAGING);
  await world.createBucket(PROD);
  world.writeInfra({ [STAGING]: "", "k8s-staging-other": "" });
  world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/binaries/kops/`);
  world.writeManifest(`${STAGING}/1.36.0.yaml`, { "1.36.0/kops": "kops", "1.36.0/nodeup": "nodeup" });
  for (const name of ["kops", "nodeup"]) {
    await world.upload(STAGING, `releases/1.36.0/${name}`, name);
    await world.upload(PROD, `binaries/kops/1.36.0/${name}`, name);
  }
});

afterEach(() => world?.close());

async function check(...args: readonly string[]) {
  const { code, stdout } = await world.artifacts(["check", "--json", "--base", "HEAD", ...args]);
  const document = JSON.parse(stdout);
  const errors = document.findings.filter(({ severity }: { severity: string }) => severity === "error");
  return { code, rules: [...new Set(errors.map(({ rule }: { rule: string }) => rule))].sort(), document };
}

function link(target: string, path: string): void {
  world.remove(path);
  symlinkSync(target, world.path(path));
}

function placeRoot(root: string): void {
  world.write("cdktf.json", JSON.stringify({ context: { root } }));
}

const GROUPS =
  "groups:\n- email-id: smiths@example.org\n  name: smiths\n  description: Smiths\n  members: [ana@example.org]\n";

test("a base whose manifests are a submodule is refused, as they would be taken for none", async () => {
  const head = world.commit();
  world.git("rm", "-r", "--quiet", "--cached", "manifests");
  world.git("update-index", "--add", "--cacheinfo", `160000,${head},manifests`);
  world.git("commit", "--quiet", "-m", "submodule");
  const { code, stderr } = await world.artifacts(["check", "--base", "HEAD"]);

  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringContaining('"manifests" is a submodule') });
});

/** The published manifest with a line that is none. */
const oneBadLine = () => `${world.read(PUBLISHED)}- name: 1.36.0/odd\n  sha256: 123\n`;

test.each([
  {
    how: "names another root",
    base: () => undefined,
    change: () => {
      world.write("new/infra/gcp/infra.yaml", world.read("infra/gcp/infra.yaml"));
      placeRoot("new");
    },
    rules: ["change/filestore-vanished", "change/published-line-removed", "change/separation"],
  },
  {
    how: "names the root that its base had left",
    base: () => {
      for (const part of ["infra", "filestores", "manifests"]) world.move(part, `estate/${part}`);
      world.write("infra/gcp/infra.yaml", world.read("estate/infra/gcp/infra.yaml"));
      placeRoot("estate");
    },
    change: () => placeRoot("."),
    rules: ["change/filestore-vanished", "change/published-line-removed", "change/separation"],
  },
  {
    how: "takes out a manifest that is a link",
    base: () => {
      world.move(PUBLISHED, "common/1.36.0.yaml");
      symlinkSync("../../common/1.36.0.yaml", world.path(PUBLISHED));
    },
    change: () => world.remove(PUBLISHED),
    rules: ["change/published-line-removed"],
  },
  {
    how: "empties a manifest behind a linked folder",
    base: () => {
      world.move(`manifests/${STAGING}`, "common/kops");
      symlinkSync("../common/kops", world.path(`manifests/${STAGING}`));
    },
    change: () => world.write("common/kops/1.36.0.yaml", "files: []\n"),
    rules: ["change/published-line-removed"],
  },
  {
    how: "takes a project out of a linked infra.yaml",
    base: () => {
      world.writeInfra({ [STAGING]: "", "k8s-staging-other": "" }, "stacks/staging.ts");
      world.move("infra/gcp/infra.yaml", "infra/gcp/real.yaml");
      link("real.yaml", "infra/gcp/infra.yaml");
    },
    change: () => world.write("infra/gcp/real.yaml", world.read("infra/gcp/real.yaml").replace(/.*other:\n/, "")),
    rules: ["change/project-vanished"],
  },
  {
    how: "takes out a manifest that holds a mistake",
    base: () => world.write(PUBLISHED, oneBadLine()),
    change: () => world.remove(PUBLISHED),
    rules: ["change/published-line-removed"],
  },
  {
    how: "mends a manifest that is no YAML, and drops a line",
    base: () => world.write(PUBLISHED, `${world.read(PUBLISHED)}\t- name: [\n`),
    change: () => world.writeManifest(`${STAGING}/1.36.0.yaml`, { "1.36.0/kops": "kops" }),
    rules: ["change/published-line-removed"],
  },
  {
    how: "takes out a filestore that holds a mistake",
    base: () => world.write(FILESTORE, `${world.read(FILESTORE)}  owner: ana\n`),
    change: () => world.remove("filestores"),
    rules: ["change/filestore-vanished", "change/published-line-removed", "manifest/no-filestores"],
  },
  {
    how: "mends a filestore, and names another destination",
    base: () => world.write(FILESTORE, `${world.read(FILESTORE)}  owner: ana\n`),
    change: () => {
      world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/elsewhere/`);
    },
    rules: ["change/published-line-removed"],
  },
  {
    how: "takes out the folder of groups",
    base: () => world.write("groups/sig/groups.yaml", GROUPS),
    change: () => world.remove("groups"),
    rules: ["change/group-vanished"],
  },
  {
    how: "takes out groups that stand elsewhere",
    base: () => {
      world.write("groups/config.yaml", "groups-path: ../people\n");
      world.write("people/sig/groups.yaml", GROUPS);
    },
    change: () => world.write("people/sig/groups.yaml", "groups: []\n"),
    rules: ["change/group-vanished"],
  },
])("sees what is taken back by a change that $how", async ({ base, change, rules }) => {
  base();
  world.commit();
  change();

  expect(await check()).toMatchObject({ code: 1, rules });
  expect(await check("--root", ".")).toMatchObject({ code: 1, rules });
});

test("ends with 3 where nothing can tell whether the only lines of a change, which it takes out, are published", async () => {
  world.commit();
  world.remove(PUBLISHED);
  const { code, stdout } = await world.artifacts(["check", "--base", "HEAD", "--deadline", "1s"], {
    GOOGLE_STORAGE_CUSTOM_ENDPOINT: "http://127.0.0.1:9/storage/v1/",
  });

  expect({ code, stdout }).toMatchObject({
    code: 3,
    stdout: expect.stringContaining("nobody can tell whether the file is published"),
  });
});

test("has one deadline for all that it asks", async () => {
  world.commit();
  world.remove(PUBLISHED);
  await world.upload(STAGING, "releases/1.37.0/kops", "new");
  world.writeManifest(`${STAGING}/1.37.0.yaml`, { "1.37.0/kops": "new" });
  const match = { method: "GET", path: `/b/${PROD}/o` };
  await world.call("POST", "/sandbox/v1/faults", { match, action: { stall: true }, times: 99 });
  const start = performance.now();
  const { stdout } = await world.artifacts(["check", "--base", "HEAD", "--deadline", "4s"]);

  expect(performance.now() - start).toBeLessThan(8000);
  expect(stdout.match(/the deadline of 4 s has passed/g)).toHaveLength(3);
});

/** The project that the release comes from, as one of ours. */
const writeOurs = (block = "") => world.writeInfra({ [STAGING]: block, "k8s-staging-other": "" }, "stacks/staging.ts");
const RETIRED = "{retired: {since: 2026-05-01, keep-published: true}}";

async function stageNew(): Promise<void> {
  await world.upload(STAGING, "releases/1.37.0/kops", "new");
  world.writeManifest(`${STAGING}/1.37.0.yaml`, { "1.37.0/kops": "new" });
}

test.each([
  {
    how: "retires a project and adds a manifest to it",
    base: () => writeOurs(),
    change: async () => {
      writeOurs(RETIRED);
      await stageNew();
    },
  },
  {
    how: "retires a project of which a line is not published yet",
    base: async () => {
      writeOurs();
      await stageNew();
    },
    change: () => writeOurs(RETIRED),
  },
  { how: "adds a manifest to a retired project", base: () => writeOurs(RETIRED), change: stageNew },
])("refuses to promote more by a change that $how", async ({ base, change }) => {
  await base();
  world.commit();
  await change();

  expect(await check()).toMatchObject({
    code: 1,
    rules: ["promotion/source-retired"],
    document: { summary: { files: 1 } },
  });
  const promoted = await world.artifacts(["promote", "--confirm"], world.owner);
  expect(promoted).toMatchObject({
    code: 1,
    stdout: expect.stringContaining("0 files copied (0 B), 2 already published, 1 failed"),
    stderr: expect.stringContaining("of the project (infra/gcp/infra.yaml:5) is taken back first"),
  });
});

test.each([
  {
    how: "retires a project with published lines, and takes out what was never published",
    base: async () => {
      writeOurs();
      await stageNew();
    },
    change: () => {
      writeOurs(RETIRED);
      world.remove(`manifests/${STAGING}/1.37.0.yaml`);
    },
    files: 0,
  },
  {
    how: "takes what was never published out of a retired project",
    base: async () => {
      writeOurs(RETIRED);
      await stageNew();
    },
    change: () => world.remove(`manifests/${STAGING}/1.37.0.yaml`),
    files: 0,
  },
  {
    how: "moves all inputs into another root",
    base: () => undefined,
    change: () => {
      for (const part of ["infra", "filestores", "manifests"]) world.move(part, `estate/${part}`);
      placeRoot("estate");
    },
    files: 0,
  },
  {
    how: "gives the filestore of a linked manifest another destination",
    base: () => {
      world.move(PUBLISHED, "common/1.36.0.yaml");
      symlinkSync("../../common/1.36.0.yaml", world.path(PUBLISHED));
    },
    change: () =>
      world.writeFilestore(
        STAGING,
        `gs://${STAGING}/releases/`,
        `gs://${PROD}/binaries/kops/`,
        `gs://${PROD}/mirror/kops/`,
      ),
    files: 2,
  },
  {
    how: "is checked out with other line endings",
    base: () => undefined,
    change: () => {
      for (const part of ["filestores", "manifests"]) world.remove(part);
      world.git("-c", "core.autocrlf=true", "checkout", "--", ".");
    },
    files: 0,
  },
  {
    how: "mends a manifest, whose lines were never checked",
    base: () => world.write(PUBLISHED, oneBadLine()),
    change: () => world.writeManifest(`${STAGING}/1.36.0.yaml`, { "1.36.0/kops": "kops", "1.36.0/nodeup": "nodeup" }),
    files: 2,
  },
  {
    how: "gives a filestore another source, when all is published",
    base: () => undefined,
    change: () => world.writeFilestore(STAGING, "gs://k8s-staging-other/", `gs://${PROD}/binaries/kops/`),
    files: 0,
  },
])("has nothing against a change that $how", async ({ base, change, files }) => {
  await base();
  world.commit();
  change();

  expect(await check()).toMatchObject({ code: 0, rules: [], document: { summary: { files } } });
});

test("looks again at lines that are not published when their source changes", async () => {
  await world.upload(STAGING, "releases/1.37.0/kops", "new");
  world.writeManifest(`${STAGING}/1.37.0.yaml`, { "1.37.0/kops": "new" });
  world.commit();
  world.writeFilestore(STAGING, `gs://${STAGING}/relases/`, `gs://${PROD}/binaries/kops/`);

  expect(await check()).toMatchObject({
    code: 1,
    rules: ["promotion/missing-in-source"],
    document: { summary: { files: 1 } },
  });
});

test("fails where cdktf.json leads out of the folder that --root names", async () => {
  world.commit();
  placeRoot("../elsewhere");

  expect(await world.artifacts(["check", "--root", ".", "--base", "HEAD"])).toMatchObject({
    code: 2,
    stdout: "",
    stderr: expect.stringContaining('context.root: "../elsewhere" leaves the folder that --root names'),
  });
});

test("synth of another checkout reads what its own cdktf.json places, as the check does", async () => {
  world.move("infra/gcp/infra.yaml", "estate/infra/gcp/infra.yaml");
  placeRoot("estate");
  const { stderr } = await run([join(__dirname, "../../dist/main.js")], world.root, {
    ARTIFACTS_ROOT: world.root,
    CDKTF_CONTEXT_JSON: JSON.stringify({ root: "elsewhere" }),
  });

  expect(stderr).toContain("infra/gcp/defaults.yaml:1:1: error: ");
  expect(stderr).not.toContain("infra/gcp/infra.yaml does not exist");
});
