import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { layoutFrom } from "../../lib/config/layout";
import { loadEstate } from "../../lib/config/load";
import { hasErrors } from "../../lib/diagnostics";

const checkout = join(__dirname, "../..");
const corpus = join(process.env.ARTIFACTS_SHARED ?? join(checkout, "../shared"), "corpus");
const here = existsSync(corpus) ? describe : describe.skip;

here("the samples of k8s.io", () => {
  const { estate, diagnostics, counts } = loadEstate(layoutFrom(corpus));

  test("hold no error", () => {
    expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(counts).toMatchObject({ groups: 24, filestores: 4, manifests: 4, staging: 0 });
    expect(estate?.projects.filter(({ type }) => type === "staging")).toHaveLength(83);
  });

  test("are warned about where they smell", () => {
    expect(new Set(diagnostics.map(({ rule }) => rule))).toEqual(
      new Set([
        "filestore/reverse",
        "group/not-declared",
        "group/rbac-security-group",
        "project/two-types",
        "staging/no-group",
        "staging/no-project",
      ]),
    );
  });

  test("pass the command", () => {
    const cli = join(checkout, "bin/artifacts.cjs");
    const { stdout, status } = spawnSync(process.execPath, [cli, "validate", "--root", corpus], { encoding: "utf8" });

    expect(status).toBe(0);
    expect(stdout).toMatch(/\nvalid: 0 errors, \d+ warnings in /);
  });
});

test("our own inputs hold neither error nor warning", () => {
  const { diagnostics } = loadEstate(layoutFrom(checkout));

  expect(diagnostics).toEqual([]);
  expect(hasErrors(diagnostics)).toBe(false);
});
