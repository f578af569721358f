import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { layoutFrom, readLayout } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { FIXTURES, overlaidInputs } from "./support/overlaid-inputs";

let root: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "artifacts-layout-"));
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test("without cdktf.json and flags the usual places hold", () => {
  expect(readLayout({}, root)).toMatchObject({
    root,
    infra: "infra/gcp/infra.yaml",
    defaults: "infra/gcp/defaults.yaml",
    groups: "groups",
    filestores: "filestores",
    manifests: "manifests",
  });
});

test("cdktf.json's context moves them, and flags win over it", () => {
  writeFileSync(
    join(root, "cdktf.json"),
    JSON.stringify({ context: { root: "inputs", groups: "g", manifests: "./m/" } }),
  );

  expect(readLayout({ manifests: "other" }, root)).toMatchObject({
    root: join(root, "inputs"),
    groups: "g",
    manifests: "other",
    filestores: "filestores",
  });
});

test("--root reads the cdktf.json that stands there, not the one of the working directory", () => {
  const other = join(root, "other");
  mkdirSync(other);
  writeFileSync(join(root, "cdktf.json"), JSON.stringify({ context: { groups: "g" } }));

  expect(readLayout({ root: "other" }, root)).toMatchObject({ root: other, groups: "groups" });
});

test("a place inside of the root has one name, however a flag writes it", () => {
  const flags = { groups: join(root, "g"), manifests: `../${basename(root)}/m`, filestores: "/f" };

  expect(layoutFrom(root, {}, flags)).toMatchObject({ groups: "g", manifests: "m", filestores: "/f" });
});

test("--root follows the root of the cdktf.json that stands there, and not out of the folder", () => {
  const write = (to: string) => writeFileSync(join(root, "cdktf.json"), JSON.stringify({ context: { root: to } }));
  write("new/inputs");
  expect(readLayout({ root }, "/")).toMatchObject({ root: join(root, "new/inputs") });

  symlinkSync("/usr", join(root, "out"));
  for (const outside of ["..", "/usr", "out"]) {
    write(outside);
    expect(() => readLayout({ root }, "/")).toThrow("leaves the folder that --root names");
  }
});

test("a checkout of k8s.io is recognised by its artifacts folder", () => {
  mkdirSync(join(root, "artifacts/filestores"), { recursive: true });
  mkdirSync(join(root, "artifacts/manifests"));

  expect(layoutFrom(root)).toMatchObject({ filestores: "artifacts/filestores", manifests: "artifacts/manifests" });
});

test("folders at the top win over the artifacts folder", () => {
  mkdirSync(join(root, "artifacts/filestores"), { recursive: true });
  mkdirSync(join(root, "filestores"));

  expect(layoutFrom(root).filestores).toBe("filestores");
});

test("fails on a root that does not exist and on a cdktf.json that is no JSON", () => {
  writeFileSync(join(root, "cdktf.json"), "{");

  expect(() => readLayout({ root: join(root, "none") }, root)).toThrow("none does not exist");
  expect(() => readLayout({ root: join(root, "cdktf.json") }, root)).toThrow("cdktf.json is no folder");
  expect(() => readLayout({}, root)).toThrow("cdktf.json:1:2: error: this is no JSON");
});

test("a place that a flag names must exist, one that nobody named may be missing", () => {
  const base = join(FIXTURES, "base");
  const named = loadEstate(layoutFrom(base, {}, { manifests: "manifest" }));
  rmSync(root, { recursive: true });
  const { root: copy, remove } = overlaidInputs(base);
  try {
    rmSync(join(copy, "manifests"), { recursive: true });
    const unnamed = loadEstate(layoutFrom(copy));

    expect(named.diagnostics).toEqual([expect.objectContaining({ severity: "error", rule: "layout/missing" })]);
    expect(unnamed.diagnostics).toEqual([expect.objectContaining({ severity: "warning", rule: "layout/missing" })]);
    expect(unnamed.estate?.manifests).toEqual([]);
  } finally {
    remove();
  }
});

test("a flag may name a defaults.yaml outside of the root", () => {
  const base = join(FIXTURES, "base");
  const copy = join(root, "defaults.yaml");
  writeFileSync(copy, "location: 7\n");

  const { diagnostics } = loadEstate(layoutFrom(base, {}, { defaults: copy }));

  expect(diagnostics[0]).toMatchObject({ at: { file: copy }, summary: expect.stringContaining("is required") });
});
