import type { Diagnostic } from "../diagnostics";
import type { Adoption } from "./adoption";
import type { Defaults } from "./defaults";
import type { FilestoreDirectory } from "./filestores";
import type { Group, GroupsConfig, Restriction } from "./groups";
import type { Manifest } from "./manifests";
import type { KnownProject, StagingProject } from "./projects";

/** Everything the inputs declare, after every rule held. The one value that stacks, commands and checks are built from. */
export interface Estate {
  readonly defaults: Defaults;

  /** Whether there is a defaults.yaml. Without one, what only an owner can know is empty in `defaults`: see `requireDefaults`. */
  readonly hasDefaultsFile: boolean;

  /** Every project of infra.yaml, ours or not, in the order of the file. */
  readonly projects: readonly KnownProject[];

  /** The staging projects whose `managed_by` names us, with their effective settings (defaults, then their own block). */
  readonly staging: readonly StagingProject[];

  readonly groupsConfig: GroupsConfig;
  readonly groups: readonly Group[];
  readonly restrictions: readonly Restriction[];

  /** One per directory under `filestores/`, sorted by name. */
  readonly filestores: readonly FilestoreDirectory[];

  /** One per YAML file under `manifests/`, sorted by path. OWNERS is not a manifest. */
  readonly manifests: readonly Manifest[];

  /** Approvers by manifest directory, from its OWNERS file. */
  readonly owners: ReadonlyMap<string, readonly string[]>;

  /**
   * Directories of manifests that hold mistakes, with what they are: nothing of them is promoted, and `manifests` has none of
   * theirs. @default - none: every rule held
   */
  readonly heldUp?: ReadonlyMap<string, readonly Diagnostic[]>;

  /** Existing objects to take over, one entry per file under `adopt/`. @default - none */
  readonly adoptions?: readonly Adoption[];
}
