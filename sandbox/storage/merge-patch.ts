type Json = Readonly<Record<string, unknown>>;

/** Google's PATCH: null takes a field away, an object changes the fields that it names, anything else replaces. */
export function mergePatch(target: Json, change: Json): Json {
  const result: Record<string, unknown> = { ...target };
  for (const [key, value] of Object.entries(change)) {
    const before = result[key];
    if (value === null) delete result[key];
    else if (isPlain(value)) result[key] = mergePatch(isPlain(before) ? before : {}, value);
    else if (value !== undefined) result[key] = value;
  }
  return result;
}

function isPlain(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
