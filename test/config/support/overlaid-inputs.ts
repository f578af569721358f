import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const FIXTURES = join(__dirname, "../../fixtures");

/**
 * A copy of fixtures/base with the files of one case laid over it, and without those that its removed.txt names: a case
 * holds only what is wrong.
 */
export function overlaidInputs(folder: string): { readonly root: string; readonly remove: () => void } {
  const root = mkdtempSync(join(tmpdir(), "artifacts-inputs-"));
  cpSync(join(FIXTURES, "base"), root, { recursive: true });
  cpSync(folder, root, { recursive: true });
  const removed = join(folder, "removed.txt");
  for (const file of existsSync(removed) ? readFileSync(removed, "utf8").split("\n").filter(Boolean) : []) {
    rmSync(join(root, file));
  }
  return { root, remove: () => rmSync(root, { recursive: true, force: true }) };
}
