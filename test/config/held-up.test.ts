import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { FIXTURES, overlaidInputs } from "./support/overlaid-inputs";

/** What is left of fixtures/base with these files written anew. */
function pastMistakes(files: Readonly<Record<string, string>>) {
  const { root, remove } = overlaidInputs(join(FIXTURES, "base"));
  try {
    for (const [file, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, file)), { recursive: true });
      writeFileSync(join(root, file), text);
    }
    return loadEstate(layoutFrom(root)).pastMistakes;
  } finally {
    remove();
  }
}

const BROKEN = "files: [\n";

test("a manifest with a mistake holds up its directory, and no other", () => {
  const estate = pastMistakes({ "manifests/oss-staging-anvil/v9.yaml": BROKEN });

  expect([...(estate?.heldUp ?? [])].map(([directory, found]) => [directory, found.length])).toEqual([
    ["oss-staging-anvil", 1],
  ]);
  expect(estate?.manifests.some(({ directory }) => directory === "oss-staging-anvil")).toBe(false);
  expect(estate?.filestores.map(({ name }) => name)).toContain("oss-staging-anvil");
});

test("inputs without a mistake hold up nothing", () => {
  expect(pastMistakes({})?.heldUp?.size).toBe(0);
});

test.each([
  ["among groups", { "groups/sig-build/groups.yaml": "groups: 7\n" }],
  ["in a directory that has no stack to tell it", { "manifests/oss-staging-nobody/v1.yaml": BROKEN }],
  ["beside the directories", { "manifests/v1.yaml": BROKEN }],
])("a mistake %s is not gone past", (_, files) => {
  expect(pastMistakes({ "manifests/oss-staging-anvil/v9.yaml": BROKEN, ...files })).toBeUndefined();
});
