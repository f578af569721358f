import { spawn } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { devNull } from "node:os";
import { join } from "node:path";
import { principalKey } from "../../lib/model/address-keys";
import { makeScratch, removeScratch, type Scratch } from "../../sandbox/demo/scratch";
import { type RunningSandbox, startSandbox } from "../../sandbox/server";
import { AttachedProvider } from "../support/attached-provider";
import { CTRL_C, DOWN, runOnTerminal } from "../support/on-terminal";

const CHECKOUT = join(__dirname, "..", "..");

let scratch: Scratch;
let sandbox: RunningSandbox;
let attached: readonly AttachedProvider[] = [];

beforeAll(async () => {
  scratch = makeScratch(CHECKOUT);
  sandbox = await startSandbox({ state: scratch.sandbox });
}, 60_000);

afterAll(async () => {
  await sandbox?.close();
  if (scratch) removeScratch(scratch, false);
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a program in the inputs' folder, as a user in that checkout would. */
function run(program: string, words: readonly string[], of = sandbox.env): Promise<Ended> {
  const own = { ...AttachedProvider.variables(attached), TF_CLI_CONFIG_FILE: join(scratch.folder, "terraform.rc") };
  const env = { ...process.env, ...of, ...own };
  const child = spawn(program, words, { cwd: scratch.inputs, env, stdio: ["ignore", "pipe", "pipe"] });
  let [out, err] = ["", ""];
  child.stdout.on("data", (piece) => {
    out += piece;
  });
  child.stderr.on("data", (piece) => {
    err += piece;
  });
  return new Promise((resolve) => child.once("close", (code) => resolve({ code, out, err })));
}

const cdktf = (...words: string[]) => run(process.execPath, [join(CHECKOUT, "bin", "cdktf.cjs"), ...words]);

interface Plans {
  readonly stacks: readonly { readonly stack: string; readonly status: string; readonly changes?: { add: number } }[];
}

test("npx cdktf runs our program", async () => {
  const { out } = await run(join(CHECKOUT, "node_modules", ".bin", "cdktf"), ["plan", "--help"]);

  expect(out).toContain("npx cdktf plan 'staging-*'");
});

test("without terraform nothing is begun, and how to get it is said", async () => {
  const env = { ...sandbox.env, TERRAFORM_BINARY_NAME: "nowhere" };
  const { code, out, err } = await run(process.execPath, [join(CHECKOUT, "bin", "cdktf.cjs"), "plan", "groups"], env);

  expect({ code, out }).toEqual({ code: 3, out: "" });
  expect(err).toMatch(/^cdktf: nowhere was not found on this machine\. Install Terraform .*\n$/);
});

test("a glob plans its stacks, a deploy of one of them needs no other, and only that one has no changes then", async () => {
  const before = await cdktf("plan", "staging-*", "groups", "--json");
  expect(before.err).toBe("Synthesizing\n");
  const plans: Plans = JSON.parse(before.out);
  expect(plans.stacks.map(({ stack, status }) => [stack, status])).toEqual([
    ["groups", "changes"],
    ["staging-kiln", "changes"],
    ["staging-lathe", "changes"],
    ["staging-quill", "changes"],
  ]);
  expect(Math.min(...plans.stacks.map(({ changes }) => changes?.add ?? 0))).toBeGreaterThan(0);

  declareBesideLeads("quill-leads-emeritus");
  const deployed = await cdktf("deploy", "groups", "--auto-approve");
  expect(deployed).toMatchObject({
    code: 0,
    out: expect.stringContaining("artifacts_group.quill-leads-emeritus (quill-leads-emeritus)"),
  });
  const one = await cdktf("deploy", "staging-lathe", "--auto-approve");
  expect({ code: one.code, out: one.out.includes("Usage Error") }).toEqual({ code: 0, out: false });

  const after = await cdktf("plan", "staging-{kiln,lathe}");
  expect(after.code).toBe(0);
  expect(after.out).toMatch(/^staging-kiln {3}\d+ to add, 0 to change, 0 to destroy$/m);
  expect(after.out).toMatch(/^staging-lathe {2}no changes$/m);
  expect(after.out).toContain("2 stacks planned: 1 with changes, 1 without, 0 failed");
}, 180_000);

/** Declares a group whose name begins with that of the group quill-leads. */
function declareBesideLeads(name: string): void {
  const declared = join(scratch.inputs, "groups/sig-build/groups.yaml");
  const allowed = join(scratch.inputs, "groups/restrictions.yaml");
  const group = `  - {email-id: ${name}@example.org, name: ${name}, description: a}\n`;
  writeFileSync(declared, `${readFileSync(declared, "utf8")}${group}`);
  writeFileSync(allowed, readFileSync(allowed, "utf8").replace("^quill-leads@", "^quill-leads.*@"));
}

test("on a terminal a deploy asks nobody for a newer version", async () => {
  const bin = join(scratch.folder, "bin");
  mkdirSync(bin);
  writeFileSync(join(bin, "npm"), `#!/bin/sh\necho "$*" >> ${bin}/asked\n`, { mode: 0o755 });
  const { HOME } = process.env;
  const own = { HOME, CDKTF_HOME: join(scratch.folder, "cdktf"), TERM: "xterm", TF_CLI_CONFIG_FILE: devNull };
  const env = { ...sandbox.env, ...own, PATH: `${bin}:${process.env.PATH}` };
  const words = [process.execPath, join(CHECKOUT, "bin", "cdktf.cjs"), "deploy", "staging-quill", "--auto-approve"];

  const { code, screen } = await runOnTerminal(words, [], { cwd: scratch.inputs, env });

  expect({ code, screen }).toMatchObject({
    code: 0,
    screen: expect.stringMatching(/Apply complete! Resources: [1-9]/),
  });
  expect(existsSync(join(bin, "asked"))).toBe(false);
}, 120_000);

// The deploys before these start their providers as users' do.
describe("with providers that run already", () => {
  beforeAll(async () => {
    attached = await AttachedProvider.startOwn(CHECKOUT, { ...process.env, ...sandbox.env });
  }, 60_000);
  afterAll(async () => {
    await Promise.all(attached.map((provider) => provider.close()));
    attached = [];
  });

  test.each([
    { what: "Ctrl-C", keys: [["❯ Approve", CTRL_C]], expected: 1, said: "failed: interrupted" },
    {
      what: "Stop",
      keys: [
        ["❯ Approve", DOWN],
        ["❯ Dismiss", DOWN],
        ["❯ Stop", ""],
      ],
      expected: 0,
      said: "Apply cancelled",
    },
  ] as const)(
    "$what where a deploy asks for approval ends it in order",
    async ({ keys, expected, said }) => {
      const { HOME, PATH } = process.env;
      const own = { HOME, PATH, TERM: "xterm", TF_CLI_CONFIG_FILE: devNull };
      const env = { ...sandbox.env, ...own, ...AttachedProvider.variables(attached) };
      const words = [process.execPath, join(CHECKOUT, "bin", "cdktf.cjs"), "deploy", "staging-{kiln,lathe}"];

      const { code, screen } = await runOnTerminal(words, keys, { cwd: scratch.inputs, env });

      expect(screen).toContain(said);
      expect(code).toBe(expected);
    },
    120_000,
  );

  test("a stack that can't be deployed stops no other, and the end of each is told last", async () => {
    const terraform = join(scratch.folder, "terraform");
    const killing = 'case "$PWD $1" in */staging-quill\\ apply) kill -9 $$ ;; esac';
    writeFileSync(terraform, `#!/bin/sh\n${killing}\nexec terraform "$@"\n`, { mode: 0o755 });
    const fault = { match: { method: "POST", path: "projects$" }, times: 1, action: { status: 403 } };
    await fetch(`${sandbox.url}/sandbox/v1/faults`, { method: "POST", body: JSON.stringify(fault) });
    const env = { ...sandbox.env, TERRAFORM_BINARY_NAME: terraform };
    const words = ["deploy", "staging-{kiln,lathe,quill}", "--parallelism", "2", "--auto-approve"];
    const { code, out, err } = await run(process.execPath, [join(CHECKOUT, "bin", "cdktf.cjs"), ...words], env);

    expect(code).toBe(1);
    expect(out).toContain("0 Stacks deploying     3 Stacks ended     0 Stacks waiting");
    expect(err.trimStart().split("\n")).toEqual([
      "staging-lathe  done",
      "staging-kiln   failed",
      "staging-quill  failed: terraform was killed (SIGKILL). Run the deploy again: it goes on from there",
      "3 stacks: 1 done, 2 failed",
      "",
    ]);
  }, 120_000);

  test("a deploy waits until Google knows a new group everywhere", async () => {
    const error = { code: 400, message: "Group kiln@example.org does not exist.", errors: [{ reason: "invalid" }] };
    const action = { status: 400, body: JSON.stringify({ error }) };
    const fault = { match: { method: "PUT", path: "/storage/v1/b/[^/]+/iam" }, times: 1, action };
    await fetch(`${sandbox.url}/sandbox/v1/faults`, { method: "POST", body: JSON.stringify(fault) });
    const { code, err } = await cdktf("deploy", "staging-kiln", "--auto-approve");

    expect(err).toContain("staging-kiln: what is new is not known everywhere yet; again in 10 s\n");
    expect(code).toBe(0);
  }, 120_000);

  test("list and synth take names and globs", async () => {
    const listed = await cdktf("list", "staging-{kiln,quill}");
    expect(listed).toMatchObject({ code: 0, err: "Synthesizing\n" });
    expect(listed.out).toBe(
      [
        "Stack name     Path",
        "staging-kiln   cdktf.out/stacks/staging-kiln",
        "staging-quill  cdktf.out/stacks/staging-quill\n",
      ].join("\n"),
    );

    const synthesized = await cdktf("synth", "promote-*", "-o", "some.out");
    expect(synthesized.code).toBe(0);
    expect(readdirSync(join(scratch.inputs, "some.out", "stacks"))).toEqual([
      "promote-oss-staging-lathe",
      "promote-oss-staging-loom",
      "promote-oss-staging-quill",
    ]);
    expect((await cdktf("synth", "no*such")).err).toContain('no stack is named "no*such"');
    // Nothing but whole lines goes into a pipe.
    expect(synthesized.out).not.toContain("\u001B[2K");
  }, 60_000);

  test("terraform plans a stack from where synth was run", async () => {
    await cdktf("synth");
    for (const stack of ["groups", "staging-lathe"]) {
      const chdir = `-chdir=cdktf.out/stacks/${stack}`;
      const init = await run("terraform", [chdir, "init", "-input=false", "-no-color"]);
      expect(init).toMatchObject({ code: 0, err: "" });
      const plan = await run("terraform", [chdir, "plan", "-input=false", "-no-color"]);
      expect(plan.out).toContain("No changes.");
    }
  }, 120_000);

  // Goes on from the synth of the test before.
  test("a stack that can't be planned stops no other, and the run fails", async () => {
    const failing = join(scratch.inputs, "cdktf.out", "stacks", "staging-kiln", "broken.tf");
    await run("sh", ["-c", `echo 'resource "nothing" {}' > ${failing}`]);
    const plan = await cdktf("plan", "staging-kiln", "staging-lathe", "--skip-synth");

    expect(plan.code).toBe(1);
    expect(plan.out).toMatch(/^staging-kiln {3}failed$/m);
    expect(plan.out).toMatch(/^staging-lathe {2}no changes$/m);
  }, 120_000);

  describe("a deploy after one that was killed", () => {
    const stack = "staging-lathe";
    const leads = principalKey("leads@example.org");
    const lost = [
      "google_project.project",
      "google_storage_bucket.staging",
      "google_billing_budget.monthly",
      `google_essential_contacts_contact.${leads}`,
      `google_monitoring_notification_channel.${leads}`,
      "google_resource_manager_lien.deletion",
    ];
    const inStack = (...words: string[]) => run("terraform", [`-chdir=cdktf.out/stacks/${stack}`, ...words]);
    const project = () => fetchJson("/resource-manager/v1/projects/oss-staging-lathe");

    async function fetchJson(path: string): Promise<unknown> {
      const headers = { authorization: "Bearer user:owner@example.org" };
      return (await fetch(sandbox.url + path, { headers })).json();
    }

    beforeAll(async () => {
      const infra = join(scratch.inputs, "infra", "gcp", "infra.yaml");
      const watched = "oss-staging-lathe: {contacts: [leads@example.org], budget: {amount: 100}}";
      writeFileSync(infra, readFileSync(infra, "utf8").replace("oss-staging-lathe:", watched));
      expect((await cdktf("deploy", "groups", stack, "--auto-approve")).code).toBe(0);
    }, 120_000);

    test("without a sign of that takes nothing over", async () => {
      expect((await inStack("state", "rm", ...lost)).code).toBe(0);
      const { code, out } = await cdktf("deploy", stack, "--auto-approve");

      expect(code).not.toBe(0);
      expect(out).toContain("Error 409");
    }, 120_000);

    test("goes on from what there is, and replaces nothing", async () => {
      const before = await project();
      expect((await inStack("taint", "google_storage_bucket.gcb")).code).toBe(0);
      // As terraform leaves it where it is killed.
      writeFileSync(join(scratch.sandbox, "terraform", `.${stack}.tfstate.lock.info`), "{}");
      const { code, err } = await cdktf("deploy", stack, "--auto-approve");

      expect(err.split("\n").filter((line) => line.includes(": "))).toEqual([
        "staging-lathe: an earlier deploy was cut off; looking for what it left behind",
        ...lost.map((address) => `  ${address}: exists already, taken over`),
        "  google_storage_bucket.gcb: was not finished, is finished and not replaced",
      ]);
      expect(code).toBe(0);
      expect(await project()).toEqual(before);
      expect((await inStack("plan", "-detailed-exitcode")).code).toBe(0);
    }, 120_000);

    test("takes everything over where the state itself was cut off", async () => {
      const state = join(scratch.sandbox, "terraform", `${stack}.tfstate`);
      writeFileSync(state, readFileSync(state, "utf8").slice(0, 1000));
      rmSync(`${state}.backup`, { force: true });
      writeFileSync(join(scratch.sandbox, "terraform", `.${stack}.tfstate.lock.info`), "{}");
      const before = await project();
      const { code, err } = await cdktf("deploy", stack, "--auto-approve");

      expect({ code, err }).toMatchObject({ code: 0 });
      expect(err).toContain("google_project.project: exists already, taken over");
      expect(await project()).toEqual(before);
      expect((await inStack("plan", "-detailed-exitcode")).code).toBe(0);
    }, 120_000);

    test("is not looked at again once it is through", async () => {
      const { err } = await cdktf("deploy", stack, "--auto-approve");

      expect(err).not.toContain("cut off");
    }, 120_000);

    test("deploys nothing while something of it exists twice, and names both", async () => {
      const budgets = "/budgets/v1/billingAccounts/01ABCD-23EF01-456789/budgets";
      const [one] = ((await fetchJson(budgets)) as { budgets: readonly { readonly name: string }[] }).budgets;
      const { name, ...again } = one!;
      const headers = { authorization: "Bearer user:owner@example.org", "content-type": "application/json" };
      await fetch(sandbox.url + budgets, { method: "POST", headers, body: JSON.stringify(again) });
      expect((await inStack("state", "rm", "google_billing_budget.monthly")).code).toBe(0);
      const { code, err } = await cdktf("deploy", stack, "--auto-approve", "--recover");

      expect(code).toBe(2);
      expect(err).toMatch(new RegExp(`google_billing_budget.monthly: exists 2 times, none is taken over: .*${name}`));
      expect(err).toContain("Delete all but one, and run it again");
      expect((await inStack("state", "list")).out).not.toContain("google_billing_budget");
    }, 120_000);
  });
});

test("another sandbox finds nothing of the one before", async () => {
  const other = await startSandbox({ state: join(scratch.folder, "other") });
  try {
    const words = [join(CHECKOUT, "bin", "cdktf.cjs"), "plan", "groups", "staging-lathe"];
    const { code, out } = await run(process.execPath, words, other.env);
    expect(code).toBe(0);
    expect(out).toContain("2 stacks planned: 2 with changes, 0 without, 0 failed");
  } finally {
    await other.close();
  }
}, 120_000);

test("a stack that is not there is named, with the nearest one", async () => {
  const { code, err } = await cdktf("plan", "stagign-kiln", "serving");

  expect(code).toBe(2);
  expect(err).toContain('no stack is named "stagign-kiln". Did you mean "staging-kiln"?');
});
