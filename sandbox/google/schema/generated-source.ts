import { readFileSync } from "node:fs";

const MARK = "//# sourceMappingURL=data:application/json;base64,";

/**
 * The TypeScript that `@cdktf/provider-google/lib/<folder>` was compiled from: its source map carries it. The compiled
 * file has lost the comments that say what is computed, optional and required.
 */
export function generatedSource(folder: string): string {
  const compiled = readFileSync(require.resolve(`@cdktf/provider-google/lib/${folder}`), "utf8");
  const start = compiled.lastIndexOf(MARK);
  if (start === -1) throw new Error(`@cdktf/provider-google/lib/${folder}: has no inline source map`);
  const map: unknown = JSON.parse(Buffer.from(compiled.slice(start + MARK.length), "base64").toString("utf8"));
  const { sourcesContent } = map as { readonly sourcesContent: readonly string[] };
  return sourcesContent.join("\n");
}

/** The body of each class of a generated source, by name; generated code closes a class in the first column. */
export function classesOf(source: string): ReadonlyMap<string, string> {
  return new Map([...source.matchAll(/^export class (\w+) extends [^\n]*\{\n([\s\S]*?)^\}/gm)].map(pair));
}

/** The body of each `<struct>ToHclTerraform` function, by the struct's name in lower case. */
export function structsOf(source: string): ReadonlyMap<string, string> {
  const functions = source.matchAll(/^export function (\w+)ToHclTerraform\([^\n]*\n([\s\S]*?)^\}/gm);
  return new Map([...functions].map(pair).map(([name, body]) => [name.toLowerCase(), body]));
}

/** The members of each interface, by its name in lower case. */
export function interfacesOf(source: string): ReadonlyMap<string, string> {
  const interfaces = source.matchAll(/^export interface (\w+)[^\n]*\{\n([\s\S]*?)^\}/gm);
  return new Map([...interfaces].map(pair).map(([name, body]) => [name.toLowerCase(), body]));
}

function pair(match: RegExpExecArray): readonly [string, string] {
  return [match[1] ?? "", match[2] ?? ""];
}
