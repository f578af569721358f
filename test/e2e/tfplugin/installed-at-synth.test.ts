import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { App, TerraformStack } from "cdktf";
import { artifactsPlugin, useLocalPlugins } from "../../../lib/constructs/artifacts-plugin";
import { ArtifactsGroup, ArtifactsProvider } from "../../../lib/constructs/artifacts-provider";
import { runTerraform } from "../../support/terraform-workspace";

const root = join(__dirname, "../../..");

/** Output must lie below the checkout: the launcher finds the provider through the checkout's package.json. */
function outputFolder(): string {
  mkdirSync(join(root, "dist", "test"), { recursive: true });
  return mkdtempSync(join(root, "dist", "test", "synth-"));
}

describe("a provider installed by synth", () => {
  const outdir = outputFolder();
  const stackFolder = join(outdir, "stacks", "groups");
  const lockFile = join(stackFolder, ".terraform.lock.hcl");

  beforeAll(() => {
    const { build } = require(join(root, "bin", "build.cjs")) as { readonly build: () => number };
    build();
    synth();
    writeFileSync(join(outdir, "empty.tfrc"), "");
  });
  afterAll(() => rmSync(outdir, { recursive: true, force: true }));

  function synth(): void {
    const app = new App({ outdir });
    const stack = new TerraformStack(app, "groups");
    new ArtifactsProvider(stack);
    new ArtifactsGroup(stack, "team", {
      email: "team@example.org",
      name: "team",
      description: `Costs \${amount}`,
      settings: {},
      reconcileMembers: true,
      owners: [],
      managers: [],
      members: ["someone@example.org"],
      aliases: [],
    });
    useLocalPlugins(stack, [artifactsPlugin]);
    app.synth();
  }

  function terraform(...args: readonly string[]) {
    const env = { TF_CLI_CONFIG_FILE: join(outdir, "empty.tfrc"), TF_PLUGIN_CACHE_DIR: "" };
    return runTerraform(stackFolder, env, args).finished;
  }

  test("is found by init with no registry, and its lock entry is what Terraform computes", async () => {
    const locked = readFileSync(lockFile, "utf8");
    const { code, output } = await terraform("init");
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(output).not.toContain("Incomplete lock file");
    expect(readFileSync(lockFile, "utf8")).toBe(locked);
  });

  test("serves the stack", async () => {
    expect(await terraform("validate")).toMatchObject({ code: 0, output: expect.stringContaining("Success!") });
  });

  test("survives the next synth, which changes nothing that init made", async () => {
    const locked = readFileSync(lockFile, "utf8");
    synth();
    expect(readFileSync(lockFile, "utf8")).toBe(locked);
    expect(existsSync(join(stackFolder, ".terraform"))).toBe(true);
    expect(await terraform("validate")).toMatchObject({ code: 0 });
  });
});
