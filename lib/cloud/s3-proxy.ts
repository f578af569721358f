import type { Agent } from "node:http";
import type { Agent as HttpsAgent } from "node:https";

/** What the AWS SDK connects with, in place of its own. */
export interface ProxyAgents {
  readonly httpAgent?: Agent;
  readonly httpsAgent?: HttpsAgent;
}

/**
 * Agents that reach `endpoint` through the proxy that `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` name for it, as the AWS
 * command line and SDKs of other languages do and the one for JavaScript does not:
 * https://docs.aws.amazon.com/sdk-for-javascript/v3/developer-guide/node-configuring-proxies.html
 */
export async function proxyAgents(endpoint: string): Promise<ProxyAgents> {
  const { getProxyForUrl } = await import("proxy-from-env");
  const proxy = getProxyForUrl(endpoint);
  if (proxy === "") return {};
  const options = { keepAlive: true };
  if (endpoint.startsWith("https:")) {
    const { HttpsProxyAgent } = await import("https-proxy-agent");
    // It tunnels TLS, which an agent of node:https does as well; its type says less.
    return { httpsAgent: new HttpsProxyAgent(proxy, options) as unknown as HttpsAgent };
  }
  const { HttpProxyAgent } = await import("http-proxy-agent");
  return { httpAgent: new HttpProxyAgent(proxy, options) };
}
