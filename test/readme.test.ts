import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { layoutFrom } from "../lib/config/layout";
import { loadEstate } from "../lib/config/load";
import { formatDiagnostic } from "../lib/diagnostics";

const readme = readFileSync(join(__dirname, "../README.md"), "utf8");

test("the README's YAML files form a valid estate", () => {
  const root = mkdtempSync(join(tmpdir(), "readme-"));
  for (const [, file = "", text = ""] of readme.matchAll(/^```yaml (\S+)\n(.*?)^```$/gms)) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), text);
  }
  const { estate, diagnostics } = loadEstate(layoutFrom(root));
  rmSync(root, { recursive: true });

  expect(diagnostics.filter(({ severity }) => severity === "error").map(formatDiagnostic)).toEqual([]);
  expect(estate?.filestores.map(({ name }) => name)).toEqual(["k8s-staging-kops"]);
});

test("the README's links lead somewhere", () => {
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, path = ""]) => path);

  expect(links.filter((path) => !existsSync(join(__dirname, "..", path)))).toEqual([]);
});
