import { compileGlob, type PathMatcher } from "../../lib/model/glob";

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
  { glob: "a/**", matches: ["a/b", "a/b/c"], misses: ["a", "ab", "b/a"] },
  { glob: "*/**", matches: ["a/groups.yaml", "a/b/groups.yaml"], misses: ["groups.yaml"] },
  { glob: "**/", matches: ["groups.yaml", "a/b/groups.yaml"], misses: [] },
  { glob: "a**b", matches: ["ab", "axxb"], misses: ["a/b"] },
  { glob: "sig-?/x", matches: ["sig-a/x"], misses: ["sig-/x", "sig-ab/x", "sig-//x"] },
  { glob: "{sig,wg}-*/x", matches: ["sig-a/x", "wg-b/x"], misses: ["committee-a/x"] },
  { glob: "{**,b}/x", matches: ["a/x", "b/x"], misses: ["a/b/x", "x"] },
  { glob: "sig-[a-c]/x", matches: ["sig-a/x", "sig-c/x"], misses: ["sig-d/x"] },
  { glob: "sig-[^a-c]/x", matches: ["sig-d/x"], misses: ["sig-a/x", "sig-//x"] },
  { glob: "sig-[a\\-c]/x", matches: ["sig-a/x", "sig--/x"], misses: ["sig-b/x"] },
  { glob: "a\\*b", matches: ["a*b"], misses: ["axb"] },
  { glob: "a.(b)+", matches: ["a.(b)+"], misses: ["ax(b)+", "a.bb"] },
])("$glob", ({ glob, matches, misses }) => {
  const match = matcherOf(glob);

  expect(matches.filter((path) => !match(path))).toEqual([]);
  expect(misses.filter(match)).toEqual([]);
});

function matcherOf(glob: string): PathMatcher {
  const match = compileGlob(glob);
  if (typeof match !== "function") throw new Error(match.what);
  return match;
}

test.each([
  { glob: "[a", what: "a bracket is not closed" },
  { glob: "{a", what: "a brace is not closed" },
  { glob: "{a/b,c}/x", what: "a brace is not closed within its part" },
  { glob: "{a,{b,c}}", what: "or holds another one" },
  { glob: "{a,}", what: "an alternative between braces is empty" },
  { glob: "a}", what: "a brace is closed" },
  { glob: "a\\", what: "nothing stands behind a backslash" },
  { glob: "[]", what: "a class between brackets is empty" },
  { glob: "[!a]", what: '"[!...]" does not negate', repair: 'Write "[^a]".' },
  { glob: "[-a]", what: "begins or ends with a hyphen" },
  { glob: "[z-a]", what: "runs backwards" },
  { glob: "a***", what: "more than two stars" },
  { glob: "/sig-a/groups.yaml", what: 'no path holds the part ""', repair: 'Write "sig-a/groups.yaml".' },
  { glob: "./groups.yaml", what: 'no path holds the part "."', repair: 'Write "groups.yaml".' },
  { glob: "../groups.yaml", what: 'no path holds the part ".."' },
  { glob: "x".repeat(2000), what: "more than 1024 characters" },
])("fails on $glob", ({ glob, what, repair }) => {
  expect(compileGlob(glob)).toMatchObject({ what: expect.stringContaining(what), ...(repair && { repair }) });
});

test("a glob of many stars takes no time on a path that almost matches", () => {
  const match = matcherOf(`${"*a".repeat(100)}*b`);
  const start = process.cpuUsage().user;

  expect(match("a".repeat(5000))).toBe(false);
  expect(process.cpuUsage().user - start).toBeLessThan(2_000_000);
});
