import { readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { resolve } from "node:path";
import type { Layout } from "../../config/layout";
import { adoptFolder } from "../../config/load-adoptions";
import { isInside, MAX_FILE_BYTES } from "../../config/read-text";
import { Tree } from "../../config/tree";

/**
 * The files of the inputs, as they are read and relative to either root, that are not the same in both. Line endings alone
 * are no change: they are Git's business.
 */
export function changedFiles(base: Layout, head: Layout): readonly string[] {
  const files = new Set([...filesOf(base), ...filesOf(head)]);
  return [...files].filter((file) => !isSame(base.root, head.root, file)).sort();
}

function filesOf({ root, infra, defaults, groups, filestores, manifests }: Layout): readonly string[] {
  const tree = new Tree(root);
  const folders = [groups, filestores, manifests, adoptFolder(infra)];
  const single = ["cdktf.json", infra, defaults].filter((file) => tree.exists(file));
  return [...single, ...folders.flatMap((folder) => filesBelow(tree, folder))];
}

function filesBelow(tree: Tree, folder: string): readonly string[] {
  if (!tree.exists(folder)) return [];
  return tree
    .list(folder, () => undefined)
    .flatMap(({ kind, path }) => (kind === "folder" ? filesBelow(tree, path) : [path]));
}

function isSame(base: string, head: string, file: string): boolean {
  const [before, after] = [fileAt(base, file), fileAt(head, file)];
  if (before === undefined || after === undefined) {
    const link = linkAt(base, file);
    return before === after && link !== undefined && link === linkAt(head, file);
  }
  if (Math.max(before.size, after.size) <= MAX_FILE_BYTES) return plain(before.path) === plain(after.path);
  return before.size === after.size && readFileSync(before.path).equals(readFileSync(after.path));
}

/** What stands in a change may be anything: only a regular file of the inputs is looked at. */
function fileAt(root: string, file: string): { readonly path: string; readonly size: number } | undefined {
  try {
    const path = realpathSync.native(resolve(root, file));
    const stat = statSync(path);
    return isInside(realpathSync.native(root), path) && stat.isFile() ? { path, size: stat.size } : undefined;
  } catch {
    // Gone, or a link that leads nowhere.
    return undefined;
  }
}

function linkAt(root: string, file: string): string | undefined {
  try {
    return readlinkSync(resolve(root, file));
  } catch {
    return undefined;
  }
}

/** Byte by byte, whatever the encoding. */
function plain(path: string): string {
  return readFileSync(path, "latin1").replaceAll("\r\n", "\n");
}
