import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { generatedDocs } from "../../lib/cli/docs";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { fileKinds } from "../../lib/config/schema/file-kinds";
import { FIXTURES, overlaidInputs } from "./support/overlaid-inputs";

const checkout = join(__dirname, "../..");

test.each(generatedDocs())("$path is what npm run docs writes", ({ path, text }) => {
  expect(readFileSync(join(checkout, path), "utf8")).toBe(text);
});

test.each([
  { file: "manifest", key: "sha256", fine: "0a".repeat(32), wrong: ["0A".repeat(32), "a".repeat(63)] },
  { file: "filestores", key: "base", fine: "gs://oss-staging-anvil", wrong: ["http://x", "gs://"] },
  { file: "groups", key: "email-id", fine: "tools@example.org", wrong: ["nope"] },
])("editors mark a wrong $key as validate does", ({ file, key, fine, wrong }) => {
  const text = readFileSync(join(checkout, `docs/schema/${file}.schema.json`), "utf8");
  let pattern: RegExp | undefined;
  JSON.parse(text, (name, value) => {
    if (name === key) pattern = new RegExp(value.pattern, "u");
    return value;
  });

  expect([fine, ...wrong].map((value) => pattern?.test(value))).toEqual([true, ...wrong.map(() => false)]);
});

test("strict validators take the schemas: no type is a list", () => {
  const schemas = generatedDocs().filter(({ path }) => path.endsWith(".json"));
  const lists = schemas.filter(({ text }) => /"type": \[/.test(text)).map(({ path }) => path);

  expect(lists).toEqual([]);
});

test("docs/schema holds no schema of a file kind that is gone", () => {
  const names = fileKinds.map(({ name }) => `${name}.schema.json`).sort();

  expect(readdirSync(join(checkout, "docs/schema")).sort()).toEqual(names);
});

function* filesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(join(checkout, folder), { withFileTypes: true })) {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* filesBelow(path);
    else yield path;
  }
}

/** By the place of a file; each `<…>` of a kind's stands for one part of it. */
function kindOf(file: string): string | undefined {
  const matches = (path: string) => new RegExp(`^${path.replace(/<[^>]+>/g, "[^/]+")}$`).test(file);
  return fileKinds.find(({ path }) => matches(path))?.name;
}

test("of each kind our own inputs name the schema for editors, and none a wrong one", () => {
  const shown = new Set<string>();
  const files = ["infra/gcp", "groups", "filestores", "manifests"].flatMap((folder) => [...filesBelow(folder)]);
  for (const file of files.filter((each) => each.endsWith(".yaml"))) {
    // Commands write files without the line, as kpromo and k8s.io do.
    const [, schema] =
      /^# yaml-language-server: \$schema=(\S+)\n/.exec(readFileSync(join(checkout, file), "utf8")) ?? [];
    if (schema === undefined) continue;
    const path = join(file, "..", schema);
    shown.add(path);

    expect({ file, path }).toEqual({ file, path: `docs/schema/${kindOf(file)}.schema.json` });
  }
  const kinds = fileKinds.map(({ name }) => name).filter((name) => name !== "owners" && name !== "adoption");

  expect([...shown].sort()).toEqual(kinds.map((name) => `docs/schema/${name}.schema.json`).sort());
});

test("docs/rules.md names every rule", () => {
  const text = readFileSync(join(checkout, "docs/rules.md"), "utf8");
  const sources = [...filesBelow("lib/config"), ...filesBelow("lib/model")].map((file) =>
    readFileSync(join(checkout, file), "utf8"),
  );
  const areas =
    "address|adoption|change|defaults|file|filestore|gcp|group|groups-config|iam|layout|manifest|owners|project|restriction|s3|schema|staging";
  const rules = new Set(
    sources.flatMap((source) => source.match(new RegExp(`(?<=")(?:${areas})/[a-z0-9-]+(?=")`, "g")) ?? []),
  );

  expect(rules.size).toBeGreaterThan(70);
  expect([...rules].filter((rule) => !text.includes(`\`${rule}\``))).toEqual([]);
});

/** Broken in other tests, since no folder of files can: they need links, odd bytes, sizes, flags or a synth. */
const TESTED_ELSEWHERE = [
  "defaults/missing",
  "file/control-character",
  "file/depth",
  "file/encoding",
  "file/kind",
  "file/more",
  "file/outside",
  "file/too-large",
  "file/unreadable",
  "layout/cdktf-json",
  "layout/root",
  "restriction/too-costly",
];

test("every other rule that docs/rules.md names for the inputs is broken by a fixture", () => {
  const text = readFileSync(join(checkout, "docs/rules.md"), "utf8").split("## Changes")[0] ?? "";
  const documented = [...text.matchAll(/`([a-z0-9-]+\/[a-z0-9-]+)`/g)].map(([, rule = ""]) => rule);
  const broken = new Set(
    readdirSync(join(FIXTURES, "invalid")).flatMap((name) => {
      const { root, remove } = overlaidInputs(join(FIXTURES, "invalid", name));
      const { diagnostics } = loadEstate(layoutFrom(root));
      remove();
      return diagnostics.map(({ rule }) => rule);
    }),
  );

  expect(documented.length).toBeGreaterThan(70);
  expect(documented.filter((rule) => !broken.has(rule) && !TESTED_ELSEWHERE.includes(rule))).toEqual([]);
});
