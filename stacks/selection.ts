/** Which stacks are asked for. Each can be planned without the others, so an estate of a thousand need not be built for one. */
export interface Selection {
  readonly isWanted: (stack: string) => boolean;

  /** Patterns that no stack has matched so far. */
  readonly unused: () => readonly string[];
}

/** `patterns` are names of stacks, separated by commas, in which `*` stands for anything. Without them, all are wanted. */
export function selectStacks(patterns: string | undefined): Selection {
  const wanted = (patterns ?? "").split(",").filter((pattern) => pattern.trim() !== "");
  if (wanted.length === 0) return { isWanted: () => true, unused: () => [] };
  const matched = new Set<string>();
  return {
    isWanted: (stack) => {
      const matching = wanted.filter((pattern) => expression(pattern.trim()).test(stack));
      for (const pattern of matching) matched.add(pattern);
      return matching.length > 0;
    },
    unused: () => wanted.filter((pattern) => !matched.has(pattern)),
  };
}

function expression(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
