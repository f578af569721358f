/**
 * Works through items with at most `width` under way, the heaviest first: a large one that starts last would be waited for
 * alone. Work does not throw; a mistake in one item is its own outcome.
 */
export async function runHeaviestFirst<T>(
  items: readonly T[],
  weight: (item: T) => number,
  width: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const queue = [...items].sort((a, b) => weight(b) - weight(a));
  let next = 0;
  async function lane(): Promise<void> {
    for (let item = queue[next++]; item !== undefined; item = queue[next++]) await work(item);
  }
  await Promise.all(Array.from({ length: Math.min(width, queue.length) }, lane));
}
