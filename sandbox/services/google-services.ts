import type { Service, ServiceFactory } from "../http/service";
import type { World } from "../state/world";
import { artifactRegistry } from "./artifact-registry";
import { behaviourControl } from "./behaviour";
import { billingBudgets } from "./billing/budgets";
import { cloudBilling, coreBilling } from "./billing/cloud-billing";
import { cloudBuild } from "./build/cloud-build";
import { compute } from "./compute/compute";
import { cloudIdentity } from "./directory/cloud-identity";
import { directory } from "./directory/directory";
import { directoryAdmins } from "./directory/directory-admins";
import { groupsSettings } from "./directory/groups-settings";
import { essentialContacts } from "./essential-contacts";
import { iam } from "./iam/iam";
import { iamCredentials } from "./iam/iam-credentials";
import { logging } from "./logging";
import { monitoring } from "./monitoring";
import { resourceManagerV1, resourceManagerV3, tags } from "./resource-manager/resource-manager";
import { serviceUsage } from "./service-usage/service-usage";

/** Services that have a prefix of their own here, and a host of their own at Google. */
const hosted: readonly ServiceFactory[] = [
  resourceManagerV1,
  resourceManagerV3,
  tags,
  serviceUsage,
  iam,
  iamCredentials,
  cloudBilling,
  coreBilling,
  billingBudgets,
  essentialContacts,
  cloudBuild,
  artifactRegistry,
  logging,
  monitoring,
  cloudIdentity,
];

/** Every service besides Cloud Storage, and the parts of the control interface that belong to them. */
export const googleServices: readonly ServiceFactory[] = [
  ...hosted,
  compute,
  directory,
  groupsSettings,
  behaviourControl,
  directoryAdmins,
  withoutPrefix,
];

/**
 * The same services below the root, for clients that take a host and no path, as `rootUrl` of `googleapis`. Their paths
 * differ in all but `operations`, which are kept together; no bucket can be called `v1`.
 */
function withoutPrefix(world: World): Service {
  return { name: "googleapis", prefix: "", routes: hosted.flatMap((make) => make(world).routes) };
}
