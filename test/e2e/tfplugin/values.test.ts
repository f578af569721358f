import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { compileFixture } from "../../support/compile-fixture";
import { TerraformWorkspace } from "../../support/terraform-workspace";

const program = compileFixture(join(__dirname, "../../tfplugin/fixtures/values-provider.ts"));

describe("values on their way through Terraform", () => {
  const workspace = new TerraformWorkspace({ source: "example.test/test/values", program });

  beforeAll(async () => {
    await workspace.attach();
    workspace.write({});
    expect((await workspace.run("init")).code).toBe(0);
  });
  beforeEach(() => workspace.remove("terraform.tfstate"));
  afterAll(() => workspace.close());

  async function apply(config: object): Promise<string> {
    workspace.write(config);
    const { code, output } = await workspace.run("apply", "-auto-approve");
    expect({ code, output }).toMatchObject({ code: 0 });
    return output;
  }

  async function expectNoChanges(): Promise<void> {
    const { code, output } = await workspace.run("plan", "-detailed-exitcode");
    expect({ code, output }).toMatchObject({ code: 0, output: expect.stringContaining("No changes.") });
  }

  test("numbers keep every digit", async () => {
    const numbers = [
      "0.1",
      "-17",
      "9007199254740993",
      "18446744073709551615",
      "1234567890123456789012345678901234567890",
      "0.1234567890123456789012345678901",
      "0.000001",
    ];
    const echoes = numbers.map((number, index) => [`n${index}`, { number: `\${${number}}` }]);
    await apply({ resource: { values_echo: Object.fromEntries(echoes) } });
    const state = readFileSync(workspace.path("terraform.tfstate"), "utf8");
    const written = [...state.matchAll(/"number": ([^,\n]+)/g)].map(([, number]) => number);
    expect(written).toEqual(numbers);
    await expectNoChanges();
  });

  function length(echo: string, part: string): string {
    return `values_echo.${echo}.parts["${part}"].length`;
  }

  test("a nested map has unknown parts where they depend on others, and only there", async () => {
    const config = {
      resource: {
        values_echo: {
          first: { parts: { a: { text: "abc" } } },
          second: { parts: { known: { text: "x" }, later: { text: `of \${${length("first", "a")}}` } } },
        },
      },
      output: { length: { value: `\${${length("second", "later")}}` } },
    };
    expect(await apply(config)).toContain("length = 4");
    await expectNoChanges();

    workspace.write({
      resource: {
        values_echo: { ...config.resource.values_echo, first: { parts: { a: { text: "abc" }, b: { text: "" } } } },
      },
    });
    const plan = await workspace.run("plan");
    expect(plan.output).toContain("(1 unchanged element hidden)");
  });

  test("a value of any type keeps its type", async () => {
    await apply({
      resource: {
        values_echo: { a: { any: { list: [1, "two", true, null], more: { deep: 0.5 } } }, b: { any: "text" } },
      },
    });
    await expectNoChanges();
  });

  test("sets and blocks that are sets have no order and no doubles", async () => {
    const rule = [{ age: 3 }, { age: 1 }];
    expect(await apply({ resource: { values_echo: { a: { tags: ["b", "a", "b"], rule } } } })).toContain("1 added");
    workspace.write({ resource: { values_echo: { a: { tags: ["a", "b"], rule: [...rule].reverse() } } } });
    await expectNoChanges();
  });

  // Long texts in a configuration would cost Terraform seconds to read, and a comparison of them seconds to print.
  test("a value of more than 4 MB goes through, there and back", async () => {
    const texts = `\${{ for index in range(43) : "file-\${index}" => format("%0100000d", index) }}`;
    workspace.write({ resource: { values_echo: { a: { texts } } } });

    expect((await workspace.run("apply", "-auto-approve", "-json")).code).toBe(0);

    expect(statSync(workspace.path("terraform.tfstate")).size).toBeGreaterThan(4 * 1024 * 1024);
  });

  test("keys and texts may hold anything", async () => {
    const text = 'ä 🙈 \u2028 \\ " $${x} %%{y} \n\t';
    await apply({
      resource: { values_echo: { a: { parts: { __proto: { text }, constructor: { text }, "a.b[0]": { text } } } } },
    });
    await expectNoChanges();
  });
});
