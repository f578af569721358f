import type { RestType } from "./rest-driver";
import { sameResource, sameResources } from "./same";

/** The parts of a load balancer in front of a bucket. */
export const computeTypes: readonly RestType[] = [
  globalType("google_compute_backend_bucket", "backendBuckets", {
    traits: {
      forceNew: ["name", "project"],
      defaults: { enable_cdn: false },
      computedBlocks: ["cdn_policy"],
    },
    update: "PUT",
  }),
  globalType("google_compute_global_address", "addresses", {
    traits: {
      forceNew: [
        "address",
        "address_type",
        "description",
        "ip_version",
        "name",
        "network",
        "prefix_length",
        "project",
        "purpose",
      ],
      defaults: { address_type: "EXTERNAL" },
      labelled: true,
      same: { network: sameResource },
    },
  }),
  globalType("google_compute_global_forwarding_rule", "forwardingRules", {
    traits: {
      forceNew: [
        "description",
        "ip_address",
        "ip_protocol",
        "ip_version",
        "metadata_filters",
        "name",
        "network",
        "port_range",
        "project",
        "source_ip_ranges",
        "subnetwork",
      ],
      defaults: { load_balancing_scheme: "EXTERNAL" },
      computedBlocks: ["service_directory_registrations"],
      labelled: true,
      same: { target: sameResource, port_range: samePorts, ip_address: sameResource },
    },
    fields: { names: { ip_address: "IPAddress", ip_protocol: "IPProtocol", forwarding_rule_id: "id" } },
    update: "PATCH",
  }),
  globalType("google_compute_managed_ssl_certificate", "sslCertificates", {
    traits: {
      forceNew: ["description", "managed", "name", "project", "type"],
      defaults: { type: "MANAGED" },
    },
    fields: { names: { certificate_id: "id" } },
  }),
  globalType("google_compute_target_https_proxy", "targetHttpsProxies", {
    traits: {
      forceNew: ["description", "name", "project", "proxy_bind"],
      defaults: { quic_override: "NONE" },
      same: { url_map: sameResource, ssl_certificates: sameResources },
    },
    fields: { names: { proxy_id: "id" } },
    update: "PATCH",
  }),
  globalType("google_compute_url_map", "urlMaps", {
    traits: { forceNew: ["name", "project"], same: { default_service: sameResource } },
    fields: {
      names: {
        map_id: "id",
        host_rule: "hostRules",
        path_matcher: "pathMatchers",
        "path_matcher.path_rule": "pathRules",
        test: "tests",
      },
    },
    update: "PUT",
  }),
];

function globalType(type: string, collection: string, rest: Pick<RestType, "traits" | "fields" | "update">): RestType {
  const self = `projects/{project}/global/${collection}/{name}`;
  return {
    type,
    service: "COMPUTE",
    collection: `projects/{project}/global/${collection}`,
    operation: "projects/{project}/global/operations/{name}",
    importIds: [self, "{project}/{name}", "{name}"],
    ...rest,
  };
}

/** `443` and `443-443`. */
function samePorts(prior: unknown, planned: unknown): boolean {
  return typeof prior === "string" && typeof planned === "string" && prior === `${planned}-${planned}`;
}
