import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isWritable, lineText, manifestText } from "../../lib/promotion/manifest-yaml";

/** What `kpromo manifest files` writes after `- name: `, recorded from kpromo 4 (sigs.k8s.io/yaml 1.6.0). */
const recorded: readonly { readonly name: string; readonly yaml: string }[] = JSON.parse(
  readFileSync(join(__dirname, "fixtures/kpromo-names.json"), "utf8"),
);

test.each(recorded)("the name $name is written as kpromo writes it", ({ name, yaml }) => {
  expect(lineText({ name, sha256: "x" })).toBe(`- name: ${yaml}\n  sha256: x\n`);
});

test("a manifest lists names and hashes in the order given", () => {
  const files = [
    { name: "v1/b", sha256: "a".repeat(64) },
    { name: "v1/a", sha256: "0".repeat(64) },
  ];

  expect(manifestText(files)).toBe(
    `files:\n- name: v1/b\n  sha256: ${"a".repeat(64)}\n- name: v1/a\n  sha256: "${"0".repeat(64)}"\n`,
  );
});

test("a manifest without files is an empty mapping, as kpromo writes it", () => {
  expect(manifestText([])).toBe("{}\n");
});

test("a line of an indented list keeps its name on one line", () => {
  const name = `${"long ".repeat(40)}name`;

  expect(lineText({ name, sha256: "ab" }, "  ")).toBe(`  - name: ${name}\n    sha256: ab\n`);
});

test.each(["a\u0001b", "a\rb", "a\u007f", "a\u0085b", "a\u2028b", "\ufeffa", "a\ufffe"])(
  "the name %j, which no manifest may hold, is not written",
  (name) => {
    expect(isWritable(name)).toBe(false);
  },
);
