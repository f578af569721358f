import type { Position } from "../diagnostics";
import type { GroupRetirement } from "./group-retirement";

/** `groups/config.yaml`. */
export interface GroupsConfig {
  /** Workspace domains whose groups are managed here. */
  readonly domains: readonly string[];

  /** Turns the rules off that only make sense for kubernetes.io names. */
  readonly skipKubernetesRules: boolean;

  /** Addresses of the managed domains that belong to people or programs, and are no groups. */
  readonly accounts?: readonly string[];
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
  readonly email: string;
  readonly name: string;
  readonly description: string;

  /** Only the settings that are declared, as the Groups Settings API spells keys and values, `ReconcileMembers` left out. */
  readonly settings: Readonly<Record<string, string>>;

  /** True removes members that are not listed; false removes only unlisted owners and managers. */
  readonly reconcileMembers: boolean;

  readonly owners: readonly string[];
  readonly managers: readonly string[];
  readonly members: readonly string[];
  readonly aliases: readonly string[];

  /** Nobody is to use it any more: `heldGroup` says what is left of it. */
  readonly retired?: GroupRetirement;

  /** Path of the declaring file relative to the root of the inputs. */
  readonly file: string;
  readonly at: Position;
}
