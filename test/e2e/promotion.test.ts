import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sha256 } from "../promotion/support/requests";
import {
  PRODUCTION,
  PROMOTER,
  type SandboxWorld,
  STAGING,
  startSandboxWorld,
} from "../promotion/support/sandbox-world";
import { compileFixture } from "../support/compile-fixture";
import { TerraformWorkspace } from "../support/terraform-workspace";

const source = "artifacts.internal/foundation/artifacts";
const program = compileFixture(join(__dirname, "../../lib/provider/main.ts"));

describe("a promotion under Terraform, with the sandbox", () => {
  let world: SandboxWorld;
  let workspace: TerraformWorkspace;
  let cache: string;

  beforeEach(async () => {
    world = await startSandboxWorld();
    cache = mkdtempSync(join(tmpdir(), "artifacts-cache-"));
    workspace = new TerraformWorkspace({ source, program }, { ...world.sandbox.env, ARTIFACTS_CACHE_DIR: cache });
    workspace.write({});
    expect((await workspace.run("init")).code).toBe(0);
  });
  afterEach(async () => {
    await workspace.close();
    rmSync(cache, { recursive: true, force: true });
    await world.close();
  });

  function declare(manifests: Readonly<Record<string, Readonly<Record<string, string>>>>): void {
    const promotions = Object.entries(manifests).map(([name, files]) => [
      name,
      {
        source: `gs://${STAGING}/kops/`,
        destination: `gs://${PRODUCTION}/binaries/kops/`,
        service_account: PROMOTER,
        files: Object.fromEntries(Object.entries(files).map(([file, content]) => [file, sha256(content)])),
        manifest: `manifests/k8s-staging-kops/${name}.yaml`,
      },
    ]);
    workspace.write(
      promotions.length === 0 ? {} : { resource: { artifacts_promotion: Object.fromEntries(promotions) } },
    );
  }

  test("is verified by the plan, published by the apply and forgotten by the destroy", async () => {
    await world.put(STAGING, "kops/1.36.2/kops", "bytes");
    declare({ v1: { "1.36.2/kops": "bytes" } });

    const planned = await workspace.run("plan", "-out=saved");
    expect(planned).toMatchObject({
      code: 0,
      output: expect.stringContaining(`+ "1.36.2/kops" = "${sha256("bytes")}"`),
    });
    expect(await world.names(PRODUCTION)).toEqual([]);
    await world.takeRequests();

    expect((await workspace.run("apply", "saved")).output).toContain("1 added, 0 changed, 0 destroyed.");
    expect(await world.content(PRODUCTION, "binaries/kops/1.36.2/kops")).toBe("bytes");
    const reads = (await world.takeRequests()).filter((line) => line.includes("GET") && line.includes("alt=media"));
    // The one read is this test's own: what the plan hashed, the apply does not read again.
    expect(reads).toHaveLength(1);

    expect((await workspace.run("plan", "-detailed-exitcode")).output).toContain("No changes.");

    const destroyed = await workspace.run("destroy", "-auto-approve");
    expect(destroyed.output).toContain("will be forgotten, not deleted");
    expect(await world.names(PRODUCTION)).toEqual(["binaries/kops/1.36.2/kops"]);
  });

  test("with a bad line is refused by the plan, at the line", async () => {
    await world.put(STAGING, "kops/v1.36.2/linux/amd64/kops", "bytes");
    declare({ v1: { "linux/amd64/kops": "bytes" } });

    const { code, output } = await workspace.run("plan");

    expect(code).toBe(1);
    expect(output.replace(/\s*│?\s*\n\s*│\s*/g, " ")).toContain('did you mean "v1.36.2/linux/amd64/kops"?');
    expect(output).toContain("with artifacts_promotion.v1");
  });

  test("does not stop the others by a bad line, where that is asked for", async () => {
    await world.put(STAGING, "kops/good", "bytes");
    await workspace.close();
    const env = { ...world.sandbox.env, ARTIFACTS_CACHE_DIR: cache, ARTIFACTS_BAD_LINES: "continue" };
    workspace = new TerraformWorkspace({ source, program }, env);
    declare({ v1: { good: "bytes" }, v2: { bad: "bytes" } });
    expect((await workspace.run("init")).code).toBe(0);

    const { code } = await workspace.run("apply", "-auto-approve");

    expect(code).toBe(1);
    expect(await world.names(PRODUCTION)).toEqual(["binaries/kops/good"]);
  });

  test("never changes a published file", async () => {
    await world.put(STAGING, "kops/kops", "bytes");
    declare({ v1: { kops: "bytes" } });
    expect((await workspace.run("apply", "-auto-approve")).code).toBe(0);
    await world.put(STAGING, "kops/kops", "other");
    declare({ v1: { kops: "other" } });

    const { code, output } = await workspace.run("apply", "-auto-approve");

    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining("published with sha256") });
    expect(await world.content(PRODUCTION, "binaries/kops/kops")).toBe("bytes");
  });

  test("warns of published files that somebody took away or overwrote, and puts nothing back", async () => {
    for (const name of ["gone", "other", "same"]) await world.put(STAGING, `kops/${name}`, "bytes");
    await world.put(PRODUCTION, "binaries/kops/same", "bytes");
    declare({ v1: { gone: "bytes", other: "bytes", same: "bytes" } });
    expect((await workspace.run("apply", "-auto-approve")).code).toBe(0);
    await world.remove(PRODUCTION, "binaries/kops/gone");
    await world.put(PRODUCTION, "binaries/kops/other", "BYTES");
    rmSync(cache, { recursive: true });
    await world.takeRequests();

    const { code, output } = await workspace.run("plan", "-detailed-exitcode");
    const reads = (await world.takeRequests()).filter((line) => line.includes("alt=media"));

    expect(code).toBe(0);
    const told = output.replace(/\s*│?\s*\n\s*│\s*/g, " ");
    expect(told).toContain("gone was published and is gone");
    expect(told).toContain("other was published and has other bytes now");
    expect(reads).toEqual([expect.stringContaining("other")]);
    expect(await world.names(PRODUCTION)).toEqual(["binaries/kops/other", "binaries/kops/same"]);
  });
});
