import type { GoogleProviderConfig } from "@cdktf/provider-google/lib/provider";
import type { TerraformStack } from "cdktf";

/** Where the stacks are applied. It is all that they know of the difference between Google Cloud and anything else. */
export interface Platform {
  /** Arguments of the Google provider's block. */
  readonly google: GoogleProviderConfig;

  /** Says where the state of a stack is kept. */
  readonly addBackend: (stack: TerraformStack) => void;

  /** Called for each stack that uses the Google provider. @default - the registry's provider is used as it is */
  readonly prepareGoogle?: (stack: TerraformStack) => void;
}

/** What holds wherever the stacks are applied. */
export const googleBasics: GoogleProviderConfig = {
  // The provider would put a label of its own on everything it makes: a difference on everything that is adopted.
  addTerraformAttributionLabel: false,
  // Requests to enable services are collected for a moment. The provider's own three seconds are added to every plan.
  batching: [{ enableBatching: true, sendAfter: "100ms" }],
};
