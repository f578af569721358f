import type { Position } from "../diagnostics";
import type { GroupRetirement } from "./group-retirement";

/** `groups/config.yaml`. */
export interface GroupsConfig {
  /** Workspace domains whose groups are managed here. */
  readonly domains: readonly string[];

  /** What must hold for single groups, whatever their `groups.yaml` says. */
  readonly guards?: readonly GroupGuard[];

  /** Addresses of the managed domains that belong to people or programs, and are no groups. */
  readonly accounts?: readonly string[];
}

/** A group that nobody may change, or lose, by a `groups.yaml` alone: each part that is given must hold. */
export interface GroupGuard {
  readonly group: string;

  /** Exactly these, in any order. */
  readonly members?: readonly string[];

  /** The owners must be those of this group, as a group can't own another. */
  readonly ownersOf?: string;

  /** Must be declared with these values, as the API spells keys. */
  readonly settings?: Readonly<Record<string, string>>;

  readonly at: Position;
}

/** Which groups a `groups.yaml` may declare: the first entry whose path matches decides. */
export interface Restriction {
  /** Glob, relative to the groups folder. */
  readonly path: string;

  /** RE2 regular expressions; none means that no group is allowed. */
  readonly allowedGroups: readonly string[];

  readonly at: Position;
}

export type GroupRole = "OWNER" | "MANAGER" | "MEMBER";

/** A Google Group as declared, addresses in lower case. */
export interface Group {
  /** In lower case. */
  readonly email: string;

  /** As the file has it, where that is not `email`: expressions of restrictions.yaml are about this one. */
  readonly writtenAs?: string;
  readonly name: string;
  readonly description: string;

  /** Only the settings that are declared, as the Groups Settings API spells keys and values, `ReconcileMembers` left out. */
  readonly settings: Readonly<Record<string, string>>;

  /** True removes members that are not listed; false removes only unlisted owners and managers. */
  readonly reconcileMembers: boolean;

  readonly owners: readonly string[];
  readonly managers: readonly string[];
  readonly members: readonly string[];

  /** Exactly these; undefined says nothing of them. */
  readonly aliases?: readonly string[];

  /** Nobody is to use it any more: `heldGroup` says what is left of it. */
  readonly retired?: GroupRetirement;

  /** Path of the declaring file relative to the root of the inputs. */
  readonly file: string;
  readonly at: Position;
}

/** Every address under which a group may be listed in another one or in a policy. */
export function addressesOf({ email, aliases = [] }: Pick<Group, "email" | "aliases">): readonly string[] {
  return [email, ...aliases];
}
