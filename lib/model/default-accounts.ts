import { serviceKey } from "./address-keys";

/** APIs that Google makes default service accounts for, editors of the project, and others that enable those. */
const SERVICES: ReadonlySet<string> = new Set([
  "appengine.googleapis.com",
  "cloudfunctions.googleapis.com",
  "composer.googleapis.com",
  "compute.googleapis.com",
  "container.googleapis.com",
  "dataflow.googleapis.com",
  "dataproc.googleapis.com",
  "run.googleapis.com",
]);

export function bringsDefaultAccounts(service: string): boolean {
  return SERVICES.has(service);
}

/** `compute.googleapis.com` becomes `default__compute`: in addresses, what takes the rights of its accounts away. */
export function defaultAccountsKey(service: string): string {
  return `default__${serviceKey(service)}`;
}
