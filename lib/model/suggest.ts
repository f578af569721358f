/** Longer texts are not compared: nobody mistypes a page, and the comparison is quadratic. */
const MAX_COMPARED = 128;

/**
 * How many insertions, deletions, replacements and swaps of neighbours turn one text into the other. Once it is clear
 * that they are `limit` or more, `limit` is the answer: most texts differ after a few letters.
 */
export function editDistance(from: string, to: string, limit = Number.POSITIVE_INFINITY): number {
  if (Math.abs(from.length - to.length) >= limit) return limit;
  const width = to.length + 1;
  let beforePrevious = new Array<number>(width).fill(0);
  let previous = Array.from({ length: width }, (_, column) => column);
  let current = new Array<number>(width).fill(0);
  let leastBefore = 0;
  for (let row = 1; row <= from.length; row++) {
    current[0] = row;
    let least = row;
    for (let column = 1; column <= to.length; column++) {
      const differs = from[row - 1] === to[column - 1] ? 0 : 1;
      let best = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + differs,
      );
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      if (swapped) best = Math.min(best, (beforePrevious[column - 2] ?? 0) + 1);
      current[column] = best;
      if (best < least) least = best;
    }
    // A swap reaches back two rows.
    if (least >= limit && leastBefore >= limit) return limit;
    leastBefore = least;
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
  }
  return Math.min(limit, previous[to.length] ?? 0);
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
    const distance = editDistance(wanted, other, bound);
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

/** With so many comparisons each of the first thousands of mistakes has its guess; a hostile million has to do without. */
const MAX_COMPARISONS = 500_000;

/** The same for all mistakes of one run, which may be many among many candidates. */
export class Guesses {
  private left = MAX_COMPARISONS;

  nearest(value: string, candidates: Iterable<string>): string | undefined {
    return this.left > 0 ? nearest(value, this.counted(candidates)) : undefined;
  }

  nearestAddress(address: string, candidates: Iterable<string>): string | undefined {
    return this.left > 0 ? nearestAddress(address, this.counted(candidates)) : undefined;
  }

  didYouMean(value: string, candidates: Iterable<string>): string | undefined {
    return this.left > 0 ? didYouMean(value, this.counted(candidates)) : undefined;
  }

  private *counted(candidates: Iterable<string>): Generator<string> {
    for (const candidate of candidates) {
      this.left -= 1;
      yield candidate;
    }
  }
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
