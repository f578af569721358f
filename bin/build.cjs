#!/usr/bin/env node
// Compiles main.ts, stacks/, lib/, sandbox/ and bench/ into dist/, file by file, and only what changed since the last time.
// Types are checked by `tsc`; here they are stripped, by the compiler the tests use as well.
"use strict";
const {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  existsSync,
} = require("node:fs");
const { basename, dirname, join, relative } = require("node:path");

const root = join(__dirname, "..");
const outDir = join(root, "dist");
const options = {
  jsc: { parser: { syntax: "typescript" }, target: "es2022" },
  module: { type: "commonjs", ignoreDynamic: false },
  sourceMaps: true,
  swcrc: false,
};

function* sources(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* sources(path);
    else if (entry.name.endsWith(".ts") && !entry.name.endsWith(".d.ts")) yield path;
  }
}

/** Modification time in milliseconds, or -1 for a file that is not there. */
function modified(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? -1;
}

/** Writes through a neighbour and a rename, so that a second build at the same time never sees half a file. */
function writeWhole(path, text) {
  mkdirSync(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

/** Brings dist/ up to date. Returns the number of files compiled. */
function build() {
  const ownTime = modified(__filename);
  const folders = ["stacks", "lib", "sandbox", "bench"]
    .map((name) => join(root, name))
    .filter((path) => existsSync(path));
  const inputs = [join(root, "main.ts"), ...folders.flatMap((folder) => [...sources(folder)])].filter((path) =>
    existsSync(path),
  );
  const wanted = new Set();
  let compiled = 0;
  for (const input of inputs) {
    const output = join(outDir, relative(root, input)).replace(/\.ts$/, ".js");
    wanted.add(output);
    if (modified(output) > Math.max(modified(input), ownTime)) continue;
    const { transformSync } = require("@swc/core");
    const { code, map } = transformSync(readFileSync(input, "utf8"), { ...options, filename: input });
    // In files of their own: Node would read them with the code at each start, and needs them for a debugger only.
    writeWhole(`${output}.map`, map);
    writeWhole(output, `${code}//# sourceMappingURL=${basename(output)}.map\n`);
    compiled += 1;
  }
  for (const folder of folders.map((path) => join(outDir, relative(root, path)))) removeStale(folder, wanted);
  return compiled;
}

/** A module whose source is gone must not be found by a `require` that should fail. */
function removeStale(folder, wanted) {
  if (!existsSync(folder)) return;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) removeStale(path, wanted);
    else if (/\.js(\.map)?$/.test(path) && !wanted.has(path.replace(/\.map$/, ""))) rmSync(path, { force: true });
  }
}

module.exports = { build };
if (require.main === module) {
  const count = build();
  if (count > 0 && process.argv.includes("--verbose")) process.stderr.write(`compiled ${count} files\n`);
}
