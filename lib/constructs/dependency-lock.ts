/** What a dependency lock file must say of a provider that synth installs. */
export interface LockEntry {
  /** E.g. `artifacts.internal/foundation/artifacts`. */
  readonly source: string;

  readonly version: string;

  /** `h1:` hash of the package. */
  readonly hash: string;
}

const HEADER = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

/** One provider's block, as Terraform writes it: nothing nests, and the closing brace starts its line. */
const BLOCK = /^provider "([^"]+)" \{\n[\s\S]*?^\}\n/gm;

/**
 * `text` with the entries of `wanted` in it. Everything else stays as it is, hashes included, except blocks that hold
 * one of the `stale` hashes: they belong to packages that synth has removed.
 */
export function mergeLock(text: string, wanted: readonly LockEntry[], stale: readonly string[]): string {
  const blocks = new Map([...text.matchAll(BLOCK)].map(([block, source = ""]) => [source, block]));
  const kept = [...blocks].filter(([, block]) => !stale.some((hash) => block.includes(`"${hash}"`)));
  const merged = new Map(kept);
  for (const entry of wanted) {
    const present = blocks.get(entry.source);
    merged.set(entry.source, present !== undefined && agrees(present, entry) ? present : lockBlock(entry));
  }
  if (merged.size === 0) return "";
  const sorted = [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, block]) => block);
  return [HEADER, ...sorted].join("\n");
}

function agrees(block: string, { version, hash }: LockEntry): boolean {
  return block.includes(`  version     = "${version}"\n`) && block.includes(`"${hash}"`);
}

function lockBlock({ source, version, hash }: LockEntry): string {
  return `provider "${source}" {
  version     = "${version}"
  constraints = "${version}"
  hashes = [
    "${hash}",
  ]
}
`;
}
