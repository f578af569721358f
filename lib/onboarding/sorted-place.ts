import type { PlacedEntry } from "./yaml-places";

/**
 * Where a new entry goes among those of a file: behind the last one that sorts before it. In a file that is not sorted
 * this is still a place between two entries, and the others stay where they are.
 */
export function entryBefore(entries: readonly PlacedEntry[], name: string): PlacedEntry | undefined {
  const index = entries.findIndex((entry) => entry.name > name);
  if (index < 0) return entries.at(-1);
  return entries[index - 1];
}
