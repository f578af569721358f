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

/**
 * The same for all spellings of a Gmail account, whose dots and whose second domain mean nothing: Google lists a member
 * by the one of its owner's choice. Other addresses are their own, for in a Workspace domain a dot does count.
 */
export function accountAddress(address: string): string {
  const [, local, isGmail] = /^(.*)@(gmail|googlemail)\.com$/.exec(normalAddress(address)) ?? [];
  return isGmail === undefined || local === undefined
    ? normalAddress(address)
    : `${local.replaceAll(".", "")}@gmail.com`;
}
