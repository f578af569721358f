import type { Position } from "../../diagnostics";
import type { Estate } from "../estate";

/** What could be read of the inputs. Parts with mistakes of their own are missing from it, and marked as not complete. */
export interface Draft extends Estate {
  /** Where defaults.yaml stands; absent when there is none, or one with mistakes. */
  readonly defaultsPlace?: { readonly at: Position };

  /** Whether there is a defaults.yaml, with mistakes or without. */
  readonly hasDefaults: boolean;

  /** Whether there is a folder of groups: many estates have none, and then no rule asks for one. */
  readonly hasGroups: boolean;

  /** The folder of groups.yaml files, relative to the root; paths of restrictions are relative to it. */
  readonly groupsFolder: string;

  /** Every folder below `manifests/`, with its path relative to the root. */
  readonly manifestDirectories: readonly { readonly name: string; readonly path: string }[];

  /** Folders below `filestores/`, also those whose file could not be read. */
  readonly filestoreNames: readonly string[];

  /** What can be made out of those with mistakes. None of it is promoted: it tells what the inputs may have published. */
  readonly broken: Pick<Estate, "filestores" | "manifests">;

  /**
   * Whether all of a part was read: only then something that is not there can be said to be missing. `names` are those by
   * which defaults.yaml says which projects and groups are ours.
   */
  readonly isComplete: { readonly infra: boolean; readonly groups: boolean; readonly names: boolean };
}
