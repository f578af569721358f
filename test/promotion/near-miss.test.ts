import { findNearMisses, indexCandidates } from "../../lib/promotion/near-miss";

function meant(name: string, candidates: readonly string[], manifest = "manifests/k8s-staging-kops/1.36.2.yaml") {
  const index = indexCandidates(candidates.map((candidate) => ({ name: candidate })));
  return findNearMisses({ manifest, names: [name] }, index).get(name);
}

test.each([
  { mistake: "a missing version directory", name: "linux/amd64/kops", there: ["1.36.2/linux/amd64/kops"] },
  { mistake: "a doubled version directory", name: "1.36.2/1.36.2/linux/kops", there: ["1.36.2/linux/kops"] },
  { mistake: "another case", name: "1.36.2/Linux/amd64/kops", there: ["1.36.2/linux/amd64/kops"] },
  { mistake: "a source base that already ends in the directory", name: "releases/1.36.2/kops", there: ["1.36.2/kops"] },
  { mistake: "a sibling version", name: "1.36.2/linux/kops", there: ["1.36.3/linux/kops"] },
  { mistake: "a version without its v", name: "1.36.2/linux/kops", there: ["v1.36.2/linux/kops"] },
  { mistake: "a directory left out in the middle", name: "1.36.2/kops", there: ["1.36.2/linux/kops"] },
  { mistake: "a directory too many in the middle", name: "1.36.2/linux/amd64/kops", there: ["1.36.2/amd64/kops"] },
  { mistake: "a misspelt file name", name: "1.36.2/linux/kosp", there: ["1.36.2/linux/kops", "1.36.2/linux/nodeup"] },
])("names the file that is meant: $mistake", ({ name, there }) => {
  expect(meant(name, [...there, "unrelated/file"])).toBe(there[0]);
});

test("of several versions, the one the manifest is called after is meant", () => {
  const versions = ["v1.36.1/kops", "v1.36.2/kops", "v1.36.3/kops"];

  expect(meant("kops", versions)).toBe("v1.36.2/kops");
  expect(meant("kops", versions, "manifests/k8s-staging-kops/v1.36.3.yml")).toBe("v1.36.3/kops");
});

test("otherwise the directory that explains most lines of the manifest is meant", () => {
  const index = indexCandidates(["a/x", "b/x", "b/y", "b/z"].map((name) => ({ name })));

  const found = findNearMisses({ manifest: "manifests/kops/backfill.yaml", names: ["x", "y", "z"] }, index);

  expect(Object.fromEntries(found)).toEqual({ x: "b/x", y: "b/y", z: "b/z" });
});

test("otherwise the newest is meant", () => {
  const index = indexCandidates([
    { name: "a/x", created: "2026-01-02T00:00:00Z" },
    { name: "b/x", created: "2026-01-01T00:00:00Z" },
  ]);

  expect(findNearMisses({ manifest: "backfill.yaml", names: ["x"] }, index).get("x")).toBe("a/x");
});

test("a forgotten build is looked for in a sibling version, not among those of other platforms", () => {
  const there = ["1.36.1/linux/arm64/kops", "1.36.2/linux/amd64/kops", "1.36.2/darwin/arm64/kops"];

  expect(meant("1.36.2/linux/arm64/kops", there)).toBe("1.36.1/linux/arm64/kops");
  expect(meant("1.36.2/linux/arm64/kops", there.slice(1))).toBeUndefined();
});

test("a name that has its own line is not meant by another one", () => {
  const names = ["1.36.2/tools/kops", "1.36.2/other/kops"];
  const index = indexCandidates([{ name: "1.36.2/tools/kops" }]);

  expect(findNearMisses({ manifest: "1.36.2.yaml", names: names.slice(1), listed: new Set(names) }, index).size).toBe(
    0,
  );
});

describe("a listed name whose line wants the same bytes", () => {
  const listed = new Set(["1.36.1/linux/kops", "1.36.1/linux/LICENSE", "v1.36.1/linux/kops", "v1.36.1/darwin/LICENSE"]);
  const files = ["v1.36.0/linux/kops", "v1.36.1/linux/kops", "v1.36.1/linux/LICENSE", "v1.36.1/darwin/LICENSE"];
  const meant = (name: string, isTwin: boolean) => {
    const index = indexCandidates(files.map((file) => ({ name: file })));
    return findNearMisses({ manifest: "v1.yaml", names: [name], listed, isTwin: () => isTwin }, index).get(name);
  };

  test("is meant before a file of another version", () => {
    expect(meant("1.36.1/linux/kops", true)).toBe("v1.36.1/linux/kops");
    expect(meant("1.36.1/linux/kops", false)).toBe("v1.36.0/linux/kops");
  });

  test("is not meant where a name that is nearer has no line yet", () => {
    expect(meant("1.36.1/linux/LICENSE", true)).toBe("v1.36.1/linux/LICENSE");
  });
});

test("nothing is suggested when nothing is near", () => {
  expect(meant("1.36.2/kops", ["readme.md", "1.36.2/other/deep/nodeup"])).toBeUndefined();
});

test("a hundred thousand missing names with thousands of namesakes cost a bounded number of comparisons", () => {
  const index = indexCandidates(Array.from({ length: 20_000 }, (_, n) => ({ name: `v1.${n}.0/linux/amd64/kops` })));
  const names = Array.from({ length: 100_000 }, (_, n) => `release-${n}/kops`);

  findNearMisses({ manifest: "all.yaml", names }, index);

  expect(index.budget.comparisons).toBeGreaterThanOrEqual(0);
});
