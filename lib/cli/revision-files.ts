import { posix } from "node:path";

/** One entry of a revision's tree: a file, or a symbolic link whose blob is where it leads. */
export interface RevisionFile {
  readonly id: string;

  /** Relative to the repository's own top. */
  readonly path: string;
  readonly isLink: boolean;
}

/** As the system itself: so many links are followed one after another, and no more. */
const MAX_LINKS = 40;

/**
 * What stands at `paths` or below them, and all that links lead to on the way: whatever is read through these paths in a
 * work tree. `targetOf` says where a link leads. A link that leaves the repository is kept, and nothing behind it.
 */
export function filesAt(
  files: ReadonlyMap<string, RevisionFile>,
  targetOf: (link: RevisionFile) => string,
  paths: readonly string[],
): readonly RevisionFile[] {
  const found = new Set<RevisionFile>();
  const seen = new Set<string>();
  const take = (file: RevisionFile, rest: string, links: number) => {
    found.add(file);
    if (file.isLink) visit(posix.join(posix.dirname(file.path), targetOf(file), rest), links + 1);
  };
  const visit = (written: string, links: number) => {
    const path = posix.normalize(written).replace(/\/$/, "");
    if (path.startsWith("/") || path === ".." || path.startsWith("../") || seen.has(path) || links > MAX_LINKS) return;
    seen.add(path);
    const onTheWay = waysTo(path).find((way) => files.has(way));
    const standing = onTheWay === undefined ? undefined : files.get(onTheWay);
    if (standing !== undefined) {
      take(standing, path.slice(standing.path.length), links);
      return;
    }
    const below = path === "." ? "" : `${path}/`;
    for (const [name, file] of files) if (name.startsWith(below)) take(file, "", links);
  };
  for (const path of paths) visit(path, 0);
  return [...found];
}

/** `a`, `a/b` and `a/b/c` for `a/b/c`. */
function waysTo(path: string): readonly string[] {
  const parts = path.split("/");
  return parts.map((_, index) => parts.slice(0, index + 1).join("/"));
}
