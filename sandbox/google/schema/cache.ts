import { createHash } from "node:crypto";
import { readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Schema } from "../../../lib/tfplugin/schema";

/** Reading the bindings takes a hundred milliseconds, at each start; what came of it is kept beside the compiled code. */
export function cachedSchemas(
  folders: readonly string[],
  derive: (folder: string) => Schema,
): ReadonlyMap<string, Schema> {
  const file = join(__dirname, `schemas-${keyOf(folders)}.json`);
  const cached = readCache(file);
  if (cached !== undefined) return new Map(Object.entries(cached));
  const schemas = new Map(folders.map((folder) => [folder, derive(folder)]));
  writeCache(file, JSON.stringify(Object.fromEntries(schemas)));
  return schemas;
}

/** Changes with the bindings, with the code that reads them, and with what is asked for. */
function keyOf(folders: readonly string[]): string {
  const code = ["derive.js", "generated-source.js"].map(
    (name) => statSync(join(__dirname, name), { throwIfNoEntry: false })?.mtimeMs,
  );
  const bindings = readFileSync(require.resolve("@cdktf/provider-google/package.json"), "utf8");
  return createHash("sha256")
    .update(JSON.stringify([folders, code, bindings]))
    .digest("hex")
    .slice(0, 16);
}

function readCache(file: string): Readonly<Record<string, Schema>> | undefined {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, Schema>>;
  } catch {
    // Absent, or cut short by a full disk: it is made anew.
    return undefined;
  }
}

/** Through a rename, as several providers start at once. Where the folder can't be written, each start reads anew. */
function writeCache(file: string, text: string): void {
  try {
    writeFileSync(`${file}.${process.pid}`, text);
    renameSync(`${file}.${process.pid}`, file);
  } catch {}
}
