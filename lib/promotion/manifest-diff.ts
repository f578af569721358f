import type { HashedFile } from "./manifest-yaml";

export interface ManifestDiff<Line extends HashedFile> {
  /** Files that no line names. */
  readonly unlisted: readonly HashedFile[];

  /** Lines whose file is not there. */
  readonly gone: readonly Line[];

  /** Lines whose file has other bytes. */
  readonly differing: readonly { readonly line: Line; readonly found: string }[];

  readonly equal: number;
}

/** Holds the lines of a manifest against files that were hashed just now. */
export function diffManifest<Line extends HashedFile>(
  lines: readonly Line[],
  files: readonly HashedFile[],
): ManifestDiff<Line> {
  const found = new Map(files.map(({ name, sha256 }) => [name, sha256]));
  const listed = new Set(lines.map(({ name }) => name));
  const differing = lines.flatMap((line) => {
    const sha256 = found.get(line.name);
    return sha256 === undefined || sha256 === line.sha256 ? [] : [{ line, found: sha256 }];
  });
  const gone = lines.filter(({ name }) => !found.has(name));
  return {
    unlisted: files.filter(({ name }) => !listed.has(name)),
    gone,
    differing,
    equal: lines.length - gone.length - differing.length,
  };
}

/** What a manifest lacks, and what it already says otherwise. */
export interface Additions {
  readonly added: readonly HashedFile[];
  readonly contradicted: readonly { readonly file: HashedFile; readonly listed: string }[];
}

/** A line is never changed by adding to its manifest: other bytes need another name. */
export function additionsTo(lines: readonly HashedFile[], files: readonly HashedFile[]): Additions {
  const listed = new Map(lines.map(({ name, sha256 }) => [name, sha256]));
  return {
    added: files.filter(({ name }) => !listed.has(name)),
    contradicted: files.flatMap((file) => {
      const sha256 = listed.get(file.name);
      return sha256 === undefined || sha256 === file.sha256 ? [] : [{ file, listed: sha256 }];
    }),
  };
}
