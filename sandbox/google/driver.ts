import type { Entries } from "../../lib/tfplugin/types";
import type { Api } from "./api/api";
import type { Session } from "./api/session";
import type { Traits } from "./traits";

/** What a plan may look at. */
export interface PlanView {
  readonly session: Session;
  readonly config: Entries;
  readonly prior: Entries | undefined;
}

/** How one resource type of the real provider is made of API calls. Values are as in Terraform, without unknowns. */
export interface Driver {
  /** Terraform's type name. */
  readonly type: string;

  readonly traits: Traits;

  /** Refines the plan, e.g. with values that the provider derives from others. @default - as it is */
  plan?(planned: Entries, view: PlanView): Entries;

  /** Attributes and blocks whose change, in this direction only, needs a new object. @default - none beside the traits' */
  replacedFor?(prior: Entries, planned: Entries): readonly string[];

  /** Makes the object; returns `id` and whatever else `read` needs to find it. */
  create(planned: Entries, api: Api): Promise<Entries>;

  /** The whole state, or undefined if the object is gone. */
  read(state: Entries, api: Api): Promise<Entries | undefined>;

  /** Absent where every change needs a new object. */
  update?(prior: Entries, planned: Entries, api: Api): Promise<void>;

  delete(state: Entries, api: Api): Promise<void>;

  /** As much state as `read` needs. Absent where the real provider can't import either. */
  import?(id: string, session: Session): Entries;
}
