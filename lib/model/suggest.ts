/** Longer texts are not compared: nobody mistypes a page, and the comparison is quadratic. */
const MAX_COMPARED = 128;

/** How many insertions, deletions, replacements and swaps of neighbours turn one text into the other. */
export function editDistance(from: string, to: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const differs = from[row - 1] === to[column - 1] ? 0 : 1;
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + differs,
      );
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      current.push(best);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[to.length] ?? 0;
}

/** More than this is another word, however long both are. */
const MAX_MISTYPED = 3;

/** The candidate that `value` was probably meant to be: at most a third of it mistyped, case and `-_` aside. */
export function nearest(value: string, candidates: Iterable<string>): string | undefined {
  if (value.length > MAX_COMPARED) return undefined;
  const wanted = plain(value);
  let found: string | undefined;
  let bound = Math.min(MAX_MISTYPED, Math.max(1, Math.floor(wanted.length / 3))) + 1;
  for (const candidate of candidates) {
    const other = plain(candidate);
    if (Math.abs(other.length - wanted.length) >= bound || other.length > MAX_COMPARED) continue;
    const distance = editDistance(wanted, other);
    if (distance < bound) [found, bound] = [candidate, distance];
  }
  return found;
}

/** The same for addresses, whose domain does not count: it makes all of them alike. */
export function nearestAddress(address: string, candidates: Iterable<string>): string | undefined {
  const domain = address.slice(address.lastIndexOf("@"));
  const names = new Map<string, string>();
  for (const candidate of candidates) {
    if (candidate.endsWith(domain)) names.set(candidate.slice(0, -domain.length), candidate);
  }
  return names.get(nearest(address.slice(0, -domain.length), names.keys()) ?? "");
}

/** A sentence such as `Did you mean "owners"?`, or undefined when nothing is near. */
export function didYouMean(value: string, candidates: Iterable<string>): string | undefined {
  const found = nearest(value, candidates);
  return found === undefined ? undefined : `Did you mean ${quote(found)}?`;
}

/** A value as messages show it: in quotes, escaped (also what is invisible or combines with a letter), cut where it would fill the screen. */
export function quote(value: string): string {
  const shown = value.length > 120 ? `${value.slice(0, 117)}...` : value;
  return JSON.stringify(shown).replace(
    /[\p{Cc}\p{Cf}\p{M}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\p{Noncharacter_Code_Point}\u2800]|(?! )\p{Zs}/gu,
    escapeCharacter,
  );
}

/** `"a", "b" and "c"`. */
export function quoteList(values: readonly string[]): string {
  const quoted = values.map(quote);
  return quoted.length < 2 ? quoted.join("") : `${quoted.slice(0, -1).join(", ")} and ${quoted.at(-1)}`;
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : `\\u${code.toString(16).padStart(4, "0")}`;
}

function plain(text: string): string {
  return text.toLowerCase().replaceAll("_", "-");
}
