import { looseEntries } from "../../lib/config/loose-entries";

function read(text: string): readonly string[] {
  return looseEntries(text, ["name", "sha256"]).map(
    ({ values, line, column }) => `${line}:${column} ${values.get("name")} ${values.get("sha256")}`,
  );
}

test.each([
  {
    form: "entries of which one is wrong",
    text: "files:\n- name: a b # c\n  sha256: 12\n- nmae: x\n- sha256: 34\n  name: 'it''s'\n",
    entries: ["2:1 a b 12", "5:1 it's 34"],
  },
  {
    form: "no YAML at all",
    text: '\tfiles: [\r\n\t- name: "q\\u0041"\r\n\t  sha256: 12\r\n# - name: z\n  name: b\n  sha256: 34',
    entries: ["2:2 qA 12", "5:3 b 34"],
  },
  {
    form: "mappings in braces",
    text: "files: [{name: a, sha256: 12},\n  {sha256: 34, name: b}, {\n  name: c,\n  sha256: 56}]",
    entries: ["1:9 a 12", "2:3 b 34", "2:26 c 56"],
  },
  {
    form: "JSON",
    text: '{"files":[{"name":"a{b},c","sha256":"12"},{"name": "c", "sha256": "34"}]}',
    entries: ["1:11 a{b},c 12", "1:43 c 34"],
  },
])("reads $form", ({ text, entries }) => {
  expect(read(text)).toEqual(entries);
});

test.each([
  { what: "words", text: "a-".repeat(250_000) },
  { what: "words in braces", text: `{${"a-".repeat(250_000)}` },
  { what: "quotes", text: `{${'a:"'.repeat(300_000)}` },
  { what: "escaped quotes", text: `{${'a:"\\'.repeat(300_000)}` },
  { what: "spaces", text: `name: a${" ".repeat(1_000_000)}b` },
  { what: "braces", text: "{".repeat(500_000) },
])("takes no longer than its length for a hostile text of $what", ({ text }) => {
  const start = performance.now();
  read(text);

  expect(performance.now() - start).toBeLessThan(10_000);
});
