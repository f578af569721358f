/** Values by key, iterated in the order of the keys' UTF-8 bytes, which is how Google sorts names. */
export class Collection<T> {
  private readonly items = new Map<string, T>();
  private sorted: string[] = [];
  private isSorted = true;
  private count = 0;

  /** `changed` hears of each change; a deletion is a change to undefined. */
  constructor(private readonly changed: (key: string, value: T | undefined) => void) {}

  get size(): number {
    return this.items.size;
  }

  /** Grows with each change, so that what was derived from the collection can be kept until then. */
  get version(): number {
    return this.count;
  }

  get(key: string): T | undefined {
    return this.items.get(key);
  }

  has(key: string): boolean {
    return this.items.has(key);
  }

  /** Stores a value, which must not be changed afterwards: put a new one instead. */
  put(key: string, value: T): void {
    this.load(key, value);
    this.changed(key, value);
  }

  /** True if there was something to delete. */
  delete(key: string): boolean {
    if (!this.items.has(key)) return false;
    this.forget(key);
    this.changed(key, undefined);
    return true;
  }

  /** Keys that begin with `prefix`, sorted. */
  keys(prefix = ""): readonly string[] {
    const keys = this.ordered();
    if (prefix === "") return keys;
    const start = this.indexOf(prefix);
    let end = start;
    while (end < keys.length && keys[end]?.startsWith(prefix)) end += 1;
    return keys.slice(start, end);
  }

  /** Values whose keys begin with `prefix`, in the order of the keys. */
  values(prefix = ""): T[] {
    // Every key listed is in the map.
    return this.keys(prefix).map((key) => this.items.get(key) as T);
  }

  /** All keys in order. The array is the collection's own: read it, don't keep it over an `await`. */
  ordered(): readonly string[] {
    if (!this.isSorted) {
      // Deleted keys leave the list here, so that a deletion costs nothing.
      this.sorted = this.sorted.filter((key) => this.items.has(key));
      if (this.sorted.length !== this.items.size) this.sorted = [...this.items.keys()];
      this.sorted.sort(compareUtf8);
      this.isSorted = true;
    }
    return this.sorted;
  }

  /** Position in `ordered()` of the first key that is not smaller than `key`. */
  indexOf(key: string): number {
    const keys = this.ordered();
    let low = 0;
    let high = keys.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      // Within bounds by construction.
      if (compareUtf8(keys[middle] as string, key) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Stores without telling: for what comes from the journal. */
  load(key: string, value: T): void {
    if (!this.items.has(key)) {
      const last = this.sorted.at(-1);
      if (this.isSorted && last !== undefined && compareUtf8(last, key) > 0) this.isSorted = false;
      this.sorted.push(key);
    }
    this.items.set(key, value);
    this.count += 1;
  }

  /** Deletes without telling. */
  forget(key: string): void {
    if (!this.items.delete(key)) return;
    this.isSorted = false;
    this.count += 1;
  }
}

/**
 * Compares as UTF-8 bytes would. JavaScript compares UTF-16 units, in which characters beyond U+FFFF come before
 * U+E000..U+FFFF; in UTF-8 they come after.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index += 1) {
    const left = a.charCodeAt(index);
    const right = b.charCodeAt(index);
    if (left === right) continue;
    if (left < 0xd800 || right < 0xd800) return left - right;
    return (left < 0xe000 ? left + 0x2000 : left - 0x800) - (right < 0xe000 ? right + 0x2000 : right - 0x800);
  }
  return a.length - b.length;
}
