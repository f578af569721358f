import { join } from "node:path";
import { compileFixture } from "../../support/compile-fixture";
import { TerraformWorkspace } from "../../support/terraform-workspace";

const program = compileFixture(join(__dirname, "../../tfplugin/fixtures/rules-provider.ts"));

const INVALID_PLAN = "Provider produced invalid plan";
const INCONSISTENT = "Provider produced inconsistent result after apply";
const INVALID_RESULT = "Provider returned invalid result object after apply";

/** What Terraform makes of a provider that breaks its rules; undefined where it doesn't mind. */
const rules = [
  { breaks: "plans another value", strict: INVALID_PLAN, legacy: undefined },
  { breaks: "plans another key", strict: INVALID_PLAN, legacy: undefined },
  { breaks: "plans a value for an unset attribute", strict: INVALID_PLAN, legacy: undefined },
  { breaks: "plans null and returns a value", strict: INCONSISTENT, legacy: undefined },
  { breaks: "plans a known value and returns another", strict: INCONSISTENT, legacy: undefined },
  { breaks: "returns another value", strict: INCONSISTENT, legacy: undefined },
  { breaks: "returns another key", strict: INCONSISTENT, legacy: undefined },
  { breaks: "returns a set short of an element", strict: INCONSISTENT, legacy: undefined },
  { breaks: "returns an unknown", strict: INVALID_RESULT, legacy: INVALID_RESULT },
  { breaks: "returns nothing", strict: INCONSISTENT, legacy: INVALID_RESULT },
  { breaks: "throws", strict: "thrown in create", legacy: "thrown in create" },
  { breaks: "nothing", strict: undefined, legacy: undefined },
];

// "strict" is how our own provider runs; "legacy" has the indulgence for providers on the old SDK.
describe.each(["strict", "legacy"] as const)("Terraform's rules for results, %s", (mode) => {
  const env = { RULES_LEGACY: mode === "legacy" ? "1" : "" };
  const workspace = new TerraformWorkspace({ source: "example.test/test/rules", program }, env);
  const found = new Map<string, string>();

  beforeAll(async () => {
    workspace.write({});
    expect((await workspace.run("init")).code).toBe(0);
    // An invalid plan stops everything, so those rules are tried apart from the others.
    for (const inPlan of [true, false]) {
      declare(rules.filter(({ strict }) => (strict === INVALID_PLAN) === inPlan));
      collect((await workspace.run("apply", "-auto-approve", "-json")).output);
    }
  });
  afterAll(() => workspace.close());

  function declare(broken: readonly { readonly breaks: string }[]): void {
    const some = { value: "abc", keys: { a: "1" }, set: ["x", "y"] };
    const entries = broken.map(({ breaks }) => [breaks.replaceAll(" ", "-"), { breaks, ...some }]);
    workspace.write({ resource: { rules_rule: Object.fromEntries(entries) } });
  }

  function collect(output: string): void {
    for (const line of output.trim().split("\n")) {
      const { diagnostic } = JSON.parse(line);
      if (diagnostic?.severity !== "error") continue;
      // What Terraform itself finds wrong has no address, only a text that names it.
      const [, name = ""] = /rules_rule\.([\w-]+)/.exec(`${diagnostic.address} ${diagnostic.detail}`) ?? [];
      found.set(name, diagnostic.summary);
    }
  }

  test.each(rules)("a provider that $breaks", ({ breaks, [mode]: expected }) => {
    expect(found.get(breaks.replaceAll(" ", "-"))).toBe(expected);
  });
});
