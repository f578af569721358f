/**
 * The form in which addresses are compared: Google ignores case everywhere. Nothing else is rewritten, as dots, `+tags`
 * and googlemail.com are Google's to interpret, and it does so differently for accounts of different kinds.
 */
export function normalAddress(address: string): string {
  return address.trim().toLowerCase();
}

/** Sorted, normalised, each address once. */
export function normalAddresses(addresses: readonly string[]): readonly string[] {
  return [...new Set(addresses.map(normalAddress))].sort();
}
