import type { Diagnostic } from "../../diagnostics";

/** Diagnostics in the form that code scanning reads (SARIF 2.1.0). Files are named relative to the repository. */
export function sarif(diagnostics: readonly Diagnostic[], version: string, folder = ""): string {
  const rules = [...new Set(diagnostics.map(ruleOf))].sort();
  const results = diagnostics.map((diagnostic) => {
    const { severity, summary, detail, at } = diagnostic;
    return {
      ruleId: ruleOf(diagnostic),
      ruleIndex: rules.indexOf(ruleOf(diagnostic)),
      level: severity,
      message: { text: [summary, detail].filter(Boolean).join("\n") },
      locations: at === undefined ? [] : [location(at, folder)],
    };
  });
  const driver = { name: "artifacts", version, rules: rules.map((id) => ({ id, shortDescription: { text: id } })) };
  const document = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, columnKind: "utf16CodeUnits", results }],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function location({ file, line, column }: NonNullable<Diagnostic["at"]>, folder: string) {
  const uri = (folder + file).split("/").map(encodeURIComponent).join("/");
  return { physicalLocation: { artifactLocation: { uri }, region: { startLine: line, startColumn: column } } };
}

function ruleOf({ rule }: Diagnostic): string {
  return rule ?? "artifacts";
}
