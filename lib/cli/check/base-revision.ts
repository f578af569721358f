import { existsSync, lstatSync, readFileSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import { LAYOUT_PARTS, type Layout, type LayoutOverrides, readLayout } from "../../config/layout";
import { loadEstate } from "../../config/load";
import { Tree } from "../../config/tree";
import type { Diagnostic } from "../../diagnostics";
import type { Draft } from "../../model/rules/draft";
import { readRevision } from "../git";

/** The inputs as they were before a change, and the files in which the change differs from them. */
export interface Base {
  readonly revision: string;
  readonly commit: string;
  readonly draft: Draft;

  /** What is wrong with it. */
  readonly diagnostics: readonly Diagnostic[];

  /** Changed, added and removed files, relative to the root. */
  readonly changed: readonly string[];
}

/** Both usual places: which of them a base used is seen once it is laid out. */
const USUAL = ["infra", "groups", "filestores", "manifests", "artifacts/filestores", "artifacts/manifests"];

/** Reads the inputs of a base revision. The change's own cdktf.json has no say in where they stood. */
export async function readBase(layout: Layout, flags: LayoutOverrides, revision: string): Promise<Base> {
  const places = LAYOUT_PARTS.map((part) => layout[part]).filter(
    (path) => !path.startsWith("/") && !path.startsWith(".."),
  );
  const context = await readRevision(layout.root, revision, ["cdktf.json"]);
  const asked = [...new Set(["cdktf.json", ...USUAL, ...places, ...contextPlaces(context.folder)])];
  context.remove();
  const found = await readRevision(layout.root, revision, asked);
  try {
    const { draft, diagnostics } = loadEstate(readLayout({ ...flags, root: found.folder }));
    const changed = changedFiles(layout, found.folder, found.files);
    return { revision, commit: found.commit, draft, diagnostics, changed };
  } finally {
    found.remove();
  }
}

function contextPlaces(folder: string): readonly string[] {
  const layout = readLayout({ root: folder });
  return LAYOUT_PARTS.map((part) => layout[part]).filter((path) => !path.startsWith("/") && !path.startsWith(".."));
}

function changedFiles(layout: Layout, folder: string, files: readonly string[]): readonly string[] {
  const inBase = new Set(files);
  const altered = files.filter((file) => !isSame(join(folder, file), join(layout.root, file)));
  const tree = new Tree(layout.root);
  const added = LAYOUT_PARTS.flatMap((part) => filesBelow(tree, layout[part])).filter((file) => !inBase.has(file));
  return [...altered, ...new Set(added)].sort();
}

function isSame(before: string, after: string): boolean {
  try {
    // What stands in the change may be anything: a link to a device has no end.
    const [was, is] = [lstatSync(before), lstatSync(after)];
    if (was.isSymbolicLink() && is.isSymbolicLink()) return readlinkSync(before) === readlinkSync(after);
    if (!was.isFile() || !is.isFile() || was.size !== is.size) return false;
    return readFileSync(before).equals(readFileSync(after));
  } catch {
    // Gone, unreadable, or a folder now: a change in any case.
    return !existsSync(before) && !existsSync(after);
  }
}

function filesBelow(tree: Tree, path: string): readonly string[] {
  if (!tree.exists(path)) return [];
  if (/\.ya?ml$/.test(path)) return [path];
  return tree
    .list(path, () => undefined)
    .flatMap((entry) => (entry.kind === "folder" ? filesBelow(tree, entry.path) : [entry.path]));
}
