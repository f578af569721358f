/** One mapping of a list: its texts by their keys. */
export interface LooseEntry<Key extends string> {
  readonly values: ReadonlyMap<Key, string>;

  /** Where it begins, counted from 1. */
  readonly line: number;
  readonly column: number;
}

/** What a line says: where a mapping begins, and its keys with their values. Long texts that are neither cost nothing. */
const IN_BLOCK = /^\s*(?:(-)\s+)?(["']?)([\w-]{1,20})\2\s*:\s+(.{0,2000})/;
const IN_FLOW =
  /(\{)|(["']?)\b([\w-]{1,20})\2\s*:\s*("(?:[^"\\]|\\.){0,2000}"|'[^']{0,2000}'|[^\s,{}"'][^,{}]{0,2000})/g;
const IS_FLOW = /^[^:#]*[{"]|^\s*\w+\s*:\s*\[/;

/**
 * The entries of a list of mappings, as far as text shows them that is no valid YAML or not what a schema asks for. It is
 * read line by line: a mistake in one line hides none of the others.
 */
export function looseEntries<Key extends string>(text: string, keys: readonly Key[]): readonly LooseEntry<Key>[] {
  const entries: LooseEntry<Key>[] = [];
  let values: Map<Key, string> | undefined;
  let start: { readonly line: number; readonly column: number } | undefined;
  for (const [index, row] of text.split(/\r\n|\n|\r/).entries()) {
    if (/^\s*#/.test(row)) continue;
    for (const match of IS_FLOW.test(row) ? row.matchAll(IN_FLOW) : oneMatch(row)) {
      const [, opening, , word, value = ""] = match;
      const place = { line: index + 1, column: match.index + match[0].search(/\S/) + 1 };
      if (opening !== undefined) {
        values = undefined;
        start = place;
      }
      const key = keys.find((each) => each === word);
      if (key === undefined) continue;
      // Whoever forgot a hyphen meant another entry.
      if (values === undefined || values.has(key)) {
        values = new Map();
        entries.push({ values, ...(start ?? place) });
        start = undefined;
      }
      values.set(key, plainText(value));
    }
  }
  return entries;
}

function oneMatch(row: string): readonly RegExpExecArray[] {
  const match = IN_BLOCK.exec(row);
  return match === null ? [] : [match];
}

function plainText(value: string): string {
  const [, quoted] = /^("(?:[^"\\]|\\.)*"|'(?:[^']|'')*')/.exec(value) ?? [];
  if (quoted === undefined) return value.replace(/\s#.*$|\s*[,}\]]+\s*$/, "").trim();
  if (quoted.startsWith("'")) return quoted.slice(1, -1).replaceAll("''", "'");
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
