import type { World } from "../../state/world";
import { randomDigits } from "../identifiers";
import { type ComputeRecord, computeResources, linkOf } from "./compute-record";

const FIREWALLS: readonly {
  readonly name: string;
  readonly allowed: readonly object[];
  readonly sourceRanges: readonly string[];
}[] = [
  { name: "default-allow-icmp", allowed: [{ IPProtocol: "icmp" }], sourceRanges: ["0.0.0.0/0"] },
  {
    name: "default-allow-internal",
    allowed: [
      { IPProtocol: "tcp", ports: ["0-65535"] },
      { IPProtocol: "udp", ports: ["0-65535"] },
      { IPProtocol: "icmp" },
    ],
    sourceRanges: ["10.128.0.0/9"],
  },
  { name: "default-allow-rdp", allowed: [{ IPProtocol: "tcp", ports: ["3389"] }], sourceRanges: ["0.0.0.0/0"] },
  { name: "default-allow-ssh", allowed: [{ IPProtocol: "tcp", ports: ["22"] }], sourceRanges: ["0.0.0.0/0"] },
];

/** The network and firewall rules that a project gets when it enables Compute Engine. */
export function createDefaultNetwork(world: World, projectId: string): void {
  const network = linkOf(projectId, "networks", "default");
  put(world, projectId, "networks", "compute#network", "default", {
    description: "Default network for the project",
    autoCreateSubnetworks: true,
    routingConfig: { routingMode: "REGIONAL" },
  });
  for (const { name, ...rule } of FIREWALLS) {
    put(world, projectId, "firewalls", "compute#firewall", name, {
      ...rule,
      network,
      priority: 65534,
      direction: "INGRESS",
      disabled: false,
      logConfig: { enable: false },
    });
  }
}

function put(world: World, projectId: string, collection: string, kind: string, name: string, fields: object): void {
  const record: ComputeRecord = {
    kind,
    id: randomDigits(18),
    name,
    creationTimestamp: world.clock.timestamp(),
    selfLink: linkOf(projectId, collection, name),
    ...fields,
  };
  computeResources(world).put(`${projectId}/${collection}/${name}`, record);
}
