import { googleError } from "../../http/errors";
import type { GroupRecord, MemberRecord } from "../../state/records";
import type { World } from "../../state/world";
import { behaviourOf } from "../behaviour";
import {
  accountId,
  domainOf,
  etagOf,
  findGroup,
  invalidInput,
  membersOf,
  membersOfGroup,
  normalAddress,
  resourceNotFound,
} from "./directory-records";
import { membershipChanged, takesExternal, writeSettings } from "./settings-record";

export type Role = MemberRecord["role"];

export function roleOf(role: unknown): Role {
  if (role === "OWNER" || role === "MANAGER" || role === "MEMBER") return role;
  throw invalidInput("role");
}

/** The member of that address, alias or id. */
export function findMember(world: World, group: GroupRecord, key: string): MemberRecord | undefined {
  const members = membersOf(world);
  const address = findGroup(world, key)?.email ?? key.toLowerCase();
  return members.get(`${group.email}/${address}`) ?? membersOfGroup(world, group).find(({ id }) => id === key);
}

/** Adds a member as Google would, with all its ways of refusing. */
export function addMember(world: World, group: GroupRecord, wanted: unknown, role: Role): MemberRecord {
  const address = normalAddress(wanted);
  if (address === undefined) throw conditionNotMet(`memberKey: ${String(wanted)} is not an e-mail address`);
  const nested = findGroup(world, address);
  const email = nested?.email ?? address;
  if (nested === undefined && behaviourOf(world).missingAccounts.includes(email)) throw resourceNotFound("memberKey");
  if (membersOf(world).has(`${group.email}/${email}`)) throw googleError(409, "duplicate", "Member already exists.");
  if (nested !== undefined && reaches(world, nested, group)) {
    throw googleError(400, "invalid", "Cyclic memberships not allowed");
  }
  admitExternal(world, group, email);
  const member: MemberRecord = {
    id: nested?.id ?? accountId(email),
    email,
    role,
    type: nested === undefined ? "USER" : "GROUP",
    status: "ACTIVE",
    etag: "",
  };
  return keepMember(world, group, member);
}

export function changeRole(world: World, group: GroupRecord, member: MemberRecord, role: Role): MemberRecord {
  if (role !== "OWNER") refuseLastOwner(world, group, member);
  return keepMember(world, group, { ...member, role });
}

export function removeMember(world: World, group: GroupRecord, member: MemberRecord): void {
  refuseLastOwner(world, group, member);
  membersOf(world).delete(`${group.email}/${member.email}`);
  membershipChanged(world, group.email);
}

/** Whether `target` is `group` or lies in it, however deep. */
export function reaches(world: World, group: GroupRecord, target: GroupRecord): boolean {
  const open = [group];
  const seen = new Set<string>();
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next.email === target.email) return true;
    if (seen.has(next.email)) continue;
    seen.add(next.email);
    for (const { email } of membersOfGroup(world, next)) {
      const inner = findGroup(world, email);
      if (inner !== undefined) open.push(inner);
    }
  }
  return false;
}

/** True for members of other domains, of which Google shows no status. */
export function isExternal(group: GroupRecord, { email }: Pick<MemberRecord, "email">): boolean {
  return domainOf(email) !== domainOf(group.email) && !email.endsWith(".gserviceaccount.com");
}

function admitExternal(world: World, group: GroupRecord, email: string): void {
  if (!isExternal(group, { email }) || takesExternal(world, group.email)) return;
  if (behaviourOf(world).externalMembers === "flip") {
    writeSettings(world, group.email, { allowExternalMembers: "true" });
    return;
  }
  throw conditionNotMet(`${email} is external and ${group.email} doesn't allow external members`);
}

function keepMember(world: World, group: GroupRecord, member: MemberRecord): MemberRecord {
  const kept = { ...member, etag: etagOf({ ...member, etag: "" }) };
  membersOf(world).put(`${group.email}/${kept.email}`, kept);
  membershipChanged(world, group.email);
  return kept;
}

function refuseLastOwner(world: World, group: GroupRecord, member: MemberRecord): void {
  if (member.role !== "OWNER" || !behaviourOf(world).keepLastOwner) return;
  const others = membersOfGroup(world, group).filter(({ email }) => email !== member.email);
  if (others.length === 0 || others.some(({ role }) => role === "OWNER")) return;
  throw conditionNotMet(`${member.email} is the last owner of ${group.email}`);
}

function conditionNotMet(message: string) {
  return googleError(412, "conditionNotMet", `Precondition Failed: ${message}`);
}
