import { compareNames } from "./listing";
import type { HashedFile } from "./manifest-yaml";

export interface InventoryFile {
  /** As a manifest names it. */
  readonly name: string;
  readonly size: number;
}

/** A place that holds files: a local folder, or a part of a bucket. */
export interface Inventory {
  /** For messages, e.g. `gs://bucket/prefix/` or `out/v1.2.0`. */
  readonly place: string;

  /** In the order in which a manifest lists them. */
  readonly files: readonly InventoryFile[];

  /** Hashes files, several at once: those of `names`, or all. The result is in the order of `files`. */
  hash(onBytes: (bytes: number) => void, names?: ReadonlySet<string>): Promise<readonly HashedFile[]>;
}

/**
 * The order of a walk through folders, each folder's entries sorted by their bytes: `a/z` before `a.txt`, which listings of
 * a bucket have the other way round.
 */
export function compareInWalk(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (let index = 0; index < Math.min(left.length, right.length); index += 1) {
    const order = compareNames(left[index] ?? "", right[index] ?? "");
    if (order !== 0) return order;
  }
  return left.length - right.length;
}
