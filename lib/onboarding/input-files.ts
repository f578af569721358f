import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { LAYOUT_PARTS, type Layout } from "../config/layout";
import { type Loaded, loadEstate } from "../config/load";
import type { FileChange, ReadInput } from "./plan-types";

export function inputReader(layout: Layout): ReadInput {
  return (file) => {
    const path = join(layout.root, file);
    return existsSync(path) ? readFileSync(path, "utf8") : undefined;
  };
}

/** What the inputs would be with the changes: tried on a copy, so that the real files change only when all is well. */
export function loadWithChanges(layout: Layout, changes: readonly FileChange[]): Loaded {
  const root = mkdtempSync(join(tmpdir(), "artifacts-inputs-"));
  try {
    for (const part of LAYOUT_PARTS) {
      const from = join(layout.root, layout[part]);
      if (existsSync(from)) cpSync(from, join(root, layout[part]), { recursive: true });
    }
    writeChanges(root, changes);
    return loadEstate({ ...layout, root });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Writes each file whole or not at all. Folders that end up empty go. */
export function writeChanges(root: string, changes: readonly FileChange[]): void {
  for (const { file, after } of changes) {
    const path = join(root, file);
    if (after === undefined) {
      rmSync(path, { force: true });
      removeEmptyFolders(root, dirname(path));
      continue;
    }
    mkdirSync(dirname(path), { recursive: true });
    const temporary = `${path}.${process.pid}.tmp`;
    writeFileSync(temporary, after);
    renameSync(temporary, path);
  }
}

function removeEmptyFolders(root: string, folder: string): void {
  for (let path = folder; path.startsWith(root) && path !== root; path = dirname(path)) {
    if (!existsSync(path) || readdirSync(path).length > 0) return;
    rmdirSync(path);
  }
}
