import { ComputeBackendBucket } from "@cdktf/provider-google/lib/compute-backend-bucket";
import { ComputeGlobalAddress } from "@cdktf/provider-google/lib/compute-global-address";
import { ComputeGlobalForwardingRule } from "@cdktf/provider-google/lib/compute-global-forwarding-rule";
import { ComputeManagedSslCertificate } from "@cdktf/provider-google/lib/compute-managed-ssl-certificate";
import { ComputeTargetHttpsProxy } from "@cdktf/provider-google/lib/compute-target-https-proxy";
import { ComputeUrlMap } from "@cdktf/provider-google/lib/compute-url-map";
import type { ITerraformDependable } from "cdktf";
import { Construct } from "constructs";
import { addressKey } from "../model/address-keys";
import { CDN_NAME, certificateName } from "../model/cdn-names";

export interface CdnProps {
  readonly projectId: string;
  readonly bucket: string;

  /** One certificate per name, so that adding a name disturbs no other. At least one, at most 15. */
  readonly domains: readonly string[];

  readonly dependsOn: readonly ITerraformDependable[];
}

/** An HTTPS load balancer with Cloud CDN in front of a public bucket. */
export class Cdn extends Construct {
  constructor(scope: Construct, id: string, { projectId: project, bucket, domains, dependsOn }: CdnProps) {
    super(scope, id);
    const common = { project, dependsOn: [...dependsOn] };
    const backend = new ComputeBackendBucket(this, "production", {
      ...common,
      name: CDN_NAME,
      bucketName: bucket,
      enableCdn: true,
      // Published files never change: a cached answer is as good as a fresh one. Misses are kept for a minute only.
      cdnPolicy: {
        cacheMode: "CACHE_ALL_STATIC",
        defaultTtl: 86_400,
        clientTtl: 86_400,
        maxTtl: 604_800,
        negativeCaching: true,
        negativeCachingPolicy: [{ code: 404, ttl: 60 }],
      },
    });
    const urlMap = new ComputeUrlMap(this, "production-map", {
      project,
      name: CDN_NAME,
      defaultService: backend.id,
    });
    const certificates = domains.map(
      (domain) =>
        new ComputeManagedSslCertificate(this, addressKey(domain), {
          ...common,
          name: certificateName(domain),
          managed: { domains: [domain] },
          // One that goes is deleted after the proxy has let go of it, not before: Google refuses while it is in use.
          lifecycle: { createBeforeDestroy: true },
        }),
    );
    const proxy = new ComputeTargetHttpsProxy(this, "production-proxy", {
      project,
      name: CDN_NAME,
      urlMap: urlMap.id,
      sslCertificates: certificates.map((certificate) => certificate.id),
    });
    const address = new ComputeGlobalAddress(this, "production-address", {
      ...common,
      name: CDN_NAME,
      ipVersion: "IPV4",
      addressType: "EXTERNAL",
    });
    new ComputeGlobalForwardingRule(this, "production-rule", {
      project,
      name: CDN_NAME,
      target: proxy.id,
      ipAddress: address.address,
      portRange: "443",
      ipProtocol: "TCP",
      loadBalancingScheme: "EXTERNAL_MANAGED",
    });
  }
}
