import type { Base } from "../model/filestore-base";
import type { InventoryFile } from "./inventory";
import { listSome, listWanted } from "./listing";
import { findNearMisses, indexCandidates, toCandidate } from "./near-miss";
import type { Run } from "./run";

/** A file that a source does not hold under its name, or holds with another size. */
export interface Unheld {
  readonly name: string;

  /** Set when the source has something of this name: its size in bytes. */
  readonly sizeInSource?: number;

  /** The name, relative to the source base, that is probably meant. */
  readonly suggestion?: string;
}

/** Objects of a source that are looked through for suggestions, at most. */
const MAX_CANDIDATES = 50_000;

/** Which files a promotion would not find: the mistake that is otherwise noticed after the merge. */
export async function findUnheld(
  run: Run,
  source: Base,
  manifest: string,
  files: readonly InventoryFile[],
): Promise<readonly Unheld[]> {
  const identity =
    run.options.identity === "anonymous" ? ({ kind: "anonymous" } as const) : { kind: "ambient" as const };
  const store = await run.store(source.scheme, identity);
  const wanted = new Set(files.map(({ name }) => source.prefix + name));
  const held = await listWanted(run, store, source.bucket, source.prefix, wanted);
  const missing = files.filter(({ name }) => !held.has(source.prefix + name)).map(({ name }) => name);
  const suggestions = missing.length === 0 ? new Map<string, string>() : await suggest();
  return files.flatMap(({ name, size }): readonly Unheld[] => {
    const object = held.get(source.prefix + name);
    if (object !== undefined) return object.size === size ? [] : [{ name, sizeInSource: object.size }];
    const suggestion = suggestions.get(name);
    return [{ name, ...(suggestion !== undefined && { suggestion }) }];
  });

  async function suggest() {
    const objects = await listSome(run, store, source.bucket, source.prefix, MAX_CANDIDATES);
    const index = indexCandidates(objects.map((object) => toCandidate(source.prefix, object)));
    const listed = new Set(files.map(({ name }) => name));
    return findNearMisses({ manifest, names: missing, listed }, index);
  }
}

/** The folder that every suggestion adds in front of its name, e.g. `v1.36.1/`; undefined if they do not agree. */
export function commonFolder(unheld: readonly Unheld[]): string | undefined {
  const folders = new Set(
    unheld.map(({ name, suggestion }) => (suggestion?.endsWith(`/${name}`) ? suggestion.slice(0, -name.length) : "")),
  );
  const [folder] = folders;
  return folders.size === 1 && folder !== "" ? folder : undefined;
}
