import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { SandboxClient } from "../../sandbox-services/sandbox-client";
import { importId, type StateResource } from "./import-id";

/**
 * Google's own provider, 173 MB, can't be fetched everywhere. Where a filesystem mirror holds it, this test shows that the
 * provider can't tell the sandbox from Google.
 */
const mirror = process.env.GOOGLE_PROVIDER_MIRROR;
if (mirror === undefined) {
  process.stderr.write("real Google provider: skipped. Set GOOGLE_PROVIDER_MIRROR to a Terraform filesystem mirror.\n");
}
const describeWithProvider = mirror === undefined ? describe.skip : describe;

describeWithProvider("the real Google provider 6.50.0 against the sandbox", () => {
  const folder = mkdtempSync(join(tmpdir(), "real-google-provider-"));
  let client: SandboxClient;

  beforeAll(async () => {
    client = await SandboxClient.start();
    await client.behave({ checkPrincipals: true, checkEnabledServices: true });
    copyFileSync(join(__dirname, "estate.tf"), join(folder, "estate.tf"));
    const installation = `provider_installation {\n  filesystem_mirror { path = ${JSON.stringify(mirror)} }\n}\n`;
    writeFileSync(join(folder, "cli.tfrc"), installation);
    await terraform("init");
  });
  afterAll(async () => {
    await client.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Standard output; a failed run throws with all that terraform said. */
  async function terraform(...words: readonly string[]): Promise<string> {
    const env = {
      ...process.env,
      ...client.sandbox.env,
      TF_CLI_CONFIG_FILE: join(folder, "cli.tfrc"),
      TF_IN_AUTOMATION: "1",
    };
    const { stdout } = await promisify(execFile)("terraform", words, { cwd: folder, env, maxBuffer: 64 << 20 }).catch(
      (error) => {
        throw new Error(`terraform ${words[0]}: ${error.stdout}\n${error.stderr}`);
      },
    );
    return stdout;
  }

  const apply = (revision: number) =>
    terraform("apply", "-auto-approve", "-no-color", "-parallelism=50", `-var=rev=${revision}`);
  const plan = (revision: number, ...more: readonly string[]) =>
    terraform("plan", "-no-color", "-parallelism=50", `-var=rev=${revision}`, ...more);

  test("applies, and plans nothing after", async () => {
    await apply(1);
    expect(await plan(1)).toContain("No changes.");
  }, 300_000);

  test("updates in place, and plans nothing after", async () => {
    const text = await plan(2);
    expect(text).toMatch(/Plan: 0 to add, \d+ to change, 0 to destroy/);
    await apply(2);
    expect(await plan(2)).toContain("No changes.");
  }, 300_000);

  test("imports everything that can be imported without replacing it", async () => {
    const shown = JSON.parse(await terraform("show", "-json"));
    const resources: readonly StateResource[] = shown.values.root_module.resources;
    const ids = resources.flatMap((resource) => {
      const id = importId(resource);
      return id === undefined ? [] : [{ to: resource.address, id }];
    });
    expect(ids.length).toBe(30);
    rmSync(join(folder, "terraform.tfstate"));
    writeFileSync(
      join(folder, "imports.tf"),
      ids.map(({ to, id }) => `import {\n  to = ${to}\n  id = ${JSON.stringify(id)}\n}\n`).join("\n"),
    );

    const text = await apply(2);
    expect(text).toContain(`Resources: ${ids.length} imported, 1 added`);
    expect(text).toContain("0 destroyed");
    rmSync(join(folder, "imports.tf"));
    expect(await plan(2)).toContain("No changes.");
  }, 300_000);

  test("destroys all of it", async () => {
    await terraform("destroy", "-auto-approve", "-no-color", "-parallelism=50", "-var=rev=2");

    expect((await client.get("/resource-manager/v1/projects/oss-staging-sample")).body.lifecycleState).toBe(
      "DELETE_REQUESTED",
    );
  }, 300_000);

  test("asked for nothing that the sandbox doesn't know", async () => {
    const { body } = await client.get("/sandbox/v1/requests");

    expect(Object.keys(body.counts).filter((route) => route.includes("no route"))).toEqual([]);
    expect(body.requests.filter(({ status }: { status: number }) => status >= 500)).toEqual([]);
  });
});
