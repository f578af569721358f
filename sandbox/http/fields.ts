import { googleError } from "./errors";

/** What `?fields=` keeps of a value; an empty selection keeps all of it. */
type Selection = Map<string, Selection>;

/** Applies Google's partial response syntax, e.g. `nextPageToken,items(name,size)` or `items/name`. */
export function pickFields(value: object, fields: string): unknown {
  return select(value, parse(fields));
}

function select(value: unknown, selection: Selection): unknown {
  if (selection.size === 0 || typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => select(item, selection));
  const entries = Object.entries(value).flatMap(([key, inner]) => {
    const wanted = selection.get(key) ?? selection.get("*");
    return wanted === undefined ? [] : [[key, select(inner, wanted)] as const];
  });
  return Object.fromEntries(entries);
}

function parse(fields: string): Selection {
  const words = fields.match(/[^,()/\s]+|[,()/]/g) ?? [];
  let position = 0;

  function list(): Selection {
    const selection: Selection = new Map();
    do {
      const [name, inner] = item();
      const known = selection.get(name);
      selection.set(name, known === undefined ? inner : new Map([...known, ...inner]));
    } while (accept(","));
    return selection;
  }

  function item(): [name: string, inner: Selection] {
    const name = words[position];
    if (name === undefined || /^[,()/]$/.test(name)) throw invalid(fields);
    position += 1;
    if (accept("/")) return [name, new Map([item()])];
    if (!accept("(")) return [name, new Map()];
    const inner = list();
    if (!accept(")")) throw invalid(fields);
    return [name, inner];
  }

  function accept(word: string): boolean {
    if (words[position] !== word) return false;
    position += 1;
    return true;
  }

  const selection = list();
  if (position !== words.length) throw invalid(fields);
  return selection;
}

function invalid(fields: string) {
  return googleError(400, "invalidParameter", `Invalid field selection ${fields}`);
}
