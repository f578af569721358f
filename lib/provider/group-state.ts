import { normalAddress } from "../groups/addresses";
import type { DesiredGroup } from "../groups/desired-group";
import type { ObservedGroup, ObservedMember } from "../groups/observed-group";
import { sameText } from "../groups/plan-group";
import { GROUP_RETIREMENT_STEPS } from "../model/group-retirement";
import { groupSettings } from "../model/group-settings";
import type { GroupRole } from "../model/groups";
import type { GroupConfig, GroupState } from "./group-schema";

/** The configuration as the engine's input. `prior` says what was managed before, so that dropping all aliases drops them. */
export function desiredOf(config: GroupConfig, prior?: GroupState): DesiredGroup {
  const {
    name,
    description,
    settings = {},
    reconcile_members = false,
    owners = [],
    managers = [],
    members = [],
  } = config;
  const retired = GROUP_RETIREMENT_STEPS.find((step) => step === config.retired);
  const aliases = config.aliases ?? (prior?.aliases === undefined ? undefined : []);
  return {
    email: normalAddress(config.email),
    ...(name && { name }),
    ...(description && { description }),
    settings,
    reconcileMembers: reconcile_members,
    owners,
    managers,
    members,
    ...(aliases !== undefined && { aliases }),
    ...(retired && { retired }),
  };
}

/** The state of a group whose deletion was declared and done: what is left is that it shall stay away. */
export function isDeleted({ retired }: GroupConfig): boolean {
  return retired === "deleted";
}

/**
 * The group as found, in the words of `declared` (the prior state, or what was planned): only what is managed, and where
 * nothing differs, spelled as it is declared. A state that says more would make every plan ask to take it away.
 */
export function stateOf(observed: ObservedGroup, declared: GroupConfig): GroupState {
  const { reconcile_members = false, settings, aliases } = declared;
  const all = (role: GroupRole) => observed.members.filter((member) => member.role === role);
  const listed = new Set((declared.members ?? []).map(normalAddress));
  const members = all("MEMBER").filter(({ address }) => reconcile_members || listed.has(address));
  return {
    ...declared,
    ...text("name", declared.name, observed.name),
    ...text("description", declared.description, observed.description),
    ...(settings && { settings: pick(observed.settings, settings) }),
    ...addresses("owners", declared.owners, all("OWNER").map(nameOf)),
    ...addresses("managers", declared.managers, all("MANAGER").map(nameOf)),
    ...addresses("members", declared.members, members.map(nameOf)),
    ...(aliases && { aliases: spelledAs(aliases, observed.aliases) }),
    // It is there, so it has not been deleted, or somebody made it again.
    ...(isDeleted(declared) && { retired: "closed" }),
  };
}

/**
 * The state of an import, before anybody knows the configuration: everything that one may declare. Aliases are left out,
 * as a state that holds them would have the next plan remove those that nothing declares.
 */
export function importedState(observed: ObservedGroup): GroupState {
  const wanted = Object.fromEntries(groupSettings.map(({ key }) => [key, ""]));
  const { email, name, description } = observed;
  const everything = { email: normalAddress(email), name, description, settings: wanted, reconcile_members: true };
  return stateOf(observed, { ...everything, owners: [], managers: [], members: [] });
}

/**
 * Whether an import set the attributes that a configuration sets, and no others. Only then a plan may keep its state, which
 * says more than the configuration: Terraform lets no plan keep what the configuration leaves out.
 */
export function hasAttributesOf(config: GroupConfig, imported: GroupState): boolean {
  const attributes = (state: GroupConfig) =>
    Object.entries(state)
      .flatMap(([name, value]) => (value === undefined ? [] : [name]))
      .sort()
      .join();
  return attributes(config) === attributes(imported) && normalAddress(config.email) === normalAddress(imported.email);
}

/** The live group as the state knows it, for a plan that must not ask Google again. */
export function observedOf(state: GroupState): ObservedGroup {
  const {
    email,
    name = "",
    description = "",
    settings = {},
    owners = [],
    managers = [],
    members = [],
    aliases = [],
  } = state;
  const member =
    (role: GroupRole) =>
    (address: string): ObservedMember => ({
      key: address,
      address: address.includes("@") ? normalAddress(address) : address,
      hasAddress: address.includes("@"),
      role,
      type: "USER",
    });
  return {
    email,
    name,
    description,
    aliases,
    settings,
    members: [...owners.map(member("OWNER")), ...managers.map(member("MANAGER")), ...members.map(member("MEMBER"))],
  };
}

function text(key: "name" | "description", declared: string | undefined, found: string): Partial<GroupState> {
  return !declared || sameText(declared, found) ? {} : { [key]: found };
}

function pick(
  found: Readonly<Record<string, string>>,
  wanted: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(wanted).flatMap((key) => (found[key] === undefined ? [] : [[key, found[key]]])),
  );
}

/** No one to list, and nothing declared: the attribute stays out. */
function addresses(
  key: "owners" | "managers" | "members",
  declared: readonly string[] | undefined,
  found: readonly string[],
): Partial<GroupState> {
  return declared === undefined && found.length === 0 ? {} : { [key]: spelledAs(declared ?? [], found) };
}

function spelledAs(declared: readonly string[], found: readonly string[]): readonly string[] {
  const spelling = new Map(declared.map((address) => [normalAddress(address), address]));
  return found.map((address) => spelling.get(normalAddress(address)) ?? address).sort();
}

function nameOf({ address }: ObservedMember): string {
  return address;
}
