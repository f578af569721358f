type Json = Readonly<Record<string, unknown>>;

/** Google's PATCH: null takes a field away, an object changes the fields that it names, anything else replaces. */
export function mergePatch(target: Json, change: Json): Json {
  // A map takes any key as a key, `__proto__` as well.
  const result = new Map(Object.entries(target));
  for (const [key, value] of Object.entries(change)) {
    const before = result.get(key);
    if (value === null) result.delete(key);
    else if (isPlain(value)) result.set(key, mergePatch(isPlain(before) ? before : {}, value));
    else if (value !== undefined) result.set(key, value);
  }
  return Object.fromEntries(result);
}

function isPlain(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
