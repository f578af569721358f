/** A boolean of the query. Google takes `true` in any letter case; Python's clients write `True`. */
export function flag(query: URLSearchParams, name: string): boolean {
  return query.get(name)?.toLowerCase() === "true";
}
