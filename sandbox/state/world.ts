import type { Access } from "../iam/access";
import type { Clock } from "./clock";
import type { Store } from "./store";

/** What every service of one sandbox stands on. */
export interface World {
  readonly store: Store;
  readonly clock: Clock;
  readonly access: Access;

  /** The principal that may do everything, e.g. `user:owner@example.org`. */
  readonly owner: string;

  /** The state folder, for services with files of their own: make a subfolder. */
  readonly folder: string;
}
