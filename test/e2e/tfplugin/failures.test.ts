import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { compileFixture } from "../../support/compile-fixture";
import { TerraformWorkspace } from "../../support/terraform-workspace";
import { until } from "../../support/until";

const program = compileFixture(join(__dirname, "../../tfplugin/fixtures/files-provider.ts"));
const plugin = { source: "example.test/test/files", program };

describe("a change that stops in the middle", () => {
  let workspace: TerraformWorkspace;

  beforeEach(async () => {
    workspace = new TerraformWorkspace(plugin, { FILES_ROOT: "." });
    declare({});
    expect((await workspace.run("init")).code).toBe(0);
  });
  afterEach(() => workspace.close());

  function declare(files: Readonly<Record<string, string>>): void {
    workspace.write({ resource: { files_shelf: { a: { name: "a", files } } } });
  }

  function apply() {
    return workspace.run("apply", "-auto-approve");
  }

  /** Names of the files that were tried, in order. */
  function tried(): readonly string[] {
    return readFileSync(workspace.path("log"), "utf8").trim().split("\n");
  }

  function recordedFiles(): unknown {
    const state = workspace.readJson("terraform.tfstate") as {
      readonly resources: readonly {
        readonly instances: readonly { readonly attributes: object; readonly status?: string }[];
      }[];
    };
    return state.resources.map(({ instances }) =>
      instances.map(({ attributes, status }) => ({ ...attributes, status })),
    )[0]?.[0];
  }

  test("in create taints nothing, and the next run goes on from there", async () => {
    declare({ a1: "1", "broken-2": "2", c3: "3" });
    const failed = await apply();
    expect(failed).toMatchObject({ code: 1, output: expect.stringContaining("Error: broken-2: can't be copied") });
    expect((await workspace.run("state", "list")).output).toBe("");

    declare({ a1: "1", "broken-2": "mended", c3: "3" });
    const plan = await workspace.run("plan");
    expect(plan.output).toContain("will be created");
    expect(await apply()).toMatchObject({ code: 0 });
    expect(tried()).toEqual(["a1", "broken-2", "broken-2", "c3"]);
  });

  test("in update records how far it came, taints nothing, and the next run goes on from there", async () => {
    declare({ a1: "1" });
    await apply();
    declare({ a1: "1", b2: "2", "broken-3": "3", d4: "4" });
    expect((await apply()).code).toBe(1);
    expect(recordedFiles()).toMatchObject({ files: { a1: "1", b2: "2" }, revision: 2, status: undefined });

    declare({ a1: "1", b2: "2", "broken-3": "mended", d4: "4" });
    const plan = await workspace.run("plan");
    expect(plan.output).toContain("will be updated in-place");
    expect(plan.output).not.toContain('+ "b2"');
    expect(await apply()).toMatchObject({ code: 0 });
    expect(tried()).toEqual(["a1", "b2", "broken-3", "broken-3", "d4"]);
  });

  test("by Ctrl-C records how far it came, and leaves no process behind", async () => {
    declare({ a1: "1" });
    await apply();
    declare({ a1: "1", b2: "2", "slow-3": "3" });
    const { process: terraform, finished } = workspace.start("apply", "-auto-approve");
    await until("the slow file is reached", () => tried().includes("slow-3"));
    // As a terminal does: to the whole group, the plugin too.
    process.kill(-(terraform.pid ?? 0), "SIGINT");

    const { output } = await finished;
    expect(output).toContain("Error: slow-3: interrupted");
    expect(recordedFiles()).toMatchObject({ files: { a1: "1", b2: "2" }, status: undefined });
    expectNothingLeft();
  });

  test("by kill -9 of Terraform leaves no process and no socket behind, and the next run goes on from there", async () => {
    declare({ a1: "1", b2: "2", "slow-3": "3" });
    const { process: terraform, finished } = workspace.start("apply", "-auto-approve");
    await until(
      "the slow file is reached",
      () => readdirSync(workspace.folder).includes("log") && tried().includes("slow-3"),
    );
    const pid = pluginPid();
    expect(isAlive(pid)).toBe(true);
    terraform.kill("SIGKILL");
    await finished;

    await until("the plugin is gone", () => !isAlive(pid));
    expectNothingLeft();

    declare({ a1: "1", b2: "2", c3: "3" });
    workspace.remove(".terraform.tfstate.lock.info");
    expect(await apply()).toMatchObject({ code: 0 });
    expect(tried()).toEqual(["a1", "b2", "slow-3", "c3"]);
  });

  function pluginPid(): number {
    return Number(readFileSync(workspace.path("plugin.pid"), "utf8"));
  }

  function expectNothingLeft(): void {
    expect(isAlive(pluginPid())).toBe(false);
    expect(readdirSync(workspace.sockets)).toEqual([]);
  }
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
