import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { parseManifest } from "../../lib/config/load-manifests";
import { scanManifest } from "../../lib/config/manifest-scan";
import type { Diagnostic } from "../../lib/diagnostics";

/** Mostly what people write, now and then what they should not. */
function mostly<T>(usual: fc.Arbitrary<T>, odd: fc.Arbitrary<T>): fc.Arbitrary<T> {
  return fc.oneof({ weight: 12, arbitrary: usual }, { weight: 1, arbitrary: odd });
}

const hash = mostly(
  fc.stringMatching(/^[0-9a-f]{64}$/),
  fc.oneof(fc.stringMatching(/^[0-9]{64}$/), fc.stringMatching(/^[0-9]{30}e[0-9]{33}$/)),
);

const name = mostly(
  fc.oneof(
    fc.stringMatching(/^[a-z0-9]{1,6}(\/[a-z0-9.-]{1,6}[a-z]){0,2}$/),
    fc.stringMatching(/^[0-9a-fxoe._-]{1,4}$/),
  ),
  fc.oneof(
    fc.stringMatching(/^[a-zA-Z0-9._/+~@=,-]{1,12}$/),
    fc.constantFrom(
      "1.25",
      "0x1F",
      "1e3",
      "true",
      "Null",
      "~",
      ".inf",
      "-",
      "---",
      "v1/a b",
      "é",
      "a: b",
      "a #b",
      "*a",
    ),
  ),
);

const sha256 = fc
  .tuple(hash, mostly(fc.constantFrom("", '""', "''"), fc.constantFrom('"', "'")))
  .map(([text, quotes]) => quotes.slice(0, 1) + text + quotes.slice(1));
const quoted = fc.tuple(name, fc.constantFrom("", '"', "'")).map(([text, quote]) => quote + text + quote);
const after = mostly(fc.constantFrom("", " ", " # note"), fc.constantFrom("#", "\t", " x"));
const between = mostly(fc.constantFrom("", "", "\n", "  # note\n", "# note\n"), fc.constantFrom("\t\n", "x\n"));

/** Manifests of the usual form, and texts that are nearly of it. */
const manifest = fc
  .tuple(
    mostly(fc.constantFrom("", "# head\n\n", "\n"), fc.constant("---\n")),
    mostly(fc.constantFrom("files:", "files: # all"), fc.constantFrom("files: []", "file:")),
    fc.constantFrom("", "  ", " "),
    fc.array(fc.tuple(between, quoted, after, sha256, after, mostly(fc.constant(""), fc.constant(" "))), {
      minLength: 1,
      maxLength: 4,
    }),
    fc.constantFrom("\n", "\n", "\r\n"),
    mostly(fc.constantFrom("", "\n", "\n\n# end\n"), fc.constant("...\n")),
  )
  .map(([head, files, indent, lines, newline, tail]) => {
    const rows = lines.map(
      ([space, text, one, hash, two, odd]) =>
        `${space}${indent}${odd}- name: ${text}${one}\n${indent}  sha256: ${hash}${two}\n`,
    );
    return `${head}${files}\n${rows.join("")}${tail}`.replaceAll("\n", newline);
  });

function parse(text: string) {
  const found: Diagnostic[] = [];
  const lines = parseManifest("m.yaml", text, (diagnostic) => void found.push(diagnostic));
  return { lines, isClean: found.length === 0 };
}

test("what the scanner reads, the YAML parser reads at the same places and without complaint", async () => {
  let scanned = 0;
  await fc.assert(
    fc.property(manifest, (text) => {
      const lines = scanManifest("m.yaml", text);
      if (typeof lines === "number") return;
      scanned += 1;
      expect({ lines, isClean: true }).toEqual(parse(text));
    }),
    { numRuns: 3000 },
  );
  // The property is worth nothing if the scanner gives up on everything.
  expect(scanned).toBeGreaterThan(500);
});

test("manifests as they are written every day need no YAML parser", () => {
  const folder = join(__dirname, "../../manifests");
  for (const directory of readdirSync(folder)) {
    for (const file of readdirSync(join(folder, directory)).filter((each) => each.endsWith(".yaml"))) {
      expect(scanManifest(file, readFileSync(join(folder, directory, file), "utf8"))).not.toEqual(expect.any(Number));
    }
  }
});

test("tells the first line that is not of the usual form", () => {
  const good = `- name: a\n  sha256: ${"a".repeat(64)}\n`;

  expect(scanManifest("m.yaml", `files:\n${good}- name: ../b\n`)).toBe(4);
  expect(scanManifest("m.yaml", `files:\n${good}  size: 4\n`)).toBe(4);
});
