import type { GoogleProviderConfig } from "@cdktf/provider-google/lib/provider";
import type { TerraformStack } from "cdktf";
import type { LocalPlugin } from "../lib/constructs/artifacts-plugin";

/** Where the stacks are applied. It is all that they know of the difference between Google Cloud and anything else. */
export interface Platform {
  /** Arguments of the Google provider's block. */
  readonly google: GoogleProviderConfig;

  /** Says where the state of a stack is kept. */
  readonly addBackend: (stack: TerraformStack) => void;

  /** Leaves out whatever keeps an estate from being destroyed. @default - it is kept */
  readonly isDisposable?: boolean;

  /** A provider of this repository that serves the stacks instead of the registry's. @default - the registry's */
  readonly googlePlugin?: LocalPlugin;
}

/** What holds wherever the stacks are applied. */
export const googleBasics: GoogleProviderConfig = {
  // The provider would put a label of its own on everything it makes: a difference on everything that is adopted.
  addTerraformAttributionLabel: false,
  // Requests to enable services are collected for a moment. The provider's own three seconds are added to every plan.
  batching: [{ enableBatching: true, sendAfter: "100ms" }],
};
