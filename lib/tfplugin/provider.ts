import type { DataSource, OperationContext, Resource } from "./resource";
import type { Schema } from "./schema";
import type { PartlyKnown } from "./types";

// A provider holds resources of many shapes; the framework passes each only values decoded by its own schema.
// biome-ignore lint/suspicious/noExplicitAny: no other type accepts every Resource, as methods take their own State.
export type AnyResource = Resource<any, any>;

// biome-ignore lint/suspicious/noExplicitAny: as above.
export type AnyDataSource = DataSource<any, any>;

/** A Terraform provider: what `servePlugin` answers with. */
export interface Provider {
  /** Schema of the `provider` block. @default - no attributes */
  readonly schema?: Schema;

  readonly resources: readonly AnyResource[];

  /** @default - none */
  readonly dataSources?: readonly AnyDataSource[];

  /**
   * Asks Terraform to forgive what providers on its old SDK do: plan values that differ from the configuration, or
   * return others than planned. Only for stand-ins of such providers.
   * @default false
   */
  readonly legacyTypeSystem?: boolean;

  /** Reports what is wrong with a `provider` block. */
  validate?(config: PartlyKnown<Record<string, unknown>>, context: OperationContext): void | Promise<void>;

  /** Receives the `provider` block once, before any operation that reaches outside. */
  configure?(config: PartlyKnown<Record<string, unknown>>, context: OperationContext): void | Promise<void>;
}
