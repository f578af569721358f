import { GcsBackend } from "cdktf";
import { googleBasics, type Platform } from "./platform";

/** Google Cloud itself, with the state of each stack under its own prefix of one bucket. */
export function gcpPlatform(stateBucket: string): Platform {
  return {
    google: googleBasics,
    addBackend: (stack) => {
      new GcsBackend(stack, { bucket: stateBucket, prefix: stack.node.id });
    },
  };
}
