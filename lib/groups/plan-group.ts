import type { GroupRole } from "../model/groups";
import { normalAddresses } from "./addresses";
import { type DesiredGroup, desiredRoles } from "./desired-group";
import type { ObservedGroup } from "./observed-group";
import type { Change, SettingChange, Step } from "./steps";

/**
 * The steps that turn a group as found into the group as declared, in the order in which they are to be taken: whoever
 * shall own it becomes an owner before anybody stops being one. No step when nothing differs.
 */
export function planGroup(desired: DesiredGroup, observed: ObservedGroup | undefined): readonly Step[] {
  if (desired.retired === "deleted") return deletion(desired, observed);
  return [
    ...identity(desired, observed),
    ...settings(desired, observed),
    ...aliases(desired, observed),
    ...memberships(desired, observed),
  ];
}

function deletion({ settings }: DesiredGroup, observed: ObservedGroup | undefined): readonly Step[] {
  if (observed === undefined) return [];
  const staying = observed.members.filter(({ role }) => role !== "OWNER").map(({ address }) => address);
  const isOpen = settings.archiveOnly === "true" && observed.settings.archiveOnly !== "true";
  return [{ kind: "delete", staying: staying.sort(), isOpen }];
}

function identity({ email, name, description }: DesiredGroup, observed: ObservedGroup | undefined): readonly Step[] {
  if (observed === undefined) {
    return [{ kind: "create", name: name ?? email.slice(0, email.indexOf("@")), description: description ?? "" }];
  }
  const changes = {
    ...textChange("name", observed.name, name),
    ...textChange("description", observed.description, description),
  };
  return Object.keys(changes).length === 0 ? [] : [{ kind: "describe", ...changes }];
}

function textChange(
  key: "name" | "description",
  from: string,
  to: string | undefined,
): Partial<Record<typeof key, Change>> {
  return to === undefined || sameText(from, to) ? {} : { [key]: { from, to } };
}

/** Google trims descriptions and knows one kind of line end; a difference in these alone would never go away. */
export function sameText(a: string, b: string): boolean {
  const plain = (text: string) => text.replace(/\r\n?/g, "\n").trim();
  return plain(a) === plain(b);
}

/** Only what is declared is compared. A new group has Google's defaults, which nobody knows here: everything is set. */
export function settingChanges(
  wanted: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): readonly SettingChange[] {
  return Object.entries(wanted)
    .filter(([key, to]) => found[key] !== to && !(to === "" && found[key] === undefined))
    .map(([key, to]) => ({ key, to, ...(found[key] !== undefined && { from: found[key] }) }))
    .sort((a, b) => (a.key < b.key ? -1 : 1));
}

function settings(desired: DesiredGroup, observed: ObservedGroup | undefined): readonly Step[] {
  const changes = settingChanges(desired.settings, observed?.settings ?? {});
  return changes.length === 0 ? [] : [{ kind: "set", changes }];
}

function aliases(desired: DesiredGroup, observed: ObservedGroup | undefined): readonly Step[] {
  if (desired.aliases === undefined) return [];
  const wanted = normalAddresses(desired.aliases);
  const found = normalAddresses(observed?.aliases ?? []);
  return [
    ...wanted.filter((alias) => !found.includes(alias)).map((alias): Step => ({ kind: "add-alias", alias })),
    ...found.filter((alias) => !wanted.includes(alias)).map((alias): Step => ({ kind: "remove-alias", alias })),
  ];
}

const rank: Readonly<Record<GroupRole, number>> = { OWNER: 0, MANAGER: 1, MEMBER: 2 };

function memberships(desired: DesiredGroup, observed: ObservedGroup | undefined): readonly Step[] {
  const wanted = desiredRoles(desired);
  const found = new Map((observed?.members ?? []).map((member) => [member.address, member]));

  const roleChanges = [...found].flatMap(([address, { key, role: from }]) => {
    const to = wanted.get(address);
    return to === undefined || to === from ? [] : [{ kind: "change-role" as const, address, key, from, to }];
  });
  const additions = [...wanted]
    .filter(([address]) => !found.has(address))
    .map(([address, role]) => ({ kind: "add" as const, address, role }));
  const removals = [...found]
    .filter(([address, { role }]) => !wanted.has(address) && (desired.reconcileMembers || role !== "MEMBER"))
    .map(([address, { key, role }]) => ({ kind: "remove" as const, address, key, role }));

  const byAddress = (a: { readonly address: string }, b: { readonly address: string }) =>
    a.address < b.address ? -1 : 1;
  return [
    ...roleChanges.filter(({ from }) => from !== "OWNER").sort((a, b) => rank[a.to] - rank[b.to] || byAddress(a, b)),
    ...additions.sort((a, b) => rank[a.role] - rank[b.role] || byAddress(a, b)),
    ...removals.filter(({ role }) => role !== "OWNER").sort(byAddress),
    ...roleChanges.filter(({ from }) => from === "OWNER").sort(byAddress),
    ...removals.filter(({ role }) => role === "OWNER").sort(byAddress),
  ];
}
