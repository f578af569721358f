import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { stringify } from "yaml";
import { layoutFrom } from "../../../lib/config/layout";
import { loadEstate } from "../../../lib/config/load";
import { checkVanished } from "../../../lib/model/rules/changes";
import type { Draft } from "../../../lib/model/rules/draft";
import { checkRetirements } from "../../../lib/model/rules/retirements";
import { type Block, type Revision, revisions, writeRevision } from "./convergence-inputs";
import { LiveEstate } from "./convergence-live";
import { ConvergenceRoot } from "./convergence-root";

const SEED = Number(process.env.CONVERGENCE_SEED ?? 20260501);
const TODAY = "2026-06-01";

describe("the check of a pull request", () => {
  let root: string;

  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), "artifacts-convergence-"));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function draftOf(revision: Revision): Draft {
    writeRevision(root, revision);
    return loadEstate(layoutFrom(root)).draft;
  }

  /** Names of the projects that are refused, without the staging prefix. */
  function refused(from: Revision, to: Revision): readonly string[] {
    const [base, head] = [draftOf(from), draftOf(to)];
    const found = [
      ...checkVanished(base, head, { infra: "infra.yaml", groups: "groups" }),
      ...checkRetirements(base, head, TODAY),
    ];
    const errors = found.filter(({ severity }) => severity === "error");
    expect(errors.every(({ detail = "" }) => detail.length > 20)).toBe(true);
    return errors.map(({ summary }) => /^oss-staging-(\w+): /.exec(summary)?.[1] ?? summary).sort();
  }

  test(`lets every step of a random history pass (seed ${SEED})`, () => {
    fc.assert(
      fc.property(revisions(4), (all) => {
        for (const [index, revision] of all.slice(1).entries()) expect(refused(all[index]!, revision)).toEqual([]);
      }),
      { seed: SEED, numRuns: 8 },
    );
  });

  test(`refuses each project that vanishes before it was shut down, and no other (seed ${SEED})`, () => {
    fc.assert(
      fc.property(revisions(4), fc.subarray(["alder", "birch", "cedar"], { minLength: 1 }), (all, gone) => {
        const last = all.at(-1)!;
        const left = Object.entries(last.projects).filter(([name]) => !gone.includes(name));
        const expected = gone.filter(
          (name) => isOurs(last.projects[name]) && stepOf(last.projects[name]) !== "shut-down",
        );
        expect(refused(last, { ...last, projects: Object.fromEntries(left) })).toEqual(expected.sort());
      }),
      { seed: SEED, numRuns: 8 },
    );
  });

  const retired = (step?: string): Block =>
    step === undefined ? {} : { retired: { since: "2024-01-01", "keep-published": true, step } };

  test.each([
    { from: undefined, to: "released" },
    { from: undefined, to: "shut-down" },
    { from: "closed", to: "shut-down" },
    { from: "shut-down", to: "released" },
    { from: "shut-down", to: undefined },
  ])("refuses a retirement to go from $from to $to", ({ from, to }) => {
    const one = (step?: string): Revision => ({ ...EMPTY, projects: { alder: retired(step) } });
    expect(refused(one(from), one(to))).toEqual(["alder"]);
  });

  test("refuses to give a project up for a folder in a shared one", () => {
    const pool = { pool: {} };
    const guest = { mode: "shared", "shared-project": "oss-staging-pool" };
    expect(
      refused({ ...EMPTY, projects: { ...pool, alder: {} } }, { ...EMPTY, projects: { ...pool, alder: guest } }),
    ).toEqual(["alder"]);
  });
});

describe("Google and Terraform", () => {
  let root: ConvergenceRoot;
  let live: LiveEstate;

  beforeAll(async () => {
    root = await ConvergenceRoot.start();
    live = new LiveEstate(root.run);
    await expectConverged({});
  }, 180_000);
  afterAll(async () => root?.run.close());

  async function declare(alder: Block, serving: Revision["serving"] = {}): Promise<void> {
    writeRevision(root.inputs, { ...EMPTY, serving, projects: { alder } });
    await root.declare(estate());
  }

  function estate() {
    const { estate: found, diagnostics } = loadEstate(layoutFrom(root.inputs));
    if (found === undefined) throw new Error(JSON.stringify(diagnostics));
    return found;
  }

  async function expectConverged(alder: Block): Promise<void> {
    await declare(alder);
    expect(await root.apply()).toMatchObject({ code: 0 });
    expect(await live.found(estate())).toEqual(live.declared(estate()));
    expect(await root.plan()).toMatchObject({ code: 0 });
  }

  const file = "/storage/v1/b/oss-staging-alder/o/candidate.txt";

  test("refuse another name for a bucket with files in it; the old name back mends everything", async () => {
    const upload = "/upload/storage/v1/b/oss-staging-alder/o?uploadType=media&name=candidate.txt";
    await live.ask(upload, "candidate");
    await declare({ bucket: "alder-renamed" });

    expect(await root.apply()).toMatchObject({
      code: 1,
      output: expect.stringMatching(
        /oss-staging-alder.*not empty|not empty.*oss-staging-alder|without .*force_destroy/,
      ),
    });
    expect(await live.ask(file)).toMatchObject({ name: "candidate.txt" });
    await expectConverged({});
    expect(await live.ask(file)).toMatchObject({ name: "candidate.txt" });
  }, 180_000);

  test("refuse another name or place for the production bucket, and nothing is touched", async () => {
    for (const change of [{ bucket: "oss-other" }, { location: "EU" }]) {
      await declare({}, change);
      expect(await root.plan()).toMatchObject({
        code: 1,
        output: expect.stringContaining("Instance cannot be destroyed"),
      });
    }
    await expectConverged({});
  }, 180_000);

  test("refuse a pool of identities whose name is still taken, until it is brought back and taken over", async () => {
    const repositories = { "federated-repositories": ["example/artifacts"] };
    const pool = "projects/oss-artifacts-prod/locations/global/workloadIdentityPools/github";
    for (const serving of [repositories, {}]) {
      await declare({}, serving);
      expect(await root.apply()).toMatchObject({ code: 0 });
    }
    await declare({}, repositories);
    expect(await root.apply()).toMatchObject({ code: 1, output: expect.stringContaining("Error 409") });

    for (const deleted of [pool, `${pool}/providers/actions`]) await live.ask(`/iam/v1/${deleted}:undelete`, {});
    writeAdoption(root.inputs, {
      "google_iam_workload_identity_pool.github": pool,
      "google_iam_workload_identity_pool_provider.actions": `${pool}/providers/actions`,
    });
    await declare({}, repositories);
    expect(await root.apply()).toMatchObject({ code: 0 });
    expect(await root.plan()).toMatchObject({ code: 0 });
    expect(await live.found(estate())).toEqual(live.declared(estate()));
  }, 180_000);

  test("refuse what was shut down, until it is brought back and adopted; its files are there", async () => {
    for (const step of ["closed", "released", "shut-down"]) {
      await expectConverged({ retired: { since: "2024-01-01", "keep-published": true, step } });
    }
    await declare({});
    const refusal = await root.apply();
    expect(refusal).toMatchObject({ code: 1, output: expect.stringMatching(/409|403/) });

    await live.ask("/resource-manager/v1/projects/oss-staging-alder:undelete", {});
    const program = join(__dirname, "../../../bin/artifacts.cjs");
    const adopted = await root.run.run(process.execPath, [program, "adopt", "alder", "--root", root.inputs]);
    expect(adopted).toMatchObject({ code: 0 });
    await expectConverged({});
    expect(await live.ask(file)).toMatchObject({ name: "candidate.txt" });
  }, 180_000);
});

/** What `artifacts adopt` writes for staging projects, and a person for the production side. */
function writeAdoption(root: string, imports: Readonly<Record<string, string>>): void {
  mkdirSync(join(root, "infra/gcp/adopt"), { recursive: true });
  writeFileSync(join(root, "infra/gcp/adopt/serving.yaml"), stringify({ stack: "serving", imports }));
}

const EMPTY: Revision = { defaults: { "admin-groups": ["admins@example.org"] }, serving: {}, projects: {} };

function isOurs(block: Block = {}): boolean {
  return block.managed_by === undefined;
}

function stepOf(block: Block = {}): unknown {
  return (block.retired as Block | undefined)?.step;
}
