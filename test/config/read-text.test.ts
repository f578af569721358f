import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readText } from "../../lib/config/read-text";
import { type Diagnostic, formatDiagnostic } from "../../lib/diagnostics";

let root: string;
let outside: string;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "artifacts-read-"));
  outside = mkdtempSync(join(tmpdir(), "artifacts-outside-"));
});

afterEach(() => {
  for (const folder of [root, outside]) rmSync(folder, { recursive: true, force: true });
});

function read(file = "a.yaml"): { readonly text: string | undefined; readonly said: string } {
  const found: Diagnostic[] = [];
  const text = readText(root, file, (diagnostic) => void found.push(diagnostic));
  return { text, said: found.map(formatDiagnostic).join("\n") };
}

function write(content: string | Uint8Array): void {
  writeFileSync(join(root, "a.yaml"), content);
}

test("takes the byte order mark off and leaves the rest as it is", () => {
  write("\ufefffiles: []\r\n");

  expect(read()).toEqual({ text: "files: []\r\n", said: "" });
});

test.each([
  {
    what: "a NUL byte",
    content: "a: 1\nb: \0",
    said: "a.yaml:2:4: error: the file holds the control character U+0000",
  },
  {
    what: "an escape character",
    content: "\u001b[31m",
    said: "a.yaml:1:1: error: the file holds the control character U+001B",
  },
  {
    what: "text that turns its direction",
    content: "a: 1 # \u202e2 :b",
    said: "a.yaml:1:8: error: the file holds the control character U+202E",
  },
  {
    what: "a byte order mark in the middle",
    content: "\ufeffa: 1\n\ufeffb: 1",
    said: "a.yaml:2:1: error: the file holds the control character U+FEFF",
  },
  {
    what: "UTF-16",
    content: Buffer.from("\ufefffiles", "utf16le"),
    said: "a.yaml:1:1: error: the file is UTF-16, expected UTF-8",
  },
  {
    what: "Latin-1",
    content: Buffer.from("a\ncaf\xe9", "latin1"),
    said: "a.yaml:2:4: error: the file is not UTF-8: invalid bytes",
  },
])("refuses $what, with its place", ({ content, said }) => {
  write(content);

  expect(read().text).toBeUndefined();
  expect(read().said).toContain(said);
});

test("refuses a file of 100 MB without reading it", () => {
  write("");
  truncateSync(join(root, "a.yaml"), 100_000_000);

  const before = process.memoryUsage().rss;
  expect(read().said).toContain("error: the file has 100000000 bytes, at most 10485760 (10 MiB) are read");
  // What the read itself takes: a worker holds whatever the tests before it left.
  expect(process.memoryUsage().rss - before).toBeLessThan(50_000_000);
});

test("refuses a folder, a pipe and a file that is not there", () => {
  mkdirSync(join(root, "folder.yaml"));
  execFileSync("mkfifo", [join(root, "pipe.yaml")]);

  expect(read("folder.yaml").said).toContain("folder.yaml:1:1: error: expected a file, found a directory");
  expect(read("pipe.yaml").said).toContain("pipe.yaml:1:1: error: expected a file, found no regular file");
  expect(read("none.yaml").said).toContain("none.yaml:1:1: error: the file can not be read: it does not exist");
});

test("follows a symbolic link within the tree, and refuses those that leave it or lead nowhere", () => {
  write("a: 1");
  writeFileSync(join(outside, "secret.yaml"), "secret: 1");
  symlinkSync("a.yaml", join(root, "inner.yaml"));
  symlinkSync(join(outside, "secret.yaml"), join(root, "outer.yaml"));
  symlinkSync(outside, join(root, "folder"));
  symlinkSync("round.yaml", join(root, "round.yaml"));

  expect(read("inner.yaml").text).toBe("a: 1");
  expect(read("outer.yaml")).toEqual({
    text: undefined,
    said: expect.stringContaining("a symbolic link that leaves the tree"),
  });
  expect(read("folder/secret.yaml").text).toBeUndefined();
  expect(read("round.yaml").said).toContain("its symbolic links go in circles");
});

const canReadAnything = process.getuid?.() === 0;
(canReadAnything ? test.skip : test)("says so when it may not read a file", () => {
  write("a: 1");
  chmodSync(join(root, "a.yaml"), 0o000);

  expect(read().said).toContain("the file can not be read: permission denied");
});
