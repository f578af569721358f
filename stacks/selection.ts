import picomatch from "picomatch";

/** Which stacks are asked for. Each can be planned without the others, so an estate of a thousand need not be built for one. */
export interface Selection {
  readonly isWanted: (stack: string) => boolean;

  /** Patterns that no stack has matched so far. */
  readonly unused: () => readonly string[];
}

/** A comma between patterns, not one between the braces of `staging-{a,b}`. */
const SEPARATOR = /,(?![^{]*\})/;

/** `patterns` are names of stacks or globs, separated by commas. Without them, all are wanted. */
export function selectStacks(patterns: string | undefined): Selection {
  const wanted = (patterns ?? "")
    .split(SEPARATOR)
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== "")
    .map((pattern) => ({ pattern, matches: picomatch(pattern) }));
  if (wanted.length === 0) return { isWanted: () => true, unused: () => [] };
  const matched = new Set<string>();
  return {
    isWanted: (stack) => {
      const matching = wanted.filter(({ matches }) => matches(stack));
      for (const { pattern } of matching) matched.add(pattern);
      return matching.length > 0;
    },
    unused: () => wanted.flatMap(({ pattern }) => (matched.has(pattern) ? [] : [pattern])),
  };
}
