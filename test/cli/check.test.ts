import { existsSync, readFileSync, symlinkSync } from "node:fs";
import { sha256, World } from "./support/world";

const STAGING = "k8s-staging-kops";
const PROD = "k8s-artifacts-prod";
const FILESTORE = `filestores/${STAGING}/filepromoter-manifest.yaml`;

let world: World;

/** A fresh estate with one released version, published, and another one in staging. */
beforeEach(async () => {
  world = await World.create();
  await world.createBucket(STAGING);
  await world.createBucket(PROD);
  world.writeInfra({ [STAGING]: "" });
  world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/binaries/kops/`);
  for (const name of ["1.36.0/kops", "1.37.0/linux/kops", "1.37.0/darwin/kops"]) {
    await world.upload(STAGING, `releases/${name}`, `bytes of ${name}`);
  }
  await world.upload(PROD, "binaries/kops/1.36.0/kops", "bytes of 1.36.0/kops");
  world.writeManifest(`${STAGING}/1.36.0.yaml`, { "1.36.0/kops": "bytes of 1.36.0/kops" });
  world.commit();
});

afterEach(() => world?.close());

const newRelease = {
  "1.37.0/linux/kops": "bytes of 1.37.0/linux/kops",
  "1.37.0/darwin/kops": "bytes of 1.37.0/darwin/kops",
};

async function check(...args: readonly string[]) {
  const { code, stdout, stderr } = await world.artifacts(["check", "--json", ...args]);
  const document = stdout === "" ? undefined : JSON.parse(stdout);
  const rules: string[] = document?.findings
    .filter((each: { severity: string }) => each.severity === "error")
    .map((each: { rule: string }) => each.rule);
  return { code, stderr, document, rules };
}

describe("artifacts check of everything", () => {
  test("tells what is published, what would be copied, and where it will be", async () => {
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);
    const { code, stdout } = await world.artifacts(["check"]);

    expect(code).toBe(0);
    expect(stdout.split("\n")[0]).toBe("ok: 3 files in 2 manifests: 2 verified (53 B to copy), 1 published");
    expect(stdout).toContain(`  https://storage.googleapis.com/${PROD}/binaries/kops/1.37.0/linux/kops\n`);
  });

  test("says that staging no longer has what is published, and that it is fine", async () => {
    await world.call("DELETE", `/storage/v1/b/${STAGING}/o/${encodeURIComponent("releases/1.36.0/kops")}`);
    const { code, stdout } = await world.artifacts(["check"]);

    expect(code).toBe(0);
    expect(stdout).toMatch(/^ok: 1 file in 1 manifest: 1 published \(1 expired in staging, which is fine\)$/m);
  });

  test("needs no credentials, and uses none", async () => {
    const { code } = await world.artifacts(["check"], world.as("user:nobody@example.org"));

    expect(code).toBe(0);
  });

  test("tells every failure of a manifest that stands on one line", async () => {
    const files = ["a", "b", "c"].map((name) => ({ name: `1.38.0/${name}`, sha256: sha256(name) }));
    world.write(`manifests/${STAGING}/1.38.0.yaml`, JSON.stringify({ files }));
    const { stdout } = await world.artifacts(["check"]);

    for (const { name } of files) expect(stdout).toContain(`gs://${STAGING}/releases/${name}: not found`);
  });

  test("tells the address of a file that is listed twice once", async () => {
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);
    const lines = world.read(`manifests/${STAGING}/1.37.0.yaml`).split("\n").slice(1).join("\n");
    world.write(`manifests/${STAGING}/1.37.0.yaml`, `files:\n${lines}\n${lines}`);
    const { stdout } = await world.artifacts(["check"]);

    expect(stdout.split(`https://storage.googleapis.com/${PROD}/binaries/kops/1.37.0/linux/kops\n`)).toHaveLength(2);
  });

  test("counts a file that two manifests list once where it counts bytes", async () => {
    for (const file of ["1.37.0", "again"]) world.writeManifest(`${STAGING}/${file}.yaml`, newRelease);
    const { document } = await check();

    expect(document.summary).toMatchObject({ verified: 4, bytes: 53 });
  });

  test("fails on a line that its source does not hold, at its place, with what was meant", async () => {
    world.writeManifest(`${STAGING}/1.37.0.yaml`, { "linux/kops": "bytes of 1.37.0/linux/kops" });
    const { code, stdout } = await world.artifacts(["check"]);

    expect(code).toBe(1);
    expect(stdout).toContain(
      `manifests/${STAGING}/1.37.0.yaml:2:3: error: gs://${STAGING}/releases/linux/kops: not found`,
    );
    expect(stdout).toContain('did you mean "1.37.0/linux/kops"?');
  });

  test("fails on other bytes than the manifest says", async () => {
    world.writeManifest(`${STAGING}/1.37.0.yaml`, { "1.37.0/linux/kops": "something else" });

    expect(await check()).toMatchObject({ code: 1, rules: ["promotion/hash-differs"] });
  });

  test("says a failure once, however many destinations share it", async () => {
    world.writeFilestore(
      STAGING,
      `gs://${STAGING}/releases/`,
      `gs://${PROD}/binaries/kops/`,
      `gs://${PROD}/mirror/kops/`,
    );
    world.writeManifest(`${STAGING}/1.37.0.yaml`, { "1.37.0/nothing": "x" });
    const { rules, document } = await check();

    expect(rules).toEqual(["promotion/missing-in-source"]);
    expect(document.findings[0].summary).toContain("(and so for 1 more destination)");
  });

  test("goes on beside a manifest that holds a mistake", async () => {
    world.write(`manifests/${STAGING}/broken.yaml`, "files:\n- nmae: x\n");
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);
    const { code, document } = await check();

    expect(code).toBe(1);
    expect(document.summary).toMatchObject({ verified: 2, published: 1, failed: 0 });
  });

  test("looks at the other lines of a manifest that holds a mistake as well", async () => {
    const broken = { ...newRelease, "1.37.0/absent": "x", "1.37.0//linux/kops": "bytes of 1.37.0/linux/kops" };
    world.writeManifest(`${STAGING}/1.37.0.yaml`, broken);
    const { stdout } = await world.artifacts(["check"]);

    expect(stdout.split("\n")[0]).toBe(
      "FAILED: 4 files in 2 manifests: 2 verified (53 B to copy), 1 published, 1 failed; mistakes keep 1 manifest from being looked at in full",
    );
    expect(stdout).toContain(`gs://${STAGING}/releases/1.37.0/absent: not found`);
    expect(stdout).not.toContain(`gs://${STAGING}/releases/1.37.0//`);
  });

  test.each([
    {
      where: "its manifest",
      file: `manifests/${STAGING}/1.36.0.yaml`,
      text: "files:\n- name: 1.36.0/kops\n  sha256: 12\n",
    },
    { where: "its filestore", file: FILESTORE, text: "filestores: []\n" },
  ])("does not say that there is nothing to promote where a mistake is in $where", async ({ file, text }) => {
    world.write(file, text);
    const { stdout } = await world.artifacts(["check"]);

    expect(stdout.split("\n")[0]).toBe(
      "FAILED: no files that could be looked at; mistakes keep 1 manifest from being looked at in full",
    );
  });

  test("refuses destinations that lie within one another", async () => {
    world.writeInfra({ [STAGING]: "", "k8s-staging-other": "" });
    world.writeFilestore("k8s-staging-other", "gs://k8s-staging-other/", `gs://${PROD}/binaries/`);

    expect((await check()).rules).toContain("filestore/overlap");
  });

  test("an estate without manifests is fine", async () => {
    world.remove("manifests");
    world.write("manifests/.gitkeep", "");

    expect(await check()).toMatchObject({ code: 0, document: { summary: { files: 0 } } });
  });
});

describe("artifacts check --base", () => {
  test("lets an OWNERS file come with its filestore, as an onboarding writes it", async () => {
    world.writeInfra({ [STAGING]: "", "k8s-staging-anvil": "" });
    world.commit();
    world.writeFilestore("k8s-staging-anvil", "gs://k8s-staging-anvil/releases/", `gs://${PROD}/binaries/anvil/`);
    world.write("manifests/k8s-staging-anvil/OWNERS", "approvers:\n- ana\n");

    expect((await check("--base", "HEAD")).rules).not.toContain("change/separation");

    world.writeManifest("k8s-staging-anvil/1.0.0.yaml", { "1.0.0/tool": "x" });
    expect((await check("--base", "HEAD")).rules).toContain("change/separation");
  });

  test("refuses who changes a filestore and, at once, who approves manifests that are there", async () => {
    world.writeManifest(`${STAGING}/1.36.1.yaml`, { "1.36.1/tool": "x" });
    world.commit();
    world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/elsewhere/`);
    world.write(`manifests/${STAGING}/OWNERS`, "approvers:\n- mallory\n");

    expect((await check("--base", "HEAD")).rules).toContain("change/separation");
  });

  test("looks only at what the change adds", async () => {
    world.writeManifest(`${STAGING}/1.36.1.yaml`, { "1.36.1/never-there": "x" });
    world.commit("a mistake that was merged");
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);
    world.commit();
    const { code, document } = await check("--base", "HEAD^");

    expect(code).toBe(0);
    expect(document.summary).toMatchObject({ files: 2, verified: 2 });
    expect(document.base.changed).toEqual([`manifests/${STAGING}/1.37.0.yaml`]);
    expect((await check()).code).toBe(1);
  });

  test("does not read what a change put in the place of a file, if that never ends", async () => {
    const manifest = `manifests/${STAGING}/1.36.0.yaml`;
    world.remove(manifest);
    symlinkSync("/dev/zero", world.path(manifest));
    world.commit("a link to a device");
    const { code, rules, document } = await check("--base", "HEAD^");

    expect(code).toBe(1);
    expect(rules).toContain("file/outside");
    expect(document.base.changed).toEqual([manifest]);
  });

  test("sees what is not committed yet", async () => {
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);

    expect((await check("--base", "main")).document.summary).toMatchObject({ files: 2, verified: 2 });
  });

  test("what happened on the base branch since is not the change's doing", async () => {
    const fork = world.commit();
    world.writeManifest(`${STAGING}/1.36.1.yaml`, { "1.36.1/other": "x" });
    world.commit("on main");
    world.git("checkout", "--quiet", "-b", "change", fork);
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);
    world.commit("on the branch");

    expect(await check("--base", "main")).toMatchObject({ code: 0, rules: [], document: { summary: { files: 2 } } });
  });

  test("mistakes that the base has are told by number, unless the change touches their directory", async () => {
    const twice = ["a", "b"].map((bytes) => `- {name: old, sha256: ${sha256(bytes)}}`);
    world.writeFilestore("k8s-staging-etcd", "gs://k8s-staging-etcd/", `gs://${PROD}/binaries/etcd/`);
    world.write("manifests/k8s-staging-etcd/old.yaml", `files:\n${twice.join("\n")}\n`);
    world.commit();
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);
    const { code, rules, document } = await check("--base", "HEAD");
    expect({ code, rules, inherited: document.summary.inherited.errors > 0 }).toEqual({
      code: 0,
      rules: [],
      inherited: true,
    });
    expect((await world.artifacts(["check", "--base", "HEAD"])).stdout).toMatch(/^HEAD has \d errors? .* of its own/m);

    world.writeManifest("k8s-staging-etcd/new.yaml", { new: "x" });
    expect((await check("--base", "HEAD")).code).toBe(1);
    expect((await check("--base", "HEAD")).rules).toContain("manifest/conflict");
  });

  test("asks for no line of a manifest whose mistake the base has, until the change touches its directory", async () => {
    world.writeManifest(`${STAGING}/1.37.0.yaml`, { "1.37.0/absent": "x", "1.37.0//odd": "y" });
    world.commit();
    expect(await check("--base", "HEAD")).toMatchObject({ code: 0, document: { summary: { files: 0, unread: 0 } } });

    world.writeManifest(`${STAGING}/1.38.0.yaml`, { "1.37.0/linux/kops": "bytes of 1.37.0/linux/kops" });
    expect(await check("--base", "HEAD")).toMatchObject({
      rules: expect.arrayContaining(["manifest/name", "promotion/missing-in-source"]),
      document: { summary: { files: 2, unread: 1 } },
    });
  });

  test("looks at every line of a filestore that gets another destination", async () => {
    world.writeFilestore(
      STAGING,
      `gs://${STAGING}/releases/`,
      `gs://${PROD}/binaries/kops/`,
      `gs://${PROD}/mirror/kops/`,
    );

    expect(await check("--base", "HEAD")).toMatchObject({ code: 0, document: { summary: { files: 1, verified: 1 } } });
  });

  test("moving lines from one manifest to another adds and takes nothing", async () => {
    world.remove(`manifests/${STAGING}/1.36.0.yaml`);
    world.writeManifest(`${STAGING}/all.yaml`, { "1.36.0/kops": "bytes of 1.36.0/kops" });

    expect(await check("--base", "HEAD")).toMatchObject({ code: 0, rules: [], document: { summary: { files: 0 } } });
  });

  test("refuses a change that touches filestores and manifests", async () => {
    world.writeFilestore(STAGING, `gs://${STAGING}/releases`, `gs://${PROD}/binaries/kops/`);
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);

    expect(await check("--base", "HEAD")).toMatchObject({ code: 1, rules: ["change/separation"] });
  });

  test("refuses to change the hash of a published line", async () => {
    world.writeManifest(`${STAGING}/1.36.0.yaml`, { "1.36.0/kops": "other bytes" });
    const { code, rules, document } = await check("--base", "HEAD");

    expect({ code, rules }).toEqual({ code: 1, rules: ["promotion/destination-differs"] });
    expect(document.findings[0]).toMatchObject({ file: `manifests/${STAGING}/1.36.0.yaml`, line: 2 });
  });

  test.each([
    {
      part: "line",
      change: () => world.writeManifest(`${STAGING}/1.36.0.yaml`, {}),
      at: [`manifests/${STAGING}/1.36.0.yaml`, 1],
      repair: `put the line back (it stood in manifests/${STAGING}/1.36.0.yaml:2)`,
    },
    {
      part: "manifest",
      change: () => world.remove(`manifests/${STAGING}/1.36.0.yaml`),
      at: [`manifests/${STAGING}/1.36.0.yaml`, 1],
      repair: `put manifests/${STAGING}/1.36.0.yaml back, or its line 2 into another manifest of ${STAGING}`,
    },
    {
      part: "destination",
      change: () => world.writeFilestore(STAGING, `gs://${STAGING}/releases/`, `gs://${PROD}/elsewhere/`),
      at: [FILESTORE, 4],
      repair: `put the destination gs://${PROD}/binaries/kops/ back (it stood in ${FILESTORE}:4)`,
    },
    {
      part: "filestore",
      change: () => world.remove(`filestores/${STAGING}`),
      at: [FILESTORE, 1],
      repair: `put ${FILESTORE} back`,
    },
  ])("refuses to take out the $part of a published file", async ({ part, change, at, repair }) => {
    change();
    const { code, document } = await check("--base", "HEAD");
    const [found, ...others] = document.findings.filter(
      ({ rule }: { rule: string }) => rule === "change/published-line-removed",
    );

    expect({ code, others, at: [found.file, found.line] }).toEqual({ code: 1, others: [], at });
    expect(found.summary).toContain(`1.36.0/kops: this change takes its ${part} out, and the file is published`);
    expect(found.detail).toBe(`Published files stay published: ${repair}.`);
  });

  test("lets a line go that was never published", async () => {
    world.writeManifest(`${STAGING}/incident.yaml`, { "linux/kops": "x" });
    world.commit("names without their version");
    world.remove(`manifests/${STAGING}/incident.yaml`);
    world.writeManifest(`${STAGING}/1.37.0.yaml`, newRelease);

    expect(await check("--base", "HEAD")).toMatchObject({ code: 0, rules: [], document: { summary: { verified: 2 } } });
  });

  test("says nothing about lines of a manifest that can not be read, beyond its mistake", async () => {
    world.write(`manifests/${STAGING}/1.36.0.yaml`, "files:\n- name: 1.36.0/kops\n");

    expect(await check("--base", "HEAD")).toMatchObject({ code: 1, rules: ["schema/required"] });
  });

  test("refuses when a project, a group or a filestore vanishes, and lets go what was retired", async () => {
    const managed = "stacks/staging.ts";
    const group = (name: string, members: string) =>
      `- email-id: k8s-infra-staging-${name}@example.org\n  name: k8s-infra-staging-${name}\n  description: |-\n    ACL for ${name}\n  settings:\n    ReconcileMembers: "true"\n  members: ${members}\n`;
    const retired = "{retired: {since: 2026-01-01, keep-published: true, step: shut-down}}";
    world.write("groups/config.yaml", "domains: [example.org]\n");
    world.writeInfra({ [STAGING]: "", "k8s-staging-gone": "", "k8s-staging-over": retired }, managed);
    world.writeFilestore("k8s-staging-gone", "gs://k8s-staging-gone/", `gs://${PROD}/gone/`);
    world.writeFilestore("k8s-staging-over", "gs://k8s-staging-over/", `gs://${PROD}/over/`);
    const groups = (...names: readonly string[]) =>
      world.write("groups/sig/groups.yaml", `groups:\n${names.map((name) => group(name, "[a@example.org]")).join("")}`);
    groups("kops", "gone", "over");
    world.commit();
    world.writeInfra({ [STAGING]: "" }, managed);
    world.remove("filestores/k8s-staging-gone");
    world.remove("filestores/k8s-staging-over");
    groups("kops");
    const { document } = await check("--base", "HEAD");
    const vanished = document.findings.filter(({ rule }: { rule: string }) => rule.endsWith("-vanished"));

    expect(
      vanished.map(({ rule, summary }: { rule: string; summary: string }) => [rule, summary.split(":")[0]]),
    ).toEqual([
      ["change/filestore-vanished", '"k8s-staging-gone"'],
      ["change/group-vanished", "k8s-infra-staging-gone@example.org"],
      ["change/project-vanished", "k8s-staging-gone"],
    ]);
  });

  test.each([
    {
      where: "a folder of a larger repository",
      folder: "estate/of ours",
      filestores: "filestores",
      manifests: "manifests",
    },
    {
      where: "the places of k8s.io",
      folder: "k8s.io",
      filestores: "artifacts/filestores",
      manifests: "artifacts/manifests",
    },
  ])("finds the base in $where", async ({ folder, filestores, manifests }) => {
    world.move("filestores", `${folder}/${filestores}`);
    world.move("manifests", `${folder}/${manifests}`);
    world.move("infra", `${folder}/infra`);
    world.commit();
    world.write(`${folder}/${manifests}/${STAGING}/1.36.0.yaml`, "files: []\n");

    expect(await check("--root", folder, "--base", "HEAD")).toMatchObject({
      code: 1,
      rules: ["change/published-line-removed"],
      document: { base: { changed: [`${manifests}/${STAGING}/1.36.0.yaml`] } },
    });
  });

  test("a change that points cdktf.json elsewhere does not lose what was published", async () => {
    world.write("cdktf.json", JSON.stringify({ context: { manifests: "other" } }));
    world.write(
      `other/${STAGING}/1.37.0.yaml`,
      world.read(`manifests/${STAGING}/1.36.0.yaml`).replaceAll("1.36.0", "1.36.9"),
    );

    expect((await check("--base", "HEAD")).rules).toContain("change/published-line-removed");
  });

  test.each([
    { when: "the revision does not exist", base: "no-such-branch" },
    { when: "it looks like a flag", base: "--output=/tmp/x" },
  ])("fails with exit code 2 when $when", async ({ base }) => {
    expect(await world.artifacts(["check", `--base=${base}`])).toMatchObject({
      code: 2,
      stdout: "",
      stderr: expect.stringContaining(base),
    });
  });

  test("fails with exit code 2 outside of a repository", async () => {
    world.remove(".git");

    expect(await world.artifacts(["check", "--base", "main"])).toMatchObject({ code: 2, stdout: "" });
  });
});

describe("what artifacts check writes", () => {
  beforeEach(() => {
    world.writeManifest(`${STAGING}/1.37.0.yaml`, { ...newRelease, "1.37.0/a`b|c @team <b>": "x" });
  });

  test("a manifest's name mentions nobody in Markdown", async () => {
    world.writeManifest(`${STAGING}/@team-#1.yaml`, { "1.37.0/linux/kops": newRelease["1.37.0/linux/kops"] });
    await world.artifacts(["check", "--markdown", "out.md"]);

    expect(world.read("out.md")).toContain(`<code>manifests/${STAGING}/@team-#1.yaml</code>`);
    expect(world.read("out.md").replaceAll(/<code>.*?<\/code>|(`+)[^\n]*?\1/g, "")).not.toMatch(/[@#]\w/);
  });

  test("Markdown fits into a comment on GitHub, and tells how much is left out", async () => {
    const long = (name: string) => `1.38.0/${"@very-long-name/".repeat(50)}${name}`;
    for (const name of ["a", "b"]) await world.upload(STAGING, `releases/${long(name)}`, name);
    for (let number = 100; number < 180; number += 1) {
      world.writeManifest(`${STAGING}/1.38.${number}.yaml`, { [long("a")]: "a", [long("b")]: "b" });
      world.writeManifest(`${STAGING}/2.0.${number}.yaml`, { [long(`absent-${number}`)]: "x" });
    }
    await world.artifacts(["check", "--markdown", "out.md"]);
    const text = world.read("out.md");

    expect(text.length).toBeLessThan(65_536);
    expect(text).toMatch(/^- \.\.\. and \d+ more$/m);
    expect(text).toMatch(/\n\n\.\.\. and \d+ more manifests\n$/);
  });

  test("annotations of GitHub Actions name the file as the repository does", async () => {
    const env = { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: world.path("..") };
    const folder = world.root.split("/").at(-1);
    const { stdout } = await world.artifacts(["check"], env);

    expect(stdout).toMatch(
      new RegExp(
        `^::error file=${folder}/manifests/${STAGING}/1.37.0.yaml,line=6,col=3,title=promotion/missing-in-source::`,
        "m",
      ),
    );
    expect((await world.artifacts(["check"])).stdout).not.toContain("::error");
  });

  test("Markdown shows what comes from the inputs, and obeys nothing of it", async () => {
    const { code } = await world.artifacts(["check", "--markdown", "out.md"]);
    const text = world.read("out.md");

    expect(code).toBe(1);
    expect(text).toContain("❌ FAILED");
    expect(text).toMatch(/``[^\n]*a`b\\\|c @team <b>[^\n]*``/);
    expect(text).toContain(`\`https://storage.googleapis.com/${PROD}/binaries/kops/1.37.0/linux/kops\``);
  });

  test("SARIF has a result for each finding, at its place", async () => {
    await world.artifacts(["check", "--sarif", "out.sarif"]);
    const document = JSON.parse(readFileSync(world.path("out.sarif"), "utf8"));

    expect(document).toMatchObject({
      version: "2.1.0",
      runs: [
        {
          tool: { driver: { name: "artifacts" } },
          results: [
            {
              ruleId: "promotion/missing-in-source",
              level: "error",
              locations: [
                {
                  physicalLocation: {
                    artifactLocation: { uri: `manifests/${STAGING}/1.37.0.yaml` },
                    region: { startLine: 6, startColumn: 3 },
                  },
                },
              ],
            },
            ...document.runs[0].results.slice(1),
          ],
        },
      ],
    });
  });

  test.each([
    { what: "no name", file: "", words: "expected the name of a file" },
    { what: "a folder", file: "manifests", words: "expected a file, found a folder" },
    { what: "a folder that is not there", file: "none/out", words: "there is no folder" },
  ])("fails before anything is read when the file for a report is $what", async ({ file, words }) => {
    for (const flag of ["--markdown", "--sarif"]) {
      const { code, stdout, stderr } = await world.artifacts(["check", flag, file]);

      expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
      expect(stderr).toContain(words);
    }
  });

  (existsSync("/dev/full") ? test : test.skip)(
    "prints what it found also when a report can not be written",
    async () => {
      const args = ["check", "--markdown", "/dev/full", "--sarif", "out.sarif"];
      const { code, stdout, stderr } = await world.artifacts(args);

      expect({ code, stdout }).toEqual({ code: 1, stdout: expect.stringContaining("FAILED") });
      expect(stderr).toContain("artifacts: --markdown /dev/full: it was not written: no space is left");
      expect(world.read("out.sarif")).toContain("promotion/missing-in-source");
    },
  );

  test("JSON has every file with its hash, size and address", async () => {
    const { document } = await check();

    expect(document.manifests.find(({ file }: { file: string }) => file.endsWith("1.37.0.yaml")).files[0]).toEqual({
      name: "1.37.0/linux/kops",
      sha256: sha256("bytes of 1.37.0/linux/kops"),
      status: "verified",
      size: 26,
      urls: [`https://storage.googleapis.com/${PROD}/binaries/kops/1.37.0/linux/kops`],
    });
  });
});

test("artifacts check ends with 3 when nothing can be reached", async () => {
  const { code, stdout } = await world.artifacts(["check", "--deadline", "4s"], {
    GOOGLE_STORAGE_CUSTOM_ENDPOINT: "http://127.0.0.1:9/storage/v1/",
  });

  expect({ code, stdout }).toMatchObject({ code: 3, stdout: expect.stringContaining("FAILED") });
});
