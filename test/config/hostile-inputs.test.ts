import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { layoutFrom } from "../../lib/config/layout";
import { type Loaded, loadEstate } from "../../lib/config/load";
import { formatDiagnostic } from "../../lib/diagnostics";
import { FIXTURES, overlaidInputs } from "./support/overlaid-inputs";

const MANIFEST = "manifests/oss-staging-anvil/v1.0.0.yaml";
const GROUPS = "groups/sig-tools/groups.yaml";
const INFRA = "infra/gcp/infra.yaml";
const RESTRICTIONS = "groups/restrictions.yaml";
const SHA256 = "1f0e8b1c4a5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d5e6f7";

/** A quarter of what is still given to the YAML parser: enough for minutes, if anything took quadratic time. */
const LARGE = 512 * 1024;

let root: string;
let remove: () => void;

beforeEach(() => {
  ({ root, remove } = overlaidInputs(join(FIXTURES, "base")));
});

afterEach(() => remove());

function loadWith(file: string, text: string): Loaded {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
  return loadEstate(layoutFrom(root));
}

function firstError({ diagnostics }: Loaded): string {
  return formatDiagnostic(diagnostics[0] ?? { severity: "warning", summary: "nothing" });
}

function repeat(unit: string, head = ""): string {
  return head + unit.repeat(Math.floor((LARGE - head.length) / unit.length));
}

function numbered(count: number, line: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => line(index)).join("");
}

/** Far more than any of them takes on a busy machine, far less than what a quadratic or exponential one would take. */
const MOST_SECONDS = 15;

test.each([
  { what: "one key, again and again", file: INFRA, text: repeat("  a:\n", "infra:\n"), said: "stands twice" },
  {
    what: "thousands of keys",
    file: INFRA,
    text: `infra:\n  staging:\n    projects:\n${numbered(15_000, (i) => `      oss-staging-p${i}:\n`)}`,
    said: "source bucket",
  },
  {
    what: "unknown keys",
    file: GROUPS,
    text: numbered(40_000, (i) => `key${i}:\n`),
    said: "39000 more keys are unknown",
  },
  { what: "brackets that never close", file: MANIFEST, text: repeat("["), said: "opens more than 1000 brackets" },
  {
    what: "brackets that close at once",
    file: MANIFEST,
    text: repeat("[],", "files: ["),
    said: "more than 50000 opening brackets",
  },
  { what: "dashes on one line", file: MANIFEST, text: repeat("- "), said: "nests more than 64 levels deep" },
  {
    what: "entries that are nothing",
    file: MANIFEST,
    text: repeat("- x\n", "files:\n"),
    said: "more than 100000 entries of lists",
  },
  {
    what: "quotes",
    file: MANIFEST,
    text: repeat('"'),
    said: "more mistakes like the 1000 that are listed",
  },
  {
    what: "ever deeper lines",
    file: MANIFEST,
    text: numbered(1400, (i) => `${" ".repeat(i)}a:\n`),
    said: "nests too deep",
  },
  {
    what: "wrong lines",
    file: MANIFEST,
    text: repeat("- name: ../x\n  sha256: zz\n", "files:\n"),
    said: "more mistakes like the 1000 that are listed",
  },
  { what: "comments", file: MANIFEST, text: repeat("#\n"), said: "the file is empty" },
  { what: "one long text", file: MANIFEST, text: `files: "${repeat("a")}"`, said: "expected a list" },
  {
    what: "one long list, used again and again",
    file: GROUPS,
    text: `groups:\n- &a {email-id: a@example.org, name: a, members: [${numbered(15_000, (i) => `m${i}@example.com,`)}]}\n${"- *a\n".repeat(900)}`,
    said: "may unfold into too many",
  },
  {
    what: "a chain of groups that bites its own tail",
    file: GROUPS,
    text: `groups:\n${numbered(5_000, (i) => `- {email-id: a${i}@example.org, name: a${i}, members: [a${(i + 1) % 5_000}@example.org]}\n`)}`,
    said: "may not be declared",
  },
  {
    what: "expensive expressions",
    file: RESTRICTIONS,
    text: repeat('  - "^((a|b|c)+x?){1,20}$"\n', 'restrictions:\n- path: "**/*"\n  allowedGroups:\n').replaceAll(
      "{1,20}",
      "+",
    ),
    said: "the expression was not looked at",
  },
  {
    what: "globs",
    file: RESTRICTIONS,
    text: repeat('- path: "a*a*a*b"\n', "restrictions:\n"),
    said: "the path was not looked at",
  },
])("a file full of $what costs little", ({ file, text, said }) => {
  expect(text.length).toBeLessThan(10 * 1024 * 1024);
  const start = process.cpuUsage();
  const loaded = loadWith(file, text);
  const { user, system } = process.cpuUsage(start);

  expect(loaded.estate).toBeUndefined();
  expect(loaded.diagnostics.map(formatDiagnostic).join("\n").includes(said)).toBe(true);
  expect((user + system) / 1e6).toBeLessThan(MOST_SECONDS);
});

test("expressions that take long to match are given up on, and let nothing through", () => {
  const slow = numbered(400, (i) => `  - "(.*[a-m]){12}[${"xyz".charAt(i % 3)}]{9}$"\n`);
  const groups = numbered(
    400,
    (i) =>
      `- {email-id: oss-infra-${"abcdefghijkl".repeat(4)}${i}@example.org, name: oss-infra-${"abcdefghijkl".repeat(4)}${i}}\n`,
  );
  writeFileSync(join(root, RESTRICTIONS), `restrictions:\n- path: "**/*"\n  allowedGroups:\n${slow}`);

  const { diagnostics, estate } = loadWith(GROUPS, `groups:\n${groups}`);

  expect(estate).toBeUndefined();
  expect(diagnostics.map(({ rule }) => rule)).toContain("restriction/too-costly");
});

test("a manifest larger than what is parsed is read if every line is right, and else names the line", () => {
  const lines = numbered(30_000, (i) => `- name: v1.0.0/linux/amd64/file-${i}\n  sha256: ${SHA256}\n`);

  expect(loadWith(MANIFEST, `files:\n${lines}`).counts.lines).toBe(30_000);
  expect(firstError(loadWith(MANIFEST, `files:\n${lines}- name: ../x\n  sha256: ${SHA256}\n`))).toContain(
    "v1.0.0.yaml:60002:1: error: this line is wrong",
  );
});

test.each(["*", "!", "%", "%\u0085"])("what the parser says of a megabyte of %j is short", (unit) => {
  const { diagnostics } = loadWith(MANIFEST, unit.repeat(1_000_000 / Buffer.byteLength(unit)));

  expect(diagnostics.length).toBeGreaterThan(0);
  for (const diagnostic of diagnostics) expect(formatDiagnostic(diagnostic)).toMatch(/^.{1,400}$/s);
});

test.each([
  { what: "lists", unit: (name: string) => `[${`*${name},`.repeat(9)}]` },
  { what: "mappings", unit: (name: string) => `{${numbered(9, (i) => `k${i}: *${name},`)}}` },
  { what: "merge keys", unit: (name: string) => `{<<: [${`*${name},`.repeat(9)}]}` },
  { what: "chains of merge keys", unit: (name: string) => `{<<: [*${name}, *${name}]}` },
])("aliases that unfold into a thousand million values through $what are not unfolded", ({ unit }) => {
  const levels = numbered(30, (i) => `x${i + 1}: &x${i + 1} ${unit(`x${i}`)}\n`);
  const start = process.cpuUsage();
  const { estate, diagnostics } = loadWith(MANIFEST, `x0: &x0 {a: 1}\n${levels}files: []\n`);

  expect(estate).toBeUndefined();
  expect(diagnostics.map(({ rule }) => rule)).toContain("yaml/alias");
  expect(process.cpuUsage(start).user / 1e6).toBeLessThan(MOST_SECONDS);
});

test("an anchor and a merge key mean what they mean in YAML", () => {
  const { estate } = loadWith(
    MANIFEST,
    `files:\n- &one\n  name: v1/a\n  sha256: ${SHA256}\n- {name: v1/b, <<: *one}\n- <<: {name: v1/c}\n  <<: {sha256: ${SHA256}}\n`,
  );

  expect(estate?.manifests[0]?.lines.map(({ name, sha256 }) => [name, sha256])).toEqual([
    ["v1/a", SHA256],
    ["v1/b", SHA256],
    ["v1/c", SHA256],
  ]);
});

test("a file of YAML may hold JSON", () => {
  const { estate } = loadWith(MANIFEST, `{"files": [{"name": "v1/a", "sha256": "${SHA256}"}]}`);

  expect(estate?.manifests[0]?.lines.map(({ name }) => name)).toEqual(["v1/a"]);
});

test("CR LF, a byte order mark and comments change nothing", () => {
  const { estate } = loadWith(MANIFEST, `\ufeff# head\r\nfiles:\r\n- name: v1/a # note\r\n  sha256: ${SHA256}\r\n`);

  expect(estate?.manifests[0]?.lines).toEqual([
    { name: "v1/a", sha256: SHA256, at: { file: MANIFEST, line: 3, column: 3 } },
  ]);
});

test("nothing is read through a folder that is a link out of the tree", () => {
  const secret = join(root, "../");
  rmSync(join(root, "manifests"), { recursive: true });
  symlinkSync(secret, join(root, "manifests"));

  const { diagnostics } = loadEstate(layoutFrom(root));

  expect(diagnostics).toEqual([
    expect.objectContaining({ rule: "file/outside", at: { file: "manifests", line: 1, column: 1 } }),
  ]);
});
