import { googleError } from "../../http/errors";
import type { Collection } from "../../state/collection";
import type { ComputeRecord } from "./compute-record";

/** Collections of global resources, with Google's word for their items and what Google fills in. */
const KINDS: Readonly<Record<string, { readonly kind: string; readonly defaults?: object }>> = {
  addresses: { kind: "compute#address", defaults: { addressType: "EXTERNAL", ipVersion: "IPV4", status: "RESERVED" } },
  backendBuckets: { kind: "compute#backendBucket", defaults: { enableCdn: false } },
  backendServices: { kind: "compute#backendService", defaults: { protocol: "HTTP", loadBalancingScheme: "EXTERNAL" } },
  firewalls: { kind: "compute#firewall", defaults: { priority: 1000, direction: "INGRESS", disabled: false } },
  forwardingRules: {
    kind: "compute#forwardingRule",
    defaults: { IPProtocol: "TCP", loadBalancingScheme: "EXTERNAL", networkTier: "PREMIUM" },
  },
  healthChecks: { kind: "compute#healthCheck" },
  networks: { kind: "compute#network", defaults: { routingConfig: { routingMode: "REGIONAL" } } },
  securityPolicies: { kind: "compute#securityPolicy" },
  sslCertificates: { kind: "compute#sslCertificate" },
  sslPolicies: { kind: "compute#sslPolicy" },
  targetHttpProxies: { kind: "compute#targetHttpProxy" },
  targetHttpsProxies: { kind: "compute#targetHttpsProxy", defaults: { quicOverride: "NONE" } },
  urlMaps: { kind: "compute#urlMap" },
};

/** Refuses collections that the sandbox doesn't play, as a server that lacks the method would. */
export function kindOf(collection: string): string {
  const known = Object.hasOwn(KINDS, collection) ? KINDS[collection] : undefined;
  if (known === undefined) throw googleError(404, "notFound", `The sandbox has no global ${collection}.`);
  return known.kind;
}

/** Fills in what Google fills in: defaults, an address, the state of a managed certificate. */
export function withDefaults(
  resources: Collection<ComputeRecord>,
  collection: string,
  given: ComputeRecord & Readonly<Record<string, unknown>>,
): ComputeRecord {
  const record = { ...KINDS[collection]?.defaults, ...given, ...computed(resources, collection, given) };
  // The same record with other texts in it.
  return canonical(record) as ComputeRecord;
}

function computed(
  resources: Collection<ComputeRecord>,
  collection: string,
  given: Readonly<Record<string, unknown>>,
): object {
  switch (collection) {
    case "addresses":
      return { address: given.address ?? freeAddress(resources) };
    case "forwardingRules":
      return { IPAddress: literal(resources, given.IPAddress), portRange: range(given.portRange) };
    case "sslCertificates":
      return { type: given.type ?? "SELF_MANAGED", ...managed(given.managed) };
    default:
      return {};
  }
}

/** From the range that is set aside for documentation; 254 addresses are more than an estate of buckets needs. */
function freeAddress(resources: Collection<ComputeRecord>): string {
  const used = new Set(resources.values().flatMap((record) => ("address" in record ? [record.address] : [])));
  for (let last = 1; last < 255; last += 1) if (!used.has(`203.0.113.${last}`)) return `203.0.113.${last}`;
  throw googleError(403, "quotaExceeded", "Quota 'GLOBAL_ADDRESSES' exceeded. Limit: 254.");
}

/** A forwarding rule may name an address resource; Google then shows the address itself. */
function literal(resources: Collection<ComputeRecord>, given: unknown): string {
  if (given === undefined || given === "") return freeAddress(resources);
  const text = String(given);
  const [, project = "", name = ""] = /projects\/([^/]+)\/global\/addresses\/([^/]+)$/.exec(text) ?? [];
  const record = resources.get(`${project}/addresses/${name}`);
  return record !== undefined && "address" in record ? String(record.address) : text;
}

function range(given: unknown): string {
  const text = String(given ?? "");
  return /^\d+$/.test(text) ? `${text}-${text}` : text;
}

function managed(given: unknown): object {
  if (typeof given !== "object" || given === null || !("domains" in given) || !Array.isArray(given.domains)) return {};
  const domainStatus = Object.fromEntries(given.domains.map((domain) => [String(domain), "PROVISIONING"]));
  return { managed: { ...given, status: "PROVISIONING", domainStatus } };
}

/**
 * References to other resources as Google shows them, whatever host the caller named. Google's provider takes a reference
 * that it reads back for something else unless it begins with `https:`.
 */
function canonical(value: unknown): unknown {
  if (typeof value === "string") {
    return value.replace(
      /^https?:\/\/[^/]+\/(?:compute\/)*v1\/projects\//,
      "https://www.googleapis.com/compute/v1/projects/",
    );
  }
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, canonical(inner)]));
}
