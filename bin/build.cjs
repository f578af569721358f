#!/usr/bin/env node
// Compiles main.ts, stacks/, lib/, sandbox/ and bench/ into dist/, file by file, and only what changed since the last time.
// Types are checked by `tsc`; here they are stripped, by the compiler the tests use as well.
// Every command in a checkout begins with this: where nothing changed it should cost no more than looking at the files.
"use strict";
const {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} = require("node:fs");
const { basename, dirname, join } = require("node:path");

const root = join(__dirname, "..");
const outDir = join(root, "dist");
const folders = ["stacks", "lib", "sandbox", "bench"];

/** What the last build compiled: the time in milliseconds each source had then, by its path. */
const recordPath = join(outDir, ".compiled.json");

const options = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs", ignoreDynamic: false },
  sourceMaps: true,
  swcrc: false,
};

/** Files below `inner` in `base`, as paths relative to `base`. */
function filesBelow(base, inner, found = []) {
  for (const entry of readdirSync(`${base}/${inner}`, { withFileTypes: true })) {
    const path = `${inner}/${entry.name}`;
    if (entry.isDirectory()) filesBelow(base, path, found);
    else found.push(path);
  }
  return found;
}

function filesOf(base) {
  return folders.filter((folder) => existsSync(join(base, folder))).flatMap((folder) => filesBelow(base, folder));
}

/** Writes through a neighbour and a rename, so that a second build at the same time never sees half a file. */
function writeWhole(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

function readRecord() {
  try {
    return JSON.parse(readFileSync(recordPath, "utf8"));
  } catch {
    // None, or not a whole one: everything is compiled again.
    return {};
  }
}

function compile(input, output) {
  const { transformSync } = require("@swc/core");
  const filename = join(root, input);
  const { code, map } = transformSync(readFileSync(filename, "utf8"), { ...options, filename });
  // In files of their own: Node would read them with the code at each start, and needs them for a debugger only.
  writeWhole(join(outDir, `${output}.map`), map);
  writeWhole(join(outDir, output), `${code}//# sourceMappingURL=${basename(output)}.map\n`);
}

/** Brings dist/ up to date. Returns the number of files compiled. */
function build() {
  const own = statSync(__filename).mtimeMs;
  const before = readRecord();
  const present = new Set(filesOf(outDir));
  if (existsSync(join(outDir, "main.js"))) present.add("main.js");

  const record = { own, sources: {} };
  const wanted = new Set();
  let compiled = 0;
  for (const input of ["main.ts", ...filesOf(root)]) {
    if (!input.endsWith(".ts") || input.endsWith(".d.ts")) continue;
    const output = input.replace(/\.ts$/, ".js");
    wanted.add(output);
    const { mtimeMs } = statSync(`${root}/${input}`);
    record.sources[input] = mtimeMs;
    if (before.own === own && before.sources[input] === mtimeMs && present.has(output)) continue;
    compile(input, output);
    compiled += 1;
  }
  // A module whose source is gone must not be found by a `require` that should fail.
  const stale = [...present].filter((path) => /\.js(\.map)?$/.test(path) && !wanted.has(path.replace(/\.map$/, "")));
  for (const path of stale) rmSync(join(outDir, path), { force: true });
  if (compiled > 0 || stale.length > 0) writeWhole(recordPath, JSON.stringify(record));
  return compiled;
}

module.exports = { build };
if (require.main === module) {
  const count = build();
  if (count > 0 && process.argv.includes("--verbose")) process.stderr.write(`compiled ${count} files\n`);
}
