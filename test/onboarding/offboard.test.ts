import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runArtifacts } from "./support/run-artifacts";

const checkout = join(__dirname, "../..");
let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "offboard-"));
  for (const part of ["infra/gcp", "groups", "filestores", "manifests"])
    cpSync(join(checkout, part), join(root, part), { recursive: true });
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

const artifacts = (...words: readonly string[]) => runArtifacts(root, ...words);
const infra = () => readFileSync(join(root, "infra/gcp/infra.yaml"), "utf8");

/** The day so many days ago, in UTC. */
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);

/** Gives lathe a block in infra.yaml. */
function writeLathe(...lines: readonly string[]): string {
  const block = ["      oss-staging-lathe:", ...lines.map((line) => `        ${line}`)].join("\n");
  const text = infra().replace("      oss-staging-lathe:", block);
  writeFileSync(join(root, "infra/gcp/infra.yaml"), text);
  return text;
}

describe("artifacts offboard", () => {
  test("declares the retirement of a project, and nothing else", () => {
    const before = infra();
    const since = daysAgo(3);

    expect(artifacts("offboard", "lathe", "--since", since)).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("npx cdktf deploy staging-lathe promote-oss-staging-lathe\n"),
      stderr: expect.stringContaining("warning: oss-staging-lathe: the source"),
    });
    expect(infra()).toBe(
      before.replace(
        "      oss-staging-lathe:\n",
        `      oss-staging-lathe:\n        retired:\n          since: ${since}\n          keep-published: true\n`,
      ),
    );
  });

  test("names the stack of a private shared project too, which its only public guest changes when it comes and goes", () => {
    writeFileSync(
      join(root, "infra/gcp/infra.yaml"),
      infra().replace("oss-staging-quill:\n", "oss-staging-quill:\n        public: false\n"),
    );
    const guest = ["--group-folder", "sig-build", "--member", "ana@example.org", "--approver", "ana"];
    const come = artifacts("onboard", "anvil", ...guest, "--shared-project", "oss-staging-quill");
    const go = artifacts("offboard", "anvil", "--dry-run");

    expect(come.stdout).toContain("npx cdktf deploy groups staging-anvil staging-quill\n");
    expect(go.stdout).toContain('plans the stacks "staging-anvil" and "staging-quill"\n');
    expect(go.stdout).toContain("npx cdktf deploy staging-anvil staging-quill\n");
  });

  test("writes one step after the other once the notice is over, and keeps what was published declared", () => {
    writeLathe("retired:", `  since: ${daysAgo(40)} # announced`, "  keep-published: true");
    const released = artifacts("offboard", "lathe");
    const afterReleased = infra();
    const whileReleased = artifacts("validate");
    const shutDown = artifacts("offboard", "lathe");

    expect([released.status, shutDown.status]).toEqual([0, 0]);
    expect(afterReleased).toContain("# announced\n          keep-published: true\n          step: released\n");
    expect(released.stdout).toContain('make sure that "step: closed" was deployed');
    expect(infra()).toBe(afterReleased.replace("step: released", "step: shut-down"));
    const stays = "It stays in infra.yaml, retired, as its published files stay declared";
    expect(shutDown.stdout).toContain(`then nothing is left to do. ${stays}`);
    expect(artifacts("offboard", "lathe")).toMatchObject({ status: 2, stderr: expect.stringContaining(stays) });
    expect(artifacts("offboard", "lathe", "--remove").stderr).toContain("oss-staging-lathe has a manifest");
    // The last step leaves nothing to remind of.
    expect(whileReleased.stdout).toContain("retired since");
    expect(artifacts("validate").stdout).not.toContain("retired since");
  });

  test("ends with the removal where nothing was published", () => {
    rmSync(join(root, "manifests/oss-staging-lathe/v1.4.2.yaml"));
    writeLathe("retired:", `  since: ${daysAgo(40)}`, "  step: released");
    const adoption = join(root, "infra/gcp/adopt/staging-lathe.yaml");
    mkdirSync(dirname(adoption));
    writeFileSync(adoption, 'stack: staging-lathe\nimports:\n  google_project.project: "oss-staging-lathe"\n');

    expect(artifacts("offboard", "lathe").stdout).toContain("then: npx artifacts offboard lathe --remove");
    expect(artifacts("offboard", "lathe").stderr).toContain("`npx artifacts offboard lathe --remove`");
    expect(artifacts("offboard", "lathe", "--remove")).toMatchObject({
      status: 0,
      stdout: expect.stringContaining("npx cdktf deploy groups. The Google Group stays"),
    });
    expect(existsSync(adoption)).toBe(false);
    expect(artifacts("validate").status).toBe(0);
  });

  test("finds the place of a step in a block on one line", () => {
    writeLathe(`retired: { since: ${daysAgo(40)}, keep-published: true } # why`);

    expect(artifacts("offboard", "lathe").status).toBe(0);
    expect(infra()).toContain("keep-published: true, step: released } # why\n");
    expect(artifacts("validate").status).toBe(0);
  });

  test.each([{ days: 0 }, { days: 28 }])(
    "refuses the next step $days days after the decision, with the day",
    ({ days }) => {
      const text = writeLathe("retired:", `  since: ${daysAgo(days)}`, "  step: closed");
      const refused = artifacts("offboard", "lathe");

      expect(refused).toMatchObject({ status: 2, stderr: expect.stringContaining(`from ${daysAgo(days - 30)} on`) });
      expect(infra()).toBe(text);
    },
  );

  test.each([
    { args: ["lathe", "--since", "yesterday"], says: "is no day" },
    { args: ["lathe", "--since", "2026-02-30"], says: "is no day" },
    { args: ["lathe", "--since", "2999-01-01"], says: "is still to come" },
    { args: ["lathe", "--never-deployed"], says: "goes with --remove" },
    { args: ["lathe", "--remove"], says: "is not retired" },
    { args: ["lathe", "--remove", "--since", "2026-01-01"], says: "goes without --remove" },
    { args: ["lath"], says: 'Did you mean "lathe"?' },
    { args: ["oss-staging-lathe", "--remove"], says: "is not retired" },
    { args: ["loom"], says: "is managed by infra/gcp/terraform/oss-staging-loom/main.tf" },
    { args: ["zzzzzz"], says: "There are: kiln, lathe, quill" },
  ])("refuses $args and writes nothing", ({ args, says }) => {
    const before = infra();

    expect(artifacts("offboard", ...args)).toMatchObject({ status: 2, stderr: expect.stringContaining(says) });
    expect(infra()).toBe(before);
  });

  test("a retirement keeps its day: --since is for its beginning", () => {
    writeLathe("retired:", `  since: ${daysAgo(2)}`);

    expect(artifacts("offboard", "lathe", "--since", daysAgo(50)).stderr).toContain("counts from that day");
  });
});

test("artifacts validate warns of a step that is due, with its line, and stays valid", () => {
  const lines = writeLathe("retired:", `  since: ${daysAgo(31)}`, "  step: closed").split("\n");
  const line = 1 + lines.findIndex((each) => each.includes("step: closed"));

  expect(artifacts("validate")).toMatchObject({
    status: 0,
    stdout: expect.stringContaining(`make line ${line} of infra/gcp/infra.yaml "step: released"`),
  });
});
