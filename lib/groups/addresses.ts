/**
 * The form in which addresses are compared: Google ignores case everywhere. Nothing else is rewritten, as what else is
 * the same is Google's to say, and differs between accounts of different kinds.
 */
export function normalAddress(address: string): string {
  return address.trim().toLowerCase();
}

/** Sorted, normalised, each address once. */
export function normalAddresses(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.map(normalAddress))].sort();
}
