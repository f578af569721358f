import { Collection } from "./collection";
import { Journal } from "./journal";

/**
 * All metadata of one sandbox: named collections of JSON values, held in memory and written to a journal.
 *
 * `commit` writes everything changed since the last one as a single record, so a set of changes made without an `await`
 * in between is kept whole or not at all, whatever kills the process.
 */
export class Store {
  private readonly collections = new Map<string, Collection<unknown>>();
  private readonly journal: Journal;
  private pending: [collection: string, key: string, value?: unknown][] = [];
  private readonly afterCommit: (() => void)[] = [];

  /** Reads what `folder` holds; a folder without a journal is an empty store. */
  constructor(folder: string) {
    this.journal = new Journal(folder);
    this.journal.replay(([name, key, value]) => {
      if (value === undefined) this.open(name).forget(key);
      else this.open(name).load(key, value);
    });
  }

  /** The collection of that name, empty at first. The shape of its values is the caller's claim. */
  collection<T>(name: string): Collection<T> {
    return this.open(name) as Collection<T>;
  }

  /** Names of the collections that hold anything, sorted. */
  names(): readonly string[] {
    return [...this.collections.keys()].filter((name) => this.open(name).size > 0).sort();
  }

  /** Takes a collection with all that is in it out of the store. */
  drop(name: string): void {
    for (const key of [...this.open(name).keys()]) this.open(name).delete(key);
  }

  /** Runs `action` once the changes made so far are safe: for what must not happen before, like deleting bytes. */
  onceCommitted(action: () => void): void {
    this.afterCommit.push(action);
  }

  /** Puts every change made so far on disk. The server calls it before each answer. */
  commit(): void {
    if (this.pending.length > 0) {
      this.journal.append(this.pending);
      this.pending = [];
      if (this.journal.isWasteful(this.size())) this.journal.rewrite(this.records());
    }
    for (const action of this.afterCommit.splice(0)) action();
  }

  /** Commits and leaves a compact journal behind. */
  close(): void {
    this.commit();
    this.journal.rewrite(this.records());
    this.journal.close();
  }

  private open(name: string): Collection<unknown> {
    const known = this.collections.get(name);
    if (known !== undefined) return known;
    const created = new Collection<unknown>((key, value) => {
      this.pending.push(value === undefined ? [name, key] : [name, key, value]);
    });
    this.collections.set(name, created);
    return created;
  }

  private size(): number {
    let total = 0;
    for (const { size } of this.collections.values()) total += size;
    return total;
  }

  private *records(): Iterable<[collection: string, key: string, value: unknown]> {
    for (const [name, collection] of this.collections) {
      for (const key of collection.keys()) yield [name, key, collection.get(key)];
    }
  }
}
