import { createHash } from "node:crypto";
import { type GoogleError, googleError } from "../../http/errors";
import type { Collection } from "../../state/collection";
import type { GroupRecord, MemberRecord } from "../../state/records";
import type { World } from "../../state/world";

export function groupsOf(world: World) {
  return world.store.collection<GroupRecord>("groups");
}

export function membersOf(world: World) {
  return world.store.collection<MemberRecord>("members");
}

/** The group whose primary address, alias or id this is. */
export function findGroup(world: World, key: string): GroupRecord | undefined {
  const groups = groupsOf(world);
  const wanted = key.toLowerCase();
  return groups.get(wanted) ?? groups.get(otherNames(groups).get(wanted) ?? "");
}

interface Index {
  readonly version: number;
  readonly names: ReadonlyMap<string, string>;
}

/** Made anew when a group has changed, as most look-ups are of people, who are no group. */
const indexes = new WeakMap<Collection<GroupRecord>, Index>();

/** Addresses of groups by their ids and aliases. */
function otherNames(groups: Collection<GroupRecord>): ReadonlyMap<string, string> {
  const known = indexes.get(groups);
  if (known?.version === groups.version) return known.names;
  const names = new Map<string, string>();
  for (const { id, email, aliases } of groups.values()) {
    for (const name of [id, ...(aliases ?? [])]) names.set(name.toLowerCase(), email);
  }
  indexes.set(groups, { version: groups.version, names });
  return names;
}

/** Members of a group in the order of their addresses. */
export function membersOfGroup(world: World, { email }: GroupRecord): readonly MemberRecord[] {
  return membersOf(world).values(`${email}/`);
}

/** Where an account has an id, it has the same one in every group. */
export function accountId(email: string): string {
  const digits = BigInt(`0x${createHash("sha256").update(email).digest("hex").slice(0, 18)}`) % 10n ** 20n;
  return `1${String(digits).padStart(20, "0")}`;
}

export function etagOf(value: object): string {
  return `"${createHash("sha256").update(JSON.stringify(value)).digest("base64url")}"`;
}

export function domainOf(email: string): string {
  return email.slice(email.indexOf("@") + 1);
}

/** Lower case; undefined if no mail could ever reach it. */
export function normalAddress(email: unknown): string | undefined {
  if (typeof email !== "string") return undefined;
  const address = email.trim().toLowerCase();
  const isAddress = /^[^\s@/"(),:;<>[\\\]]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/.test(address);
  const [local = ""] = address.split("@");
  return isAddress && !local.startsWith(".") && !local.endsWith(".") && !local.includes("..") ? address : undefined;
}

export function resourceNotFound(what: "groupKey" | "memberKey" | "resource_id"): GoogleError {
  return googleError(404, "notFound", `Resource Not Found: ${what}`);
}

export function invalidInput(what: string): GoogleError {
  return googleError(400, "invalid", `Invalid Input: ${what}`);
}
