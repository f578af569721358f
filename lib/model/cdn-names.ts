/** What the load balancer's parts are called at Google, all but the certificates. */
export const CDN_NAME = "artifacts-production";

/** At most 63 letters, digits and hyphens. */
export function certificateName(domain: string): string {
  return `artifacts-${domain.replaceAll(".", "-")}`.slice(0, 63).replace(/-+$/, "");
}
