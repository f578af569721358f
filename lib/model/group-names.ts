import { domainOf, localPartOf } from "./principals";

/**
 * The names that a group with this address may have: what stands before its `@`; or, since names are unique across all
 * domains, that with the domain's first label before it, e.g. `etcd-security` for `security@etcd.io`.
 */
export function groupNames(address: string): readonly [string, string] {
  const local = localPartOf(address);
  return [local, `${domainOf(address).split(".")[0]}-${local}`];
}
