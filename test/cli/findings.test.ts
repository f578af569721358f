import { annotations } from "../../lib/cli/check/annotations";
import { sarif } from "../../lib/cli/check/sarif";
import type { Diagnostic } from "../../lib/diagnostics";

const finding: Diagnostic = {
  severity: "error",
  rule: "promotion/hash-differs",
  summary: "100% wrong, and more",
  detail: "First.\nSecond::error::x",
  at: { file: "manifests/a,b: c.yaml", line: 3, column: 5 },
};

test("a message of an annotation can neither end it nor begin another", () => {
  const text = annotations([finding], "/checkout/pr", { GITHUB_ACTIONS: "true", GITHUB_WORKSPACE: "/checkout" });

  expect(text).toBe(
    "::error file=pr/manifests/a%2Cb%3A c.yaml,line=3,col=5,title=promotion/hash-differs::100%25 wrong, and more%0AFirst.%0ASecond::error::x\n",
  );
});

test("there are annotations in GitHub Actions only", () => {
  expect(annotations([finding], "/work", {})).toBe("");
});

test("SARIF names rules once, and files as URIs", () => {
  const { runs } = JSON.parse(sarif([finding, { ...finding, severity: "warning" }], "1.2.3", "pr/"));

  expect(runs[0].tool.driver).toMatchObject({ version: "1.2.3", rules: [{ id: "promotion/hash-differs" }] });
  expect(
    runs[0].results.map(({ level, ruleIndex }: { level: string; ruleIndex: number }) => [level, ruleIndex]),
  ).toEqual([
    ["error", 0],
    ["warning", 0],
  ]);
  expect(runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri).toBe("pr/manifests/a%2Cb%3A%20c.yaml");
});
