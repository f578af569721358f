import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { compileFixture } from "../../support/compile-fixture";
import { TerraformWorkspace } from "../../support/terraform-workspace";

const program = compileFixture(join(__dirname, "../../tfplugin/fixtures/files-provider.ts"));
const plugin = { source: "example.test/test/files", program };

describe("an object under Terraform", () => {
  let workspace: TerraformWorkspace;

  beforeEach(async () => {
    workspace = new TerraformWorkspace(plugin, { FILES_ROOT: "." });
    workspace.write({});
    expect((await workspace.run("init")).code).toBe(0);
  });
  afterEach(() => workspace.close());

  function declare(shelves: Readonly<Record<string, object>>, more: object = {}): void {
    workspace.write({ resource: { files_shelf: shelves }, ...more });
  }

  async function apply(): Promise<string> {
    const { code, output } = await workspace.run("apply", "-auto-approve");
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  }

  test("is created, left alone, updated in place, replaced and destroyed", async () => {
    const kops = { name: "kops", files: { "v1/kops": "a" }, labels: ["x", "y"], weight: 0.1 };
    declare({ kops });
    expect(await apply()).toContain("Resources: 1 added, 0 changed, 0 destroyed.");
    expect(workspace.readJson("kops.json")).toEqual({ ...kops, id: "kops", revision: 1 });

    expect((await workspace.run("plan", "-detailed-exitcode")).output).toContain("No changes.");

    declare({ kops: { ...kops, files: { ...kops.files, "v2/kops": "b" } } });
    const update = await workspace.run("plan", "-detailed-exitcode", "-out=saved");
    expect(update).toMatchObject({ code: 2, output: expect.stringMatching(/\+ "v2\/kops" = "b"/) });
    expect(update.output).toMatch(/~ revision = 1 -> \(known after apply\)/);
    expect((await workspace.run("apply", "saved")).output).toContain("0 added, 1 changed, 0 destroyed.");

    declare({ kops: { ...kops, name: "kops-2" } });
    expect(await apply()).toContain("Resources: 1 added, 0 changed, 1 destroyed.");
    expect(existsSync(workspace.path("kops.json"))).toBe(false);

    const destroyed = await workspace.run("destroy", "-auto-approve");
    expect(destroyed.output).toContain("Warning: kops-2: will be forgotten");
    expect(destroyed.output).toContain("Destroy complete! Resources: 1 destroyed.");
    expect(existsSync(workspace.path("kops-2.json"))).toBe(false);
    expect(readdirSync(workspace.sockets)).toEqual([]);
  });

  test("is created again after someone removed it", async () => {
    declare({ kops: { name: "kops", files: {} } });
    await apply();
    workspace.remove("kops.json");
    expect((await workspace.run("plan")).output).toContain("# files_shelf.kops will be created");
  });

  test("is imported by command and by block, and needs no change then", async () => {
    const one = { name: "one", files: { a: "1" } };
    const two = { name: "two", files: { a: "2" } };
    declare({ one, two });
    await apply();
    workspace.remove("terraform.tfstate");

    expect((await workspace.run("import", "files_shelf.one", "one")).output).toContain("Import successful!");
    declare({ one, two }, { import: [{ to: "files_shelf.two", id: "two" }] });
    expect(await apply()).toContain("Resources: 1 imported, 0 added, 0 changed, 0 destroyed.");
    expect((await workspace.run("plan", "-detailed-exitcode")).code).toBe(0);
    expect((await workspace.run("import", "files_shelf.gone", "gone")).code).toBe(1);
  });

  test("may be named by what another one will be", async () => {
    declare({
      first: { name: "first", files: { a: "1" } },
      second: {
        name: `\${files_shelf.first.id}-copy`,
        files: { "from ${files_shelf.first.id}": `\${files_shelf.first.revision}` },
      },
    });
    expect((await workspace.run("plan")).output).toMatch(/\+ name +=/);
    await apply();
    expect(workspace.readJson("first-copy.json")).toMatchObject({ files: { "from first": "1" } });
  });

  test("has what is wrong with its configuration said at the attribute", async () => {
    declare({ a: { name: "", files: {} } });
    const invalid = await workspace.run("validate");
    expect(invalid).toMatchObject({ code: 1, output: expect.stringContaining("Error: name: is empty") });

    declare({ a: { name: "a", files: { good: "1", "x/y": "bad", z: "bad" } } });
    const refused = await workspace.run("plan", "-json");
    const diagnostics = refused.output
      .split("\n")
      .filter((line) => line.includes('"@level":"error"'))
      .map((line) => JSON.parse(line).diagnostic);
    expect(diagnostics).toMatchObject([
      { summary: "x/y: is bad", address: "files_shelf.a", snippet: { context: "resource.files_shelf.a.files" } },
      { summary: "z: is bad" },
    ]);
  });
});
