import { planAdoption } from "../../../lib/adoption/plan-adoption";
import { estateReader } from "../../../lib/cloud/estate-reader";
import type { Serving } from "../../../lib/model/defaults";
import { stagingRecipe } from "../../../lib/model/staging-recipe";
import { EstateRun, type EstateRunOptions } from "./estate-run";
import { fullEstate, fullProject } from "./full-estate";

const STACKS = ["serving", "staging-full", "staging-guest"];
const OWNER = "user:owner@example.org";
const NO_CHANGES = { code: 0, output: expect.stringContaining("No changes.") };

interface Policy {
  readonly bindings: { readonly role: string; readonly members: readonly string[] }[];
}

interface Certificates {
  readonly items: readonly { readonly managed: { readonly domains: readonly string[] } }[];
}

/** Everything that happens to the stacks of Google Cloud in their life, under whichever provider. */
export function lifeCycle(options: EstateRunOptions): void {
  let run: EstateRun;

  beforeAll(async () => {
    run = await EstateRun.start(options);
    run.synthesize(fullEstate());
  });
  afterAll(async () => run?.close());

  test.each(STACKS)("%s is applied, and then there is nothing left to do", async (stack) => {
    await run.applied(stack);
    expect(await run.plan(stack)).toEqual(NO_CHANGES);
  });

  test("a changed setting is an update in place", async () => {
    run.synthesize(
      fullEstate(
        fullProject({
          deleteAfterDays: 30,
          labels: { sig: "build" },
          writers: ["user:helper@example.org"],
          budget: { amount: 150, alertAt: [1] },
          registry: { repository: "full", location: "us", format: "DOCKER" },
        }),
      ),
    );
    const applied = await run.apply("staging-full");
    expect(applied.output).toMatch(/0 added, [1-9]\d* changed, 0 destroyed/);
    expect(await run.plan("staging-full")).toEqual(NO_CHANGES);

    run.synthesize(fullEstate());
    await run.applied("staging-full");
  });

  test.each([
    { domains: ["artifacts.example.org", "dl.example.org"] },
    { domains: ["dl.example.org", "www.example.org"] },
    { domains: ["artifacts.example.org"] },
  ])("the load balancer has a certificate for each of its names, now $domains", async ({ domains }) => {
    const estate = fullEstate();
    const serving = { ...estate.defaults.serving, cdnDomains: domains };
    run.synthesize({ ...estate, defaults: { ...estate.defaults, serving } });
    await run.applied("serving");

    const path = "/compute/compute/v1/projects/oss-prod/global/sslCertificates";
    const { items } = (await (await run.call("GET", path, OWNER)).json()) as Certificates;
    expect(items.map(({ managed }) => managed.domains)).toEqual(domains.map((domain) => [domain]));
    expect(await run.plan("serving")).toEqual(NO_CHANGES);
  });

  test("a right that was granted behind Terraform's back shows in the next plan, and goes", async () => {
    const path = "/storage/v1/b/oss-staging-full/iam";
    const policy = (await (await run.call("GET", path, OWNER)).json()) as Policy;
    policy.bindings.push({ role: "roles/storage.objectAdmin", members: ["user:intruder@example.org"] });
    expect((await run.call("PUT", path, OWNER, policy)).status).toBe(200);

    const plan = await run.plan("staging-full");
    expect(plan).toMatchObject({ code: 2, output: expect.stringContaining("user:intruder@example.org") });
    await run.applied("staging-full");
    expect(await (await run.call("GET", path, OWNER)).text()).not.toContain("intruder");
  });

  test("what exists is imported by the ids that adoption writes, and nothing of it is replaced", async () => {
    const before = await run.state("staging-full");
    const asOwner = { description: OWNER, token: async () => OWNER, renew: () => false };
    const recipe = stagingRecipe(fullProject(), fullEstate());
    const adoption = await planAdoption(recipe, estateReader(asOwner, run.sandbox.env));
    const imports = Object.entries(adoption.imports).map(([to, id]) => ({ to, id }));
    run.forgetState("staging-full");
    run.addImports("staging-full", imports);

    const plan = await run.plan("staging-full");
    expect(plan.output).toMatch(
      new RegExp(`Plan: ${imports.length} to import, \\d+ to add, \\d+ to change, 0 to destroy`),
    );
    // Taking rights away from default service accounts can't be imported: it is done again.
    expect(before.length).toBe(imports.length + 1);
    await run.applied("staging-full");
    expect(await run.state("staging-full")).toEqual(before);
    run.addImports("staging-full", []);
    expect(await run.plan("staging-full")).toEqual(NO_CHANGES);
  });

  test.each(["serving", "staging-full"])("%s can't be destroyed, and the attempt changes nothing", async (stack) => {
    const before = await run.state(stack);
    const destroyed = await run.terraform(stack, "destroy", "-auto-approve");

    expect(destroyed).toMatchObject({ code: 1, output: expect.stringContaining("Instance cannot be destroyed") });
    expect(await run.state(stack)).toEqual(before);
  });

  test("a backup that is taken out is destroyed by no plan, and one that is let go of stays", async () => {
    const withServing = (serving: Serving) => {
      const estate = fullEstate();
      run.synthesize({ ...estate, defaults: { ...estate.defaults, serving } });
      return run.plan("serving");
    };
    const { backupBucket: _, backupProjectId: __, ...without } = fullEstate().defaults.serving;
    const vanished = await withServing(without);
    const letGo = await withServing({
      ...fullEstate().defaults.serving,
      existing: ["backup-bucket", "backup-project"],
    });
    run.synthesize(fullEstate());

    expect(vanished).toMatchObject({ code: 1, output: expect.stringMatching(/backup\[0\] has[\s\S]*prevent_destroy/) });
    expect(letGo).toMatchObject({ code: 2, output: expect.stringContaining("0 to add, 0 to change, 0 to destroy") });
  });

  test("a retirement closes the project, releases it, and shuts it down with everything in it", async () => {
    const object = "/storage/v1/b/oss-staging-full/o/kept.txt";
    const upload = "/upload/storage/v1/b/oss-staging-full/o?uploadType=media&name=kept.txt";
    expect((await run.call("POST", upload, OWNER, "candidate")).status).toBe(200);
    expect((await run.call("GET", object)).status).toBe(200);
    expect(await run.terraform("staging-guest", "destroy", "-auto-approve")).toMatchObject({ code: 0 });

    for (const step of ["closed", "released"] as const) {
      run.synthesize(fullEstate(fullProject({ retired: { since: "2026-05-01", keepPublished: true, step } })));
      await run.applied("staging-full");
      expect((await run.call("GET", object)).status).toBe(401);
      expect((await run.call("GET", object, OWNER)).status).toBe(200);
    }

    run.synthesize(
      fullEstate(fullProject({ retired: { since: "2026-05-01", keepPublished: true, step: "shut-down" } })),
    );
    const plan = await run.plan("staging-full");
    expect(plan.output).toMatch(/Plan: 0 to add, 0 to change, 1 to destroy/);
    await run.applied("staging-full");
    expect(await run.state("staging-full")).toEqual([]);
    const project = await (await run.call("GET", "/resource-manager/v1/projects/oss-staging-full", OWNER)).text();
    expect(project).toContain("DELETE_REQUESTED");
    expect(await run.plan("staging-full")).toEqual(NO_CHANGES);
  });

  test("a disposable production side is destroyed without a trace", async () => {
    run.synthesize(fullEstate(), { ARTIFACTS_DISPOSABLE: "1" });
    await run.applied("serving");
    expect(await run.terraform("serving", "destroy", "-auto-approve", "-parallelism=50")).toMatchObject({ code: 0 });
    expect((await run.call("GET", "/storage/v1/b/oss-artifacts", OWNER)).status).toBe(404);
  });
}
