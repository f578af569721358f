import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { formatDiagnostic } from "../../lib/diagnostics";
import { FIXTURES, overlaidInputs } from "./support/overlaid-inputs";

/*
 * A new rule is a new folder in fixtures/invalid, no test code: its files are laid over fixtures/base, and expected.txt
 * holds what a person is told. UPDATE_FIXTURES=1 writes expected.txt anew; the change is then read in review.
 */
const invalid = join(FIXTURES, "invalid");

test("the inputs that the cases change are valid themselves", () => {
  expect(loadEstate(layoutFrom(join(FIXTURES, "base"))).diagnostics).toEqual([]);
});

test.each(readdirSync(invalid))("reports every mistake of fixtures/invalid/%s", (name) => {
  const folder = join(invalid, name);
  const { root, remove } = overlaidInputs(folder);
  try {
    const { diagnostics, estate } = loadEstate(layoutFrom(root));
    const said = `${diagnostics.map(formatDiagnostic).join("\n")}\n`;
    if (process.env.UPDATE_FIXTURES) writeFileSync(join(folder, "expected.txt"), said);

    expect(said).toBe(readFileSync(join(folder, "expected.txt"), "utf8"));
    expect(estate === undefined).toBe(said.includes(": error: "));
    expect(diagnostics.filter(({ rule }) => rule === undefined)).toEqual([]);
  } finally {
    remove();
  }
});
