import { googleError } from "../http/errors";
import type { Binding, GroupRecord, ProjectRecord, ServiceAccountRecord } from "../state/records";
import type { World } from "../state/world";

const FORMS =
  /^(?:allUsers|allAuthenticatedUsers|(?:user|serviceAccount|group|domain|projectOwner|projectEditor|projectViewer|deleted):\S+|principal(?:Set)?:\/\/\S+|serviceAccount:\S+)$/;

/**
 * Refuses a policy as Google does: members of no known form, service accounts of a project here that don't exist, and
 * groups that don't exist in a domain whose groups are kept here. Addresses elsewhere can't be known and are accepted.
 */
export function checkMembers(world: World, bindings: readonly Binding[]): void {
  for (const member of new Set(bindings.flatMap(({ members }) => members ?? []))) {
    if (!FORMS.test(member))
      throw badRequest(`Invalid member ${member}: the form is TYPE:ADDRESS, e.g. user:alice@example.org.`);
    const [type, email = ""] = member.toLowerCase().split(/:(.*)/s);
    if (type === "group" && isMissingGroup(world, email)) throw badRequest(`Group ${email} does not exist.`);
    if (type === "serviceaccount" && isMissingServiceAccount(world, email)) {
      throw badRequest(`Service account ${email} does not exist.`);
    }
  }
}

function isMissingGroup(world: World, email: string): boolean {
  const groups = world.store.collection<GroupRecord>("groups");
  if (groups.has(email)) return false;
  const domain = email.split("@")[1];
  const known = groups.values();
  if (known.some(({ aliases }) => aliases?.some((alias) => alias.toLowerCase() === email))) return false;
  return known.some((group) => group.email.toLowerCase().split("@")[1] === domain);
}

function isMissingServiceAccount(world: World, email: string): boolean {
  const project = /^[^@]+@([^.]+)\.iam\.gserviceaccount\.com$/.exec(email)?.[1];
  if (project === undefined || !world.store.collection<ProjectRecord>("projects").has(project)) return false;
  return !world.store.collection<ServiceAccountRecord>("serviceAccounts").has(email);
}

function badRequest(message: string) {
  return googleError(400, "badRequest", message);
}
