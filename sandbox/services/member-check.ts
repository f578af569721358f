import { googleError } from "../http/errors";
import type { Binding, GroupRecord } from "../state/records";
import type { World } from "../state/world";
import { behaviourOf } from "./behaviour";
import { accountsOf } from "./iam/account-record";
import { findProject } from "./project-lookup";

const MEMBER =
  /^(?:allUsers|allAuthenticatedUsers|(?:user|serviceAccount|group|domain):[^\s:]+|deleted:(?:user|serviceAccount|group):\S+|project(?:Owner|Editor|Viewer):\S+|principal(?:Set)?:\/\/\S+)$/;

const ROLE = /^(?:roles\/[\w.]+|(?:projects|organizations)\/[\w.:-]+\/roles\/[\w.]+)$/;

/** Refuses a policy that Google would refuse for what its bindings say. */
export function checkBindings(world: World, bindings: unknown): void {
  if (bindings === undefined) return;
  if (!Array.isArray(bindings)) throw invalid("Invalid value at 'policy.bindings': expected a list.");
  for (const binding of bindings as readonly Partial<Binding>[]) {
    const { role, members = [], condition } = binding ?? {};
    if (typeof role !== "string" || !ROLE.test(role)) {
      throw invalid(`Invalid role ${JSON.stringify(role)}: expected roles/NAME or projects/PROJECT/roles/NAME.`);
    }
    if (condition !== undefined && (typeof condition?.expression !== "string" || typeof condition.title !== "string")) {
      throw invalid(`The condition of the binding of ${role} needs a title and an expression.`);
    }
    if (!Array.isArray(members)) throw invalid(`Invalid members of role ${role}: expected a list.`);
    for (const member of members) checkMember(world, member);
  }
}

function checkMember(world: World, member: unknown): void {
  if (typeof member !== "string" || !MEMBER.test(member)) {
    throw invalid(
      `Invalid member ${JSON.stringify(member)}: expected user:, serviceAccount:, group: or domain: and an address.`,
    );
  }
  if (!behaviourOf(world).checkPrincipals) return;
  const [kind, address = ""] = member.toLowerCase().split(":");
  if (kind === "group" && !groupExists(world, address)) throw invalid(`Group ${address} does not exist.`);
  if (kind === "serviceaccount" && !mayExist(world, address))
    throw invalid(`Service account ${address} does not exist.`);
}

function groupExists(world: World, address: string): boolean {
  const groups = world.store.collection<GroupRecord>("groups");
  return groups.has(address) || groups.values().some(({ aliases }) => aliases?.includes(address) ?? false);
}

/** Accounts of projects that this sandbox doesn't hold, and Google's own agents, can't be looked up. */
function mayExist(world: World, address: string): boolean {
  const projectId = /^[^@]+@([^.@]+)\.iam\.gserviceaccount\.com$/.exec(address)?.[1];
  if (projectId === undefined || projectId.startsWith("gcp-sa-") || findProject(world, projectId) === undefined)
    return true;
  return accountsOf(world).has(address);
}

function invalid(message: string) {
  return googleError(400, "badRequest", message);
}
