import type { Value } from "../../lib/tfplugin/types";

/**
 * What a resource type of the real provider has beside its schema: the bindings don't tell it. Paths are dotted, e.g.
 * `soft_delete_policy.retention_duration_seconds`.
 */
export interface Traits {
  /** Version of the stored state, so that the real provider can go on with it. @default 0 */
  readonly version?: number;

  /** A change of these attributes or blocks needs a new object. */
  readonly forceNew?: readonly string[];

  /** Planned where the configuration doesn't say. */
  readonly defaults?: Readonly<Record<string, Value>>;

  /** Blocks that the provider fills in where the configuration has none. */
  readonly computedBlocks?: readonly string[];

  /** Hidden in Terraform's output. */
  readonly sensitive?: readonly string[];

  /** Attributes of which two spellings may mean the same: then the plan keeps the one in the state. */
  readonly same?: Readonly<Record<string, (prior: Value, planned: Value) => boolean>>;

  /** Has `labels`, with `terraform_labels` and `effective_labels` beside them. */
  readonly labelled?: boolean;
}
