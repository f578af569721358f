/**
 * The declared labels that a thing does not have so; nothing when its labels are not known. Others on it stay: the provider
 * takes no label away that it did not give.
 */
export function labelChanges(
  thing: string,
  declared: Readonly<Record<string, string>>,
  found: ReadonlyMap<string, string> | undefined,
): readonly string[] {
  if (found === undefined) return [];
  const differing = Object.entries(declared).filter(([key, value]) => found.get(key) !== value);
  if (differing.length === 0) return [];
  const now = differing.flatMap(([key]) => (found.has(key) ? [`${key}=${found.get(key)}`] : []));
  const wanted = differing.map(([key, value]) => `${key}=${value}`);
  return [`${thing}: is labelled ${wanted.join(", ")}, now ${now.length === 0 ? "without" : now.join(", ")}`];
}
