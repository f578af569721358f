import { existsSync, readFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
};

/** A file of the page; undefined if there is none of that name. */
export function readAsset(path: string): { readonly type: string; readonly bytes: Buffer } | undefined {
  // Only plain names, so that no path leads out of the folder.
  if (!/^(?:[a-z-]+\/)?[a-z-]+\.(?:html|css|js)$/.test(path)) return undefined;
  const file = join(pageFolder(), path);
  if (!existsSync(file)) return undefined;
  return { type: TYPES[extname(path)] ?? "application/octet-stream", bytes: readFileSync(file) };
}

/** The files are sent as they were written; compiling leaves them where they are, beside the sources. */
function pageFolder(): string {
  let folder = __dirname;
  while (!existsSync(join(folder, "package.json")) && dirname(folder) !== folder) folder = dirname(folder);
  return join(folder, "sandbox", "console", "page");
}
