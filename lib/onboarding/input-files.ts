import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LAYOUT_PARTS, type Layout } from "../config/layout";
import { type Loaded, loadEstate } from "../config/load";
import type { FileChange, ReadInput } from "./plan-types";
import { writeChanges } from "./write-changes";

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
