import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { transformSync } from "@swc/core";

const root = join(__dirname, "..", "..");

/**
 * Compiles a TypeScript file, of the tests or of the product, for a process of its own, next to the compiled product,
 * which is brought up to date as well. Returns the path to run.
 */
export function compileFixture(path: string): string {
  const { build } = require(join(root, "bin", "build.cjs")) as { readonly build: () => number };
  build();
  const output = join(root, "dist", relative(root, path)).replace(/\.ts$/, ".js");
  // The product itself is built by now; only what tests add to it is not.
  if (!path.startsWith(join(root, "test"))) return output;
  const { code } = transformSync(readFileSync(path, "utf8"), {
    filename: path,
    jsc: { parser: { syntax: "typescript" }, target: "es2022" },
    module: { type: "commonjs" },
    swcrc: false,
  });
  mkdirSync(dirname(output), { recursive: true });
  writeFileSync(output, code);
  return output;
}
