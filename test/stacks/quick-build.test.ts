import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, TerraformLocal, TerraformStack, Token } from "cdktf";
import type { Construct } from "constructs";
import { sandboxPlatform } from "../../sandbox/target";
import { buildStacks } from "../../stacks/build";
import { quickly } from "../../stacks/quick-build";
import { fullEstate, fullProject } from "../e2e/stacks/full-estate";

type How = <T>(build: () => T) => T;

const asCdktfDoes: How = (build) => build();
const platform = sandboxPlatform({ ARTIFACTS_SANDBOX: "http://127.0.0.1:1", ARTIFACTS_SANDBOX_STATE: "/var/sandbox" });

/** Every file of a synth, by its path. */
function filesOf(how: How, build: (app: Construct) => void): Readonly<Record<string, string>> {
  const outdir = mkdtempSync(join(tmpdir(), "artifacts-synth-"));
  try {
    how(() => {
      const app = new App({ outdir, stackTraces: false });
      build(app);
      app.synth();
    });
    const files = readdirSync(outdir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name));
    return Object.fromEntries(paths.map((path) => [path.slice(outdir.length), readFileSync(path, "utf8")]));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

test.each([
  { what: "an estate", project: fullProject() },
  {
    what: "labels that look like expressions",
    project: fullProject({ labels: { "a-%{b}": "$%{ if } 1e+289 TfToken[" } }),
  },
  {
    what: "a retirement",
    project: fullProject({ retired: { since: "2026-01-01", keepPublished: true, step: "shut-down" } }),
  },
])("the quick way writes the very files that CDKTF writes: $what", ({ project }) => {
  const build = (app: Construct) => buildStacks(app, fullEstate(project), platform);
  const files = filesOf(quickly, build);

  expect(Object.keys(files).length).toBeGreaterThan(5);
  expect(files).toEqual(filesOf(asCdktfDoes, build));
});

test("every kind of token is found wherever it stands", () => {
  const build = (app: Construct) => {
    const stack = new TerraformStack(app, "tokens");
    const other = new TerraformLocal(stack, "other", "text");
    const [list, number] = [Token.asList(other.expression), Token.asNumber(other.expression)];
    new TerraformLocal(stack, "all", {
      text: other.expression,
      inText: `before ${other.expression} and ${number}`,
      list,
      number,
      numbers: [1, number],
      map: Token.asStringMap(other.expression),
      deep: [{ [`key ${other.expression}`]: [undefined, null, { gone: undefined, list }] }],
      gone: undefined,
      empty: [undefined],
      plain: ["1e300", "e289", -1e300, 1.5, true, null, {}],
    });
  };
  const files = filesOf(quickly, build);

  expect(JSON.stringify(files)).not.toContain("TfToken");
  expect(files).toEqual(filesOf(asCdktfDoes, build));
});
