import { type GroupRetirementStep, heldGroup } from "../model/group-retirement";
import { effectiveSettings } from "../model/group-settings";
import type { Group, GroupRole } from "../model/groups";
import { normalAddress, normalAddresses } from "./addresses";

/** What one Google Group is held to. What is undefined or not listed under `settings` is left as it is found. */
export interface DesiredGroup {
  readonly email: string;
  readonly name?: string;
  readonly description?: string;

  /** As the Groups Settings API spells keys and values; exactly these are compared. */
  readonly settings: Readonly<Record<string, string>>;

  /** True removes members that are not listed; false removes only unlisted owners and managers. */
  readonly reconcileMembers: boolean;

  readonly owners: readonly string[];
  readonly managers: readonly string[];
  readonly members: readonly string[];

  /** Exactly these; undefined leaves aliases alone. */
  readonly aliases?: readonly string[];

  /** Said in reviews; `deleted` means that there shall be no such group. */
  readonly retired?: GroupRetirementStep;
}

/**
 * A declaration of `groups.yaml` as the engine's input: with the default settings that hold unless something else is
 * declared. Empty names and descriptions are not managed, as in the reconciler; aliases only where they are listed, if as `[]`.
 */
export function desiredGroup(group: Group): DesiredGroup {
  const { email, name, description, settings, reconcileMembers, owners, managers, members, aliases, retired } =
    heldGroup(group);
  return {
    email: normalAddress(email),
    ...(name !== "" && { name }),
    ...(description !== "" && { description }),
    settings: effectiveSettings(settings),
    reconcileMembers,
    owners,
    managers,
    members,
    ...(aliases && { aliases }),
    ...(retired && { retired: retired.step }),
  };
}

/** Role by normalised address. Where an address is listed twice, the stronger role counts. */
export function desiredRoles(desired: DesiredGroup): ReadonlyMap<string, GroupRole> {
  return new Map([
    ...normalAddresses(desired.members).map((address) => [address, "MEMBER"] as const),
    ...normalAddresses(desired.managers).map((address) => [address, "MANAGER"] as const),
    ...normalAddresses(desired.owners).map((address) => [address, "OWNER"] as const),
  ]);
}
