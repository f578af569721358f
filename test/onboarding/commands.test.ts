import { spawnSync } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { changeInputs } from "../../lib/cli/change-inputs";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { runOnTerminal } from "../support/on-terminal";

const checkout = join(__dirname, "../..");
const parts = ["infra/gcp", "groups", "filestores", "manifests"];
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "onboard-"));
  for (const part of parts) cpSync(join(checkout, part), join(root, part), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function artifacts(...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [join(checkout, "bin/artifacts.cjs"), ...words, "--root", root],
    { encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

const flags = ["--group-folder", "sig-build", "--member", "ana@example.org", "--approver", "ana"];

/** Every file below a folder with its bytes. */
function snapshot(folder: string): Readonly<Record<string, string>> {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map((entry) => [
      join(entry.parentPath, entry.name),
      readFileSync(join(entry.parentPath, entry.name), "utf8"),
    ]),
  );
}

describe("artifacts onboard", () => {
  test("writes valid inputs in one go, and offboarding before a deploy restores every byte", () => {
    const before = snapshot(root);
    const onboarded = artifacts("onboard", "anvil", ...flags, "--repository", "example-org/anvil");

    expect(onboarded).toMatchObject({ status: 0, stderr: "" });
    expect(onboarded.stdout).toContain("after approval: npx cdktf deploy groups staging-anvil\n");
    expect(artifacts("validate").status).toBe(0);
    expect(artifacts("show", "anvil").stdout).toContain("google_project.project");
    expect(existsSync(join(root, "infra/ci/builds/oss-staging-anvil/cloudbuild.yaml"))).toBe(true);

    expect(artifacts("offboard", "anvil", "--remove", "--never-deployed").status).toBe(0);
    expect(snapshot(root)).toEqual(before);
  });

  test("leaves mistakes in the manifests of other teams aside, and no mistake of its own", () => {
    writeFileSync(join(root, "manifests/oss-staging-quill/broken.yaml"), "files: [\n");
    const aside = { status: 0, stderr: "1 mistake in manifests left aside: npx artifacts validate tells more.\n" };
    const before = snapshot(root);

    expect(artifacts("onboard", "anvil", ...flags)).toMatchObject(aside);
    expect(artifacts("offboard", "anvil", "--remove", "--never-deployed")).toMatchObject(aside);
    for (const words of [["quill"], ["quill", "--remove", "--never-deployed"]])
      expect(artifacts("offboard", ...words)).toMatchObject({
        status: 2,
        stdout: "",
        stderr: expect.stringContaining("manifests/oss-staging-quill/broken.yaml:2:1: error: this is not YAML"),
      });
    expect(artifacts("offboard", "lathe", "--remove", "--never-deployed").stderr).toContain("has a manifest");
    expect(snapshot(root)).toEqual(before);
  });

  test("is refused for what stands in the way, and mistakes that don't are counted", () => {
    writeFileSync(join(root, "manifests/oss-staging-quill/broken.yaml"), "files: [\n");
    writeFileSync(join(root, "groups/sig-build/groups.yaml"), "groups: [{}]\n");
    const { status, stderr } = artifacts("onboard", "anvil", ...flags);

    expect(status).toBe(2);
    expect(stderr).toContain("groups/sig-build/groups.yaml:1:10: error: groups[0].email-id: is required");
    expect(stderr).not.toContain("broken.yaml");
    expect(stderr).toContain("1 mistake in manifests left aside: npx artifacts validate tells more.\n");
  });

  test("asks on a terminal for what no flag says, each until the answer will do", async () => {
    const words = [process.execPath, join(checkout, "bin/artifacts.cjs"), "onboard", "anvil", "--root", root];
    const { code, screen } = await runOnTerminal(words, [
      ["Folder that declares the group (sig-build, sig-infra, sig-release): ", "sig-build"],
      ["E-mail addresses of its first members: ", "ana"],
      ["E-mail addresses of its first members: ", "ana@example.org"],
      ["Who approves manifests (logins): ", "ana"],
      ["Source repository for automatic builds, owner/name (empty: none): ", "example-org/anvil"],
    ]);

    expect(screen).toContain('"ana" is not an e-mail address');
    expect({ code, screen }).toMatchObject({ code: 0, screen: expect.stringContaining("Written. Next:") });
    expect(existsSync(join(root, "infra/ci/builds/oss-staging-anvil/cloudbuild.yaml"))).toBe(true);
  });

  test("tells on a terminal of flags that are wrong before it asks for others", async () => {
    const words = ["onboard", "anvil", "--member", "ana", "--destination", "gs://oss-access-logs/x/", "--root", root];
    const { code, screen } = await runOnTerminal([process.execPath, join(checkout, "bin/artifacts.cjs"), ...words], []);

    expect(code).toBe(2);
    expect(screen).toMatch(/^error: --member "ana".*\nerror: --destination .* access logs .*\nNothing was written.\n$/);
  });

  test("tells what validate warns of because of it, and not what was there before", () => {
    const zoe = ["--group-folder", "sig-build", "--member", "zoe@example.org", "--approver", "ana"];
    const { diagnostics } = JSON.parse(artifacts("onboard", "anvil", ...zoe, "--dry-run", "--json").stdout);
    const warned = artifacts("onboard", "anvil", ...zoe);
    const before = artifacts("onboard", "alpha", ...flags);

    expect(diagnostics).toMatchObject([{ severity: "warning", file: "groups/sig-build/groups.yaml" }]);
    expect(warned).toMatchObject({ status: 0, stderr: expect.stringMatching(/warning: .*"zoe@example.org"/) });
    expect(artifacts("validate").stdout).toContain("valid: 0 errors, 1 warning");
    expect(before).toMatchObject({ status: 0, stderr: "" });
  });

  test("gives a new project an account of its own to build as, which its build configuration names", () => {
    expect(artifacts("onboard", "anvil", ...flags, "--repository", "example-org/anvil").status).toBe(0);
    const read = (file: string) => readFileSync(join(root, file), "utf8");
    const config = parse(read("infra/ci/builds/oss-staging-anvil/cloudbuild.yaml"));
    const shown = artifacts("show", "anvil").stdout;

    expect(read("infra/gcp/infra.yaml")).toContain("      oss-staging-anvil:\n        build-account: builder\n");
    expect(config).toMatchObject({
      serviceAccount: "projects/oss-staging-anvil/serviceAccounts/builder@oss-staging-anvil.iam.gserviceaccount.com",
      options: { logging: "CLOUD_LOGGING_ONLY" },
    });
    expect(read("infra/ci/builds/oss-staging-anvil/job.yaml")).not.toContain("--gcs-log-dir");
    expect(shown).toContain("google_service_account.builds");
  });

  test("gives a folder of a shared project, with builds that reach no other", () => {
    const before = snapshot(root);
    const shared = ["--shared-project", "oss-staging-quill", "--repository", "example-org/anvil"];
    expect(artifacts("onboard", "anvil", ...flags, ...shared)).toMatchObject({ status: 0, stderr: "" });
    const read = (file: string) => readFileSync(join(root, file), "utf8");
    const config = parse(read("infra/ci/builds/oss-staging-anvil/cloudbuild.yaml"));

    expect(artifacts("validate").status).toBe(0);
    expect(read("infra/gcp/infra.yaml")).toContain(
      "      oss-staging-anvil:\n        mode: shared\n        shared-project: oss-staging-quill\n        build-account: builder\n",
    );
    expect(read("filestores/oss-staging-anvil/filepromoter-manifest.yaml")).toContain(
      "  - base: gs://oss-quill-candidates/anvil/releases/\n",
    );
    expect(config.serviceAccount).toBe(
      "projects/oss-staging-quill/serviceAccounts/builder-anvil@oss-staging-quill.iam.gserviceaccount.com",
    );
    expect(read("infra/ci/builds/oss-staging-anvil/job.yaml")).toContain(
      "--gcs-source-staging-dir=gs://oss-quill-candidates-gcb/anvil/source\n",
    );

    const { settings, host } = JSON.parse(artifacts("show", "anvil", "--json").stdout);
    expect(Object.keys(settings)).not.toContain("budget");
    expect(host.roles).toContainEqual({
      member: "group:oss-infra-staging-quill@example.org",
      role: "roles/storage.objectAdmin",
      on: "gs://oss-quill-candidates",
    });
    expect(artifacts("show", "anvil").stdout).toContain("\n# Who else, through the shared project oss-staging-quill ");
    const logWriter = {
      member: "serviceAccount:builder-anvil@oss-staging-quill.iam.gserviceaccount.com",
      role: "roles/logging.logWriter",
      on: "oss-staging-quill",
    };
    expect(JSON.parse(artifacts("show", "quill", "--json").stdout).guests).toEqual([
      { name: "anvil", roles: expect.arrayContaining([logWriter]) },
    ]);
    expect(artifacts("show", "quill").stdout).toContain("\n# Who else, through its guest anvil\n");
    expect(artifacts("offboard", "anvil", "--remove", "--never-deployed").status).toBe(0);
    expect(snapshot(root)).toEqual(before);
  });

  test.each([
    { says: "none", account: undefined, logs: true },
    { says: "cloud-builds", account: "cloud-builds@oss-staging-anvil.iam.gserviceaccount.com", logs: false },
  ])("leaves that to defaults.yaml where it says $says", ({ says, account, logs }) => {
    const file = join(root, "infra/gcp/defaults.yaml");
    writeFileSync(file, readFileSync(file, "utf8").replace("staging:\n", `staging:\n  build-account: ${says}\n`));
    expect(artifacts("onboard", "anvil", ...flags, "--repository", "example-org/anvil").status).toBe(0);
    const config = parse(readFileSync(join(root, "infra/ci/builds/oss-staging-anvil/cloudbuild.yaml"), "utf8"));
    const job = readFileSync(join(root, "infra/ci/builds/oss-staging-anvil/job.yaml"), "utf8");

    expect(readFileSync(join(root, "infra/gcp/infra.yaml"), "utf8")).not.toContain("build-account");
    expect(config.serviceAccount?.split("/").at(-1)).toBe(account);
    expect(job.includes("--gcs-log-dir")).toBe(logs);
  });

  test("writes a job that starts builds as the account that may", () => {
    const file = join(root, "infra/gcp/defaults.yaml");
    const named = "gcb-builder-service-account: image-builder@oss-build.iam.gserviceaccount.com\n";
    writeFileSync(file, readFileSync(file, "utf8") + named);
    const onboarded = artifacts("onboard", "anvil", ...flags, "--repository", "example-org/anvil");
    const job = readFileSync(join(root, "infra/ci/builds/oss-staging-anvil/job.yaml"), "utf8");

    expect(parse(job).postsubmits["example-org/anvil"][0].spec.serviceAccountName).toBe("image-builder");
    expect(job).toContain(
      "acts as image-builder@oss-build.iam.gserviceaccount.com, which may start builds in oss-staging-anvil.\n",
    );
    expect(onboarded.stdout).not.toContain("gcb-builder-service-account");
  });

  test.each([
    { where: "in a project of its own", shared: [], right: "# may start builds in oss-staging-anvil; name below" },
    {
      where: "in a shared project of others",
      shared: ["--shared-project", "oss-staging-loom"],
      right: "# may start builds in oss-staging-loom once its owners give it roles/cloudbuild.builds.builder;",
    },
  ])("says $where that nobody starts builds while defaults.yaml names no account", ({ shared, right }) => {
    const onboarded = artifacts("onboard", "anvil", ...flags, "--repository", "example-org/anvil", ...shared);
    const job = readFileSync(join(root, "infra/ci/builds/oss-staging-anvil/job.yaml"), "utf8");

    expect(onboarded.stdout).toContain("set gcb-builder-service-account in infra/gcp/defaults.yaml, which lets");
    expect(job).toContain(`# Nobody starts it yet: defaults.yaml has no gcb-builder-service-account.`);
    expect(job).toContain(right);
  });

  test.each([
    { name: "Anvil_Tool", says: 'Use "anvil-tool", for example.' },
    { name: "a-name-that-is-much-too-long", says: "leaves room for 18" },
    { name: "lathe", says: "oss-staging-lathe stands in infra/gcp/infra.yaml" },
    { name: "oss-staging-anvil", says: 'Use "anvil", for example.' },
    { name: "anvil-", says: "only lower-case letters" },
    { name: "../etc", says: "only lower-case letters" },
  ])("refuses the name $name with a way out, and writes nothing", ({ name, says }) => {
    const before = snapshot(root);
    const refused = artifacts("onboard", name, ...flags);

    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain(says);
    expect(snapshot(root)).toEqual(before);
  });

  test.each([
    { flag: "--group-folder", value: "../../etc" },
    { flag: "--member", value: "ana" },
    { flag: "--approver", value: "{a" },
    { flag: "--bucket", value: "oss-staging-loom" },
    { flag: "--repository", value: "https://github.com/example-org/anvil" },
  ])("refuses $flag $value before it writes anything", ({ flag, value }) => {
    const before = snapshot(root);
    const refused = artifacts("onboard", "anvil", ...flags, flag, value);

    expect(refused).toMatchObject({ status: 2, stdout: "", stderr: expect.stringContaining(`${flag} "${value}`) });
    expect(snapshot(root)).toEqual(before);
  });

  test("completes what an earlier run was killed in, before it looks at the inputs", () => {
    const before = snapshot(root);
    expect(artifacts("onboard", "anvil", ...flags).status).toBe(0);
    const after = snapshot(root);
    const files = Object.keys(after).filter((path) => after[path] !== before[path]);
    const changes = files.map((path) => ({
      file: path.slice(root.length + 1),
      before: before[path],
      after: after[path],
    }));
    const last = files.at(-1) ?? "";
    if (before[last] === undefined) rmSync(last);
    else writeFileSync(last, before[last]);
    writeFileSync(
      join(root, ".artifacts-change.json"),
      JSON.stringify({ pid: 2 ** 22 + 1, command: "onboard anvil", changes }),
    );
    const again = artifacts("onboard", "anvil", ...flags);

    expect(again.status).toBe(0);
    expect(again.stderr).toContain('A change that was cut off, "onboard anvil", has been completed');
    expect(again.stdout).toBe("onboard anvil: all is written, see git diff.\n");
    expect(snapshot(root)).toEqual(after);
  });

  test("that was killed is completed by an offboarding, which goes on with its own", () => {
    const before = snapshot(root);
    const infra = join(root, "infra/gcp/infra.yaml");
    expect(artifacts("onboard", "anvil", ...flags).status).toBe(0);
    const change = { file: "infra/gcp/infra.yaml", before: before[infra], after: readFileSync(infra, "utf8") };
    const journal = { pid: 2 ** 22 + 1, command: "onboard anvil", changes: [change] };
    writeFileSync(infra, before[infra] ?? "");
    writeFileSync(join(root, ".artifacts-change.json"), JSON.stringify(journal));
    const offboarded = artifacts("offboard", "anvil", "--remove", "--never-deployed");

    expect(offboarded).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('"onboard anvil", has been completed'),
    });
    expect(offboarded.stdout).toContain("Written. Next:");
    expect(snapshot(root)).toEqual(before);
  });

  test("blames nobody's inputs for what another run has half written", () => {
    const journal = { pid: process.pid, command: "onboard bolt", changes: [] };
    writeFileSync(join(root, ".artifacts-change.json"), JSON.stringify(journal));
    mkdirSync(join(root, "filestores/oss-staging-bolt"));
    const halfWritten = "filestores/oss-staging-bolt/filepromoter-manifest.yaml";
    writeFileSync(join(root, halfWritten), "filestores:\n  - base: gs://oss-staging-bolt/\n    src: true\n");
    const shown = artifacts("onboard", "anvil", ...flags, "--dry-run", "--json");

    expect(shown).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/^error: .artifacts-change.json: another run is writing: "onboard bolt"\n {4}Run/),
    });
    expect(JSON.parse(shown.stdout).diagnostics).toEqual([
      {
        severity: "error",
        summary: expect.stringMatching(/^\S+: another run is writing: "onboard bolt"$/),
        detail: expect.stringMatching(/^Run this again when it has ended\./),
      },
    ]);
  });

  test("is not held against what another run wrote since it was planned", () => {
    const layout = layoutFrom(root);
    const infra = "infra/gcp/infra.yaml";
    const before = readFileSync(join(root, infra), "utf8");
    const loaded = loadEstate(layout);
    expect(artifacts("onboard", "bolt", ...flags).status).toBe(0);
    const options = { dryRun: false, json: false, command: "onboard anvil", nextSteps: () => [] };

    expect(() => changeInputs(layout, loaded, [{ file: infra, before, after: before }], options)).toThrow(
      `${infra}: was changed by somebody else meanwhile`,
    );
  });

  test("keeps a build configuration that stands there, and removes only one that it wrote", () => {
    const builds = join(root, "infra/ci/builds/oss-staging-anvil");
    const repository = ["--repository", "example-org/anvil"];
    mkdirSync(builds, { recursive: true });
    writeFileSync(join(builds, "cloudbuild.yaml"), "steps: []\n");
    const before = snapshot(root);
    const refused = artifacts("onboard", "anvil", ...flags, ...repository);

    expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining("stands there already") });
    expect(snapshot(root)).toEqual(before);

    rmSync(builds, { recursive: true });
    expect(artifacts("onboard", "anvil", ...flags, ...repository).status).toBe(0);
    appendFileSync(join(builds, "cloudbuild.yaml"), "# ours\n");
    expect(artifacts("offboard", "anvil", "--remove", "--never-deployed").stdout).toContain(
      "needs infra/ci/builds/oss-staging-anvil/cloudbuild.yaml: it is not as an onboarding writes it, and stays\n",
    );
    expect(readdirSync(builds)).toEqual(["cloudbuild.yaml"]);
  });

  test.each(["filestores/oss-staging-anvil", "manifests/oss-staging-anvil"])(
    "is refused, by a dry run as well, where %s is a file",
    (file) => {
      writeFileSync(join(root, file), "");
      const before = snapshot(root);

      for (const more of [[], ["--dry-run"]])
        expect(artifacts("onboard", "anvil", ...flags, ...more)).toMatchObject({ status: 2, stdout: "" });
      expect(snapshot(root)).toEqual(before);
    },
  );

  test("writes through a linked folder of the inputs, and a dry run doesn't", () => {
    const groups = join(root, "groups/sig-build");
    renameSync(groups, join(root, "of-sig-build"));
    symlinkSync("../of-sig-build", groups);
    const before = snapshot(root);

    expect(artifacts("onboard", "anvil", ...flags, "--dry-run").status).toBe(0);
    expect(snapshot(root)).toEqual(before);
    expect(artifacts("onboard", "anvil", ...flags)).toMatchObject({ status: 0, stderr: "" });
    expect(readFileSync(join(root, "of-sig-build/groups.yaml"), "utf8")).toContain("staging-anvil@example.org");
    expect(lstatSync(groups).isSymbolicLink()).toBe(true);
  });

  test("writes logins that some readers of YAML take for something else in quotes", () => {
    const approvers = ["--group-folder", "sig-build", "--member", "ana@example.org", "--approver", "on", "12e3", "ana"];
    expect(artifacts("onboard", "anvil", ...approvers).status).toBe(0);

    expect(readFileSync(join(root, "manifests/oss-staging-anvil/OWNERS"), "utf8")).toContain(
      'approvers:\n  - "on"\n  - "12e3"\n  - ana\n',
    );
  });

  test("quotes a destination that YAML would take for something else, and an address without a word of Node's", () => {
    const words = ["--member", "!a@example.org", "--destination", "gs://oss-artifacts-prod/a:"];
    const shown = artifacts(
      "onboard",
      "anvil",
      "--group-folder",
      "sig-build",
      "--approver",
      "ana",
      "--dry-run",
      ...words,
    );

    expect(shown.status).toBe(0);
    expect(shown.stdout).toContain('+  - base: "gs://oss-artifacts-prod/a:"\n');
    expect(shown.stderr).not.toContain("Warning");
  });

  test.each([
    { why: "a name", words: ["onboard", "lathe"] },
    { why: "a missing flag", words: ["onboard", "anvil"] },
    { why: "an unknown project", words: ["offboard", "anvil"] },
    { why: "a file in the way", words: ["onboard", "anvil", ...flags, "--repository", "example-org/anvil"] },
  ])("is refused for $why with the same document as every --json", ({ words }) => {
    mkdirSync(join(root, "infra/ci/builds/oss-staging-anvil"), { recursive: true });
    writeFileSync(join(root, "infra/ci/builds/oss-staging-anvil/cloudbuild.yaml"), "steps: []\n");
    const { status, stdout } = artifacts(...words, "--json");

    expect(status).toBe(2);
    const { ok, diagnostics } = JSON.parse(stdout);
    expect([ok, diagnostics[0].severity]).toEqual([false, "error"]);
  });

  test("tries inputs in folders that nobody may write", () => {
    for (const folder of ["manifests", "groups"]) chmodSync(join(root, folder), 0o555);
    const shown = artifacts("onboard", "anvil", ...flags, "--dry-run");
    for (const folder of ["manifests", "groups"]) chmodSync(join(root, folder), 0o755);

    expect(shown).toMatchObject({ status: 0, stderr: "" });
  });

  test("tells of a folder below a file with the other flags that are wrong", () => {
    writeFileSync(join(root, "groups/readme.md"), "");
    const refused = artifacts(
      "onboard",
      "anvil",
      "--group-folder",
      "readme.md/b",
      "--member",
      "ana",
      "--approver",
      "@",
    );

    expect(refused.stderr).toMatch(
      /^error: --group-folder "readme.md\/b": .* not a folder\. Use ".*\nerror: --member /,
    );
  });

  test("names the flags that are needed where nobody can be asked", () => {
    expect(artifacts("onboard", "anvil").stderr).toContain("--group-folder, --member, --approver: needed");
  });

  test("shows the change and writes nothing with --dry-run", () => {
    const before = snapshot(root);
    const shown = artifacts("onboard", "anvil", ...flags, "--dry-run", "--json");

    expect(JSON.parse(shown.stdout)).toMatchObject({ ok: true, written: false });
    expect(snapshot(root)).toEqual(before);
  });

  test("repairs nothing silently: inputs with mistakes are reported first", () => {
    writeFileSync(join(root, "groups/config.yaml"), "domain: example.org\n");
    const refused = artifacts("onboard", "anvil", ...flags);

    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain("groups/config.yaml:1:1");
  });
});

test("artifacts show prints settings that infra.yaml takes as they are, and that change nothing", () => {
  const infra = join(root, "infra/gcp/infra.yaml");
  const text = readFileSync(infra, "utf8").replace(
    "      oss-staging-lathe:\n",
    [
      "      oss-staging-lathe:",
      "        delete-after-days: never",
      "        gcb-location: EU",
      "        build-account: builder",
      "        budget: {amount: 5}",
      "        iam: {roles/pubsub.viewer: [group:oss-infra-release-viewers@example.org]}",
      "        iam-on: {gcb-bucket: {roles/storage.objectViewer: [group:oss-infra-release-viewers@example.org]}}",
      "",
    ].join("\n"),
  );
  writeFileSync(infra, text);
  const first = artifacts("show", "lathe").stdout.split("\n# Stack ");
  const settings = parse(first[0] ?? "");
  expect(settings).toMatchObject({
    "delete-after-days": "never",
    "gcb-location": "EU",
    public: true,
    registry: "none",
  });

  const whole = parse(text);
  whole.infra.staging.projects["oss-staging-lathe"] = settings;
  writeFileSync(infra, stringify(whole));
  const second = artifacts("show", "lathe");
  expect(second.stderr).toBe("");
  expect(parse(second.stdout.split("\n# Stack ")[0] ?? "")).toEqual(settings);
  expect(second.stdout.split("\n# Stack ")[1]).toBe(first[1]);
});

test("show of a retired project says that it is public no more", () => {
  const infra = join(root, "infra/gcp/infra.yaml");
  const block = "      oss-staging-lathe: {public: true, retired: {since: 2026-01-01, keep-published: true}}\n";
  writeFileSync(infra, readFileSync(infra, "utf8").replace("      oss-staging-lathe:\n", block));

  expect(JSON.parse(artifacts("show", "lathe", "--json").stdout).settings).toMatchObject({ public: false });
});

test.each([
  { asked: "oss-staging-lath", says: 'Did you mean "oss-staging-lathe"?' },
  { asked: "zzzzzz", says: "There are none: infra.yaml has no project that stacks/staging.ts manages." },
])("show of $asked, where no project is ours, says what there is", ({ asked, says }) => {
  const infra = join(root, "infra/gcp/infra.yaml");
  writeFileSync(infra, readFileSync(infra, "utf8").replaceAll("stacks/staging.ts", "somebody/else.tf"));

  expect(artifacts("show", asked)).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
});
