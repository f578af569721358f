import { googleError } from "../../http/errors";
import type { GroupRecord } from "../../state/records";
import type { World } from "../../state/world";
import { markDeleted } from "../iam/deleted-members";
import { randomDigits } from "../identifiers";
import {
  etagOf,
  findGroup,
  groupsOf,
  invalidInput,
  membersOf,
  membersOfGroup,
  normalAddress,
} from "./directory-records";
import { forgetSettings, moveSettings } from "./settings-record";

export type GroupText = Pick<GroupRecord, "name" | "description">;

/** Makes a group; its address must not be a group's or alias's already. */
export function createGroup(world: World, wanted: Partial<GroupRecord>): GroupRecord {
  const email = normalAddress(wanted.email);
  if (email === undefined) throw invalidInput("email");
  const { name = email.split("@")[0] ?? "", description = "" } = wanted;
  checkTexts({ name, description });
  checkFree(world, email);
  const id = `0${BigInt(randomDigits(17)).toString(36)}`;
  becomeGroup(world, email, id);
  return keepGroup(world, { id, email, name, description, etag: "" });
}

/** Stores a group under its address, with a new etag. */
export function keepGroup(world: World, group: GroupRecord): GroupRecord {
  const kept = { ...group, etag: etagOf({ ...group, etag: "" }) };
  groupsOf(world).put(kept.email, kept);
  return kept;
}

export function changeGroup(world: World, group: GroupRecord, change: Partial<GroupRecord>): GroupRecord {
  const { name = group.name, description = group.description } = change;
  checkTexts({ name, description });
  const renamed = change.email === undefined ? group : renameGroup(world, group, change.email);
  return keepGroup(world, { ...renamed, name, description });
}

/** Deletes a group with its memberships, its own and those in other groups. Policies keep a mark that it was there. */
export function deleteGroup(world: World, group: GroupRecord): void {
  for (const { email } of membersOfGroup(world, group)) membersOf(world).delete(`${group.email}/${email}`);
  for (const key of membershipsOf(world, group.email)) membersOf(world).delete(key);
  forgetSettings(world, group.email);
  groupsOf(world).delete(group.email);
  markDeleted(world, `group:${group.email}`, group.id);
}

/** Refuses an address that a group already has, as its own or as an alias. */
export function checkFree(world: World, email: string): void {
  if (findGroup(world, email) !== undefined) throw googleError(409, "duplicate", "Entity already exists.");
}

/** Keys of the memberships in which an address is the member. */
function membershipsOf(world: World, email: string): readonly string[] {
  return membersOf(world)
    .keys()
    .filter((key) => key.endsWith(`/${email}`));
}

/** A member of that address is the group from now on, whenever it was added. */
function becomeGroup(world: World, email: string, id: string): void {
  for (const key of membershipsOf(world, email)) {
    const member = membersOf(world).get(key);
    if (member !== undefined) membersOf(world).put(key, { ...member, id, type: "GROUP" });
  }
}

/** A new primary address: the old one stays as an alias, and memberships follow. */
function renameGroup(world: World, group: GroupRecord, wanted: string): GroupRecord {
  const email = normalAddress(wanted);
  if (email === undefined) throw invalidInput("email");
  if (email === group.email) return group;
  if (group.aliases?.includes(email) !== true) checkFree(world, email);
  becomeGroup(world, email, group.id);
  const members = membersOf(world);
  for (const member of membersOfGroup(world, group)) {
    members.delete(`${group.email}/${member.email}`);
    members.put(`${email}/${member.email}`, member);
  }
  for (const key of membershipsOf(world, group.email)) {
    const member = members.get(key);
    if (member === undefined) continue;
    members.delete(key);
    members.put(`${key.slice(0, key.indexOf("/"))}/${email}`, { ...member, email });
  }
  moveSettings(world, group.email, email);
  groupsOf(world).delete(group.email);
  const aliases = [...(group.aliases ?? []).filter((alias) => alias !== email), group.email];
  return { ...group, email, aliases };
}

function checkTexts({ name, description }: GroupText): void {
  if (typeof name !== "string" || name.length > 73) throw invalidInput("name");
  if (typeof description !== "string" || description.length > 4096 || /[<>]/.test(description))
    throw invalidInput("description");
}
