import { compileGlob } from "../../lib/model/glob";

test.each([
  { glob: "groups.yaml", matches: ["groups.yaml"], misses: ["sig/groups.yaml", "groupsxyaml"] },
  { glob: "sig-release/groups.yaml", matches: ["sig-release/groups.yaml"], misses: ["sig-release/sub/groups.yaml"] },
  { glob: "**/*", matches: ["groups.yaml", "a/groups.yaml", "a/b/groups.yaml"], misses: [] },
  { glob: "**", matches: ["groups.yaml", "a/b/groups.yaml"], misses: [] },
  { glob: "*", matches: ["groups.yaml"], misses: ["a/groups.yaml"] },
  {
    glob: "sig-*/groups.yaml",
    matches: ["sig-a/groups.yaml", "sig-/groups.yaml"],
    misses: ["sig-a/b/groups.yaml", "wg-a/groups.yaml"],
  },
  {
    glob: "a/**/groups.yaml",
    matches: ["a/groups.yaml", "a/b/c/groups.yaml"],
    misses: ["groups.yaml", "ab/groups.yaml"],
  },
  { glob: "a/**", matches: ["a", "a/b", "a/b/c"], misses: ["ab", "b/a"] },
  { glob: "a**b", matches: ["ab", "axxb"], misses: ["a/b"] },
  { glob: "sig-?/x", matches: ["sig-a/x"], misses: ["sig-/x", "sig-ab/x", "sig-//x"] },
  { glob: "{sig,wg}-*/x", matches: ["sig-a/x", "wg-b/x"], misses: ["committee-a/x"] },
  { glob: "{a/**,b}/x", matches: ["a/x", "a/c/x", "b/x"], misses: ["c/x"] },
  { glob: "sig-[a-c]/x", matches: ["sig-a/x", "sig-c/x"], misses: ["sig-d/x"] },
  { glob: "sig-[^a-c]/x", matches: ["sig-d/x"], misses: ["sig-a/x", "sig-//x"] },
  { glob: "sig-[!a]/x", matches: ["sig-b/x"], misses: ["sig-a/x"] },
  { glob: "a\\*b", matches: ["a*b"], misses: ["axb"] },
  { glob: "a.(b)+", matches: ["a.(b)+"], misses: ["ax(b)+", "a.bb"] },
])("$glob", ({ glob, matches, misses }) => {
  const match = compileGlob(glob);

  expect(matches.filter((path) => match?.(path) !== true)).toEqual([]);
  expect(misses.filter((path) => match?.(path) !== false)).toEqual([]);
});

test.each(["[a", "{a", "a}", "a\\", "[]", "x".repeat(2000)])("fails on %j", (glob) => {
  expect(compileGlob(glob)).toBeUndefined();
});

test("a glob of many stars takes no time on a path that almost matches", () => {
  const match = compileGlob(`${"*a".repeat(100)}*b`);
  const start = process.cpuUsage().user;

  expect(match?.("a".repeat(5000))).toBe(false);
  expect(process.cpuUsage().user - start).toBeLessThan(2_000_000);
});
