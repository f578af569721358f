/** Arguments by address, e.g. `google_storage_bucket.staging`. */
export type StackResources = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

export interface StackDifference {
  readonly stack: string;

  /** `new`: there was no such stack. `gone`: there is none any more, and nobody would look after what it made. */
  readonly kind: "new" | "changed" | "gone";

  readonly resources: readonly ResourceDifference[];
}

export interface ResourceDifference {
  readonly address: string;
  readonly kind: "added" | "changed" | "removed";

  /** Names of the arguments that differ. */
  readonly arguments: readonly string[];
}

/** What differs between two synthesized estates, stack by stack. Stacks that are the same are left out. */
export function compareStacks(
  before: ReadonlyMap<string, StackResources>,
  after: ReadonlyMap<string, StackResources>,
): readonly StackDifference[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.flatMap((stack) => {
    const [old, now] = [before.get(stack), after.get(stack)];
    const resources = compareResources(old ?? new Map(), now ?? new Map());
    if (old !== undefined && now !== undefined && resources.length === 0) return [];
    return [{ stack, kind: old === undefined ? "new" : now === undefined ? "gone" : "changed", resources }];
  });
}

function compareResources(before: StackResources, after: StackResources): readonly ResourceDifference[] {
  const addresses = [...new Set([...before.keys(), ...after.keys()])].sort();
  return addresses.flatMap((address): readonly ResourceDifference[] => {
    const [old, now] = [before.get(address), after.get(address)];
    if (old === undefined) return [{ address, kind: "added", arguments: [] }];
    if (now === undefined) return [{ address, kind: "removed", arguments: [] }];
    const differing = [...new Set([...Object.keys(old), ...Object.keys(now)])]
      .filter((name) => JSON.stringify(old[name]) !== JSON.stringify(now[name]))
      .sort();
    return differing.length === 0 ? [] : [{ address, kind: "changed", arguments: differing }];
  });
}
