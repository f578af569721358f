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

/**
 * Those among which a new entry is sorted. A file that is sorted as a whole stays so. One that has sections keeps them:
 * the section is where names begin alike, up to a hyphen.
 */
export function kinOf(entries: readonly PlacedEntry[], name: string): readonly PlacedEntry[] {
  const isSorted = entries.every((entry, index) => index === 0 || (entries[index - 1]?.name ?? "") <= entry.name);
  if (isSorted) return entries;
  for (let end = name.lastIndexOf("-"); end > 0; end = name.lastIndexOf("-", end - 1)) {
    const kin = entries.filter((entry) => entry.name.startsWith(name.slice(0, end + 1)));
    if (kin.length > 0) return kin;
  }
  return entries;
}
