import { googleGroups } from "../cloud/google-groups";
import { type GroupsServices, groupsServices, groupsSession } from "../groups/session";
import type { OpenSession } from "./group-resource";

/** Sessions with Google's group APIs as the environment describes them; the process shares one pair of quotas. */
export function groupsConnection(): OpenSession {
  let services: GroupsServices | undefined;
  return (signal) => {
    services ??= groupsServices(googleGroups());
    return groupsSession(services, signal);
  };
}
