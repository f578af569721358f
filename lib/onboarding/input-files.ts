import {
  chmodSync,
  cpSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { LAYOUT_PARTS, type Layout } from "../config/layout";
import { type Loaded, loadEstate } from "../config/load";
import { adoptFolder } from "../config/load-adoptions";
import { isInside } from "../config/read-text";
import { hasErrors } from "../diagnostics";
import { inputText } from "./input-place";
import type { FileChange, ReadInput } from "./plan-types";
import { putChanges, refuseWhileWritten } from "./write-changes";

export function inputReader(layout: Layout): ReadInput {
  return (file) => inputText(layout.root, file);
}

/** The inputs as no other run is writing them. @throws EditRefused while one does, where that makes for mistakes. */
export function loadSettled(layout: Layout): Loaded {
  const loaded = loadEstate(layout);
  if (!hasErrors(loaded.diagnostics)) return loaded;
  refuseWhileWritten(layout);
  const again = loadEstate(layout);
  // What was half written is whole by now, or another run has begun.
  return isDeepStrictEqual(again.diagnostics, loaded.diagnostics) ? again : loadSettled(layout);
}

/** What the inputs would be with the changes: tried on a copy, so that the real files change only when all is well. */
export function loadWithChanges(layout: Layout, changes: readonly FileChange[]): Loaded {
  const root = mkdtempSync(join(tmpdir(), "artifacts-inputs-"));
  const inputs = realpathSync.native(layout.root);
  try {
    for (const place of [...LAYOUT_PARTS.map((part) => layout[part]), adoptFolder(layout.infra)]) {
      const from = join(inputs, place);
      const options = { recursive: true, dereference: true, filter: (path: string) => isRead(inputs, path) };
      if (existsSync(from)) cpSync(from, join(root, place), options);
    }
    openFolders(root);
    putChanges(root, changes);
    return loadEstate({ ...layout, root });
  } finally {
    openFolders(root);
    rmSync(root, { recursive: true, force: true });
  }
}

/** The folders of a copy have the modes of those that were copied, which may forbid to write. */
function openFolders(folder: string): void {
  chmodSync(folder, 0o700);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) openFolders(join(folder, entry.name));
  }
}

/** What a link leads to is copied, so that no change goes through it; as when inputs are read, none below another link. */
function isRead(inputs: string, path: string): boolean {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found?.isFile() && !found?.isDirectory()) return false;
  if (!lstatSync(path).isSymbolicLink()) return true;
  return isInside(inputs, realpathSync.native(path)) && realpathSync.native(dirname(path)) === dirname(path);
}
